"""Compare the board's kept figures with the record, or make them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction
from typing_extensions import override

from claims.errors import LedgerBroken
from claims.queries.tally_check import verify_tallies
from claims.queries.verification import one_snapshot

OWNER = "owner"


class Command(BaseCommand):
    """`check_tallies [--rebuild]`: exit 1 naming the first figure that is not so."""

    help = "Compare the board's figures with the record and its ledger, or make them anew."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="make them anew first; nobody writes meanwhile"
        )

    @override
    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            self._rebuild()
        try:
            with one_snapshot():
                count = verify_tallies()
        except LedgerBroken as broken:
            raise CommandError(f"{broken}. Make them anew with --rebuild.") from broken
        self.stdout.write(f"the figures are so: {count} claims counted")

    def _rebuild(self) -> None:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT claims_tally_rebuild()")
            (head,) = cursor.fetchone()
        self.stdout.write(f"made anew from {head} entries")
