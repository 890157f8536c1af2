"""Carry claims over from a file, in somebody's name: the same rules as at the desk."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.access import actor_of
from claims.errors import RecordError
from claims.models import Desk, User
from claims.services.import_plans import Plan, plan_import
from claims.services.imports import import_claims
from claims.states import Visibility

MOST_FAULTS = 100


class Command(BaseCommand):
    """`import_claims FILE --desk D --user U [--visibility V] [--dry-run]`."""

    help = "Open the claims of a CSV or JSON file: all of them, as reported, or none."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or JSON, in UTF-8")
        parser.add_argument("--desk", required=True, help="slug of the desk whose claims they are")
        parser.add_argument("--user", required=True, help="username of whom it is done for")
        parser.add_argument(
            "--visibility",
            default=Visibility.OPEN.value,
            choices=[word.value for word in Visibility],
            help="where the file does not say that fewer may see them (open)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    @override
    def handle(
        self,
        *args: Any,
        file: Path,
        desk: str,
        user: str,
        visibility: str,
        dry_run: bool,
        **options: Any,
    ) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {user}.")
        place = Desk.objects.filter(slug=desk).first()
        if place is None:
            raise CommandError(f"There is no desk {desk}.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        actor = actor_of(person)
        try:
            plan = plan_import(actor, data, desk=place, visibility=Visibility(visibility))
            self._tell(plan)
            if dry_run:
                return
            done = import_claims(actor, plan, desk=place)
        except RecordError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(done.opened))
        self.stderr.write(f"{len(done.opened)} opened, {done.left} left alone.")

    def _tell(self, plan: Plan) -> None:
        faults = plan.faults
        for fault in faults[:MOST_FAULTS]:
            where = f"row {fault.row}" + (f", {fault.column}" if fault.column else "")
            self.stderr.write(f"{where}: {fault.reason}")
        for row in plan.rows:
            if row.twin and not row.faults:
                self.stderr.write(f"row {row.number}: on record as {row.twin}")
            elif row.double_of:
                self.stderr.write(f"row {row.number}: the same statement as row {row.double_of}")
        if faults:
            raise CommandError(f"{len(faults)} faults: nothing was imported.")
        self.stderr.write(f"{len(plan.opened)} of {len(plan.rows)} rows would be opened.")
