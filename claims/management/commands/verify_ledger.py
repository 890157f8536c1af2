"""Verify the ledger, and export it for somebody who trusts neither us nor our database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from typing_extensions import override

from claims.errors import LedgerBroken
from claims.models import LedgerEntry
from claims.models.chain import microseconds
from claims.queries.ledger import verify
from claims.queries.projection import verify_claims, verify_texts


class Command(BaseCommand):
    """`verify_ledger [--since SEQ] [--export FILE]`: exit 1 naming the first bad seq."""

    help = "Recompute the ledger's chain and compare the record with it."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=int, default=0, help="begin after this seq")
        parser.add_argument("--export", type=Path, help="write the entries as JSON lines")

    @override
    def handle(self, *args: Any, since: int, export: Path | None, **options: Any) -> None:
        is_outermost = not connection.in_atomic_block
        with transaction.atomic(), connection.cursor() as cursor:
            if is_outermost:
                # one snapshot of the database: entries added meanwhile are simply not in it
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            try:
                self._verify(since)
            except LedgerBroken as broken:
                raise CommandError(f"The ledger is broken: {broken}") from broken
            if export is not None:
                self._export(export, since)

    def _verify(self, since: int) -> None:
        rows = LedgerEntry.objects.filter(seq__gt=since).order_by("seq")
        start = LedgerEntry.objects.filter(seq=since).first()
        after = (since, bytes(start.hash)) if start else (0, bytes(32))
        found = verify(rows.iterator(chunk_size=2000), after=after)
        claims, texts = verify_claims(), verify_texts()
        self.stdout.write(
            f"whole: {found.entries} entries, head {found.head or 'none'}; "
            f"{claims} claims agree with their entries, {texts} texts with their commitments"
        )

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
