"""Verify the ledger, and export it for somebody who trusts neither us nor our database."""

import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InternalError
from typing_extensions import override

from claims.errors import LedgerBroken
from claims.models import LedgerEntry
from claims.models.chain import microseconds
from claims.queries.verification import Whole, compare_head, one_snapshot, verify_all
from claims.services.anchors import note_check

NOTED = re.compile(r"(\d{1,18}):([0-9a-fA-F]{64})")


class Command(BaseCommand):
    """`verify_ledger [--since SEQ] [--noted SEQ:HASH] [--export FILE]`: exit 1 naming the bad seq.

    What was found is noted, for the board.
    """

    help = "Recompute the ledger's chain and compare the record with it."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=int, default=0, help="begin after this seq")
        parser.add_argument("--noted", help="a head written down elsewhere, as SEQ:HASH")
        parser.add_argument("--export", type=Path, help="write the entries as JSON lines")

    @override
    def handle(
        self, *args: Any, since: int, noted: str | None, export: Path | None, **options: Any
    ) -> None:
        known = _noted(noted)
        try:
            with one_snapshot():
                if known:
                    compare_head(*known)
                found = verify_all(since=since)
                self._tell(found)
                if export is not None:
                    self._export(export, since)
        except LedgerBroken as broken:
            self._note(broken, since)
            raise CommandError(f"The ledger is broken: {broken}") from broken
        self._note(found, since)

    def _tell(self, found: Whole) -> None:
        self.stdout.write(
            f"whole: {found.entries} entries, head {found.head or 'none'}; {found.claims} claims "
            f"agree with their entries, {found.texts} texts with their commitments"
        )

    def _note(self, found: Whole | LedgerBroken, since: int) -> None:
        try:
            note_check(found, since=since)
        except InternalError as error:  # a standby can be verified, and takes no note
            self.stderr.write(f"not noted: {error}")

    def _export(self, path: Path, since: int) -> None:
        rows = LedgerEntry.objects.filter(seq__gt=since).order_by("seq")
        partial = path.with_name(path.name + ".partial")
        with partial.open("w", encoding="utf-8") as file:
            for row in rows.iterator(chunk_size=2000):
                line = {
                    "seq": row.seq,
                    "recorded_at_us": microseconds(row.recorded_at),
                    "kind": row.kind,
                    "body": row.body,
                    "prev_hash": bytes(row.prev_hash).hex(),
                    "leaf": bytes(row.leaf).hex(),
                    "hash": bytes(row.hash).hex(),
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        partial.replace(path)
        self.stdout.write(f"exported to {path}")


def _noted(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    found = NOTED.fullmatch(text)
    if found is None:
        raise CommandError("--noted takes SEQ:HASH, the hash of 64 hexadecimal digits.")
    return int(found[1]), found[2]
