"""Look at linked sources now, without Redis and without a worker."""

import math
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.models import Source, Watch
from claims.services.leases import count_due
from claims.services.ledger import clock
from verifier.recheck import recheck_rounds
from verifier.tasks import means


class Command(BaseCommand):
    """`recheck [--due | SOURCE ...] [--dry-run]`: prints how many looks gave which outcome."""

    help = "Look at what is due (--due), or at the sources named (SO-...), once."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--due", action="store_true", help="all that is due")
        what.add_argument("sources", nargs="*", default=[], metavar="SOURCE", help="SO-...")
        parser.add_argument("--dry-run", action="store_true", help="say how many, look at none")

    @override
    def handle(self, *args: Any, sources: list[str], dry_run: bool, **options: Any) -> None:
        only = self._named(sources) if sources else None
        if dry_run:
            self.stdout.write(f"{count_due() if only is None else len(only)} due")
            return
        if only is not None:
            Watch.objects.filter(source__in=only, due_at__isnull=False).update(due_at=clock())
        total = 0
        for done in recheck_rounds(means(), longest_s=math.inf, only=only):
            total += done.looks
            told = ", ".join(f"{count} {outcome}" for outcome, count in done.outcomes.items())
            self.stdout.write(f"{told}; {done.changed} recorded as changes, {done.lost} lost")
        self.stdout.write(f"{total} looks")

    def _named(self, references: list[str]) -> list[int]:
        found = dict(Source.objects.filter(reference__in=references).values_list("reference", "pk"))
        missing = [name for name in references if name not in found]
        if missing:
            raise CommandError(f"There is no source {', '.join(missing)}.")
        return list(found.values())
