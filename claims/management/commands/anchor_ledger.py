"""Print the ledger's head to be written down outside, and note where it will lie."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.errors import RecordError
from claims.services.anchors import note_anchor


class Command(BaseCommand):
    """`anchor_ledger --place WHERE`: prints SEQ:HASH, as `verify_ledger --noted` takes it."""

    help = "Print the ledger's head to be written down outside, and note where it will lie."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--place", required=True, help="where it is written down, such as “the legal mailbox”"
        )

    @override
    def handle(self, *args: Any, place: str, **options: Any) -> None:
        try:
            anchor = note_anchor(place)
        except RecordError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{anchor.seq}:{bytes(anchor.hash).hex()}")
