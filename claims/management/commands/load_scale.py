"""Fill the database with claims at scale, for measuring."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from typing_extensions import override

from claims.services import scale


class Command(BaseCommand):
    """`load_scale --claims N [--evidence K]`: needs the owner's database role."""

    help = "Add N invented claims with K pieces of evidence each, and their ledger entries."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--claims", type=int, required=True)
        parser.add_argument("--evidence", type=int, default=2, help="a claim (2)")

    @override
    def handle(self, *args: Any, claims: int, evidence: int, **options: Any) -> None:
        began = time.monotonic()
        entries = scale.load(claims, evidence_per_claim=evidence)
        took = time.monotonic() - began
        self.stdout.write(f"{claims} claims and {entries} entries in {took:.1f} s")
