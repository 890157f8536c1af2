"""Remove a text from the record for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.access import actor_of
from claims.errors import RecordError
from claims.models import User
from claims.services.redaction import redact


class Command(BaseCommand):
    """`redact --seq N --field rationale --reason "..." --user U`: its hash stays, the text goes."""

    help = "Remove the text an entry commits to, and the same text beside it. Cannot be undone."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seq", type=int, required=True, help="the entry")
        parser.add_argument("--field", required=True, help="its name there, such as rationale")
        parser.add_argument(
            "--reason", required=True, help="kept for good, for all who may read the entry"
        )
        parser.add_argument("--user", required=True, help="username of whoever removes it")

    @override
    def handle(
        self, *args: Any, seq: int, field: str, reason: str, user: str, **options: Any
    ) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {user}.")
        try:
            count = redact(actor_of(person), seq=seq, field=field, reason=reason)
        except RecordError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"removed: {field} of entry {seq}, {count} commitments without a text")
