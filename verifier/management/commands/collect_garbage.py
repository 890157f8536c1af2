"""Clear the archive of raw bodies that neither a snapshot nor a ledger entry names."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from typing_extensions import override

from claims.queries.archive import named_in_entries, named_in_rows
from verifier.garbage import Collected, Tally, collect
from verifier.stores import snapshot_blobs


class Command(BaseCommand):
    """`collect_garbage [--dry-run] [--older-than DAYS]`: sets aside, and removes a run later."""

    help = (
        "Set aside what nothing names, remove what was set aside a day ago, put back what is named."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what, change nothing")
        parser.add_argument(
            "--older-than",
            type=float,
            default=settings.SNAPSHOT_RETENTION_DAYS,
            metavar="DAYS",
            help="bodies kept for longer (SNAPSHOT_RETENTION_DAYS)",
        )

    @override
    def handle(self, *args: Any, dry_run: bool, older_than: float, **options: Any) -> None:
        if not 0 <= older_than <= 36_500:  # noqa: PLR2004 - a hundred years
            raise CommandError("--older-than: Write a number of days from 0 to 36500.")
        try:
            found = collect(
                snapshot_blobs(),
                in_rows=named_in_rows,
                in_entries=named_in_entries,
                older_than=timedelta(days=older_than),
                now=timezone.now(),
                is_dry=dry_run,
            )
        except NotImplementedError as error:
            raise CommandError(
                "This storage cannot list what it holds: clear it by hand."
            ) from error
        except OSError as error:
            raise CommandError(f"The archive failed; what was done stays done: {error}") from error
        self._tell(found, is_dry=dry_run)

    def _tell(self, found: Collected, *, is_dry: bool) -> None:
        would = "would be " if is_dry else ""
        self.stdout.write(f"{found.named} bodies named: they stay")
        self._line("unnamed and not old enough", found.young)
        self._line("set aside and still waiting", found.waiting)
        self._line(f"{would}put back, named meanwhile", found.put_back)
        self._line(f"{would}set aside, removed a day from now at the earliest", found.set_aside)
        self._line(f"{would}removed", found.removed)
        self._line(f"left by broken writes {would}removed", found.drafts)

    def _line(self, what: str, tally: Tally) -> None:
        self.stdout.write(f"{tally.bodies} bodies, {tally.size_bytes} bytes {what}")
