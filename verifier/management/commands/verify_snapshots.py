"""Check that every raw body a snapshot names is in the archive and is what was archived."""

from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.bodies import BodyState, state_of
from claims.models import Source
from claims.queries.archive import NamedBody, growth, named_bodies
from verifier.stores import snapshot_blobs


class Command(BaseCommand):
    """`verify_snapshots [--since DATE] [--only SOURCE] [--days N]`: exit 1 if any body is bad."""

    help = "Read every raw body that snapshots and captures name; say what is missing or damaged."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="taken on that day on"
        )
        parser.add_argument("--only", metavar="SOURCE", help="of this source alone (SO-...)")
        parser.add_argument("--days", type=float, default=30, help="of which growth is told (30)")

    @override
    def handle(
        self, *args: Any, since: date | None, only: str | None, days: float, **options: Any
    ) -> None:
        if only is not None and not Source.objects.filter(reference=only).exists():
            raise CommandError(f"There is no source {only}.")
        if days <= 0:
            raise CommandError("--days: Write a number of days above 0.")
        blobs, states, size_bytes = snapshot_blobs(), Counter[BodyState](), 0
        for body in named_bodies(since=since, source=only):
            state = state_of(body.sha256, opened=blobs.open)
            states[state] += 1
            size_bytes += body.size_bytes
            if state is not BodyState.WHOLE:
                self._name(body, state)
        self._sum_up(states, size_bytes=size_bytes, days=days)

    def _name(self, body: NamedBody, state: BodyState) -> None:
        for snapshot in body.snapshots:
            self.stdout.write(
                f"{state} {snapshot.source.reference} {snapshot.taken_at.isoformat()} "
                f"{snapshot.kind} {body.sha256}"
            )

    def _sum_up(self, states: Counter[BodyState], *, size_bytes: int, days: float) -> None:
        came = growth(days=days)
        self.stdout.write(
            f"{states.total()} bodies named, {size_bytes} bytes: "
            f"{', '.join(f'{states[state]} {state}' for state in BodyState)}"
        )
        self.stdout.write(
            f"{came.bodies} bodies, {came.size_bytes} bytes came in over {came.days:.1f} days: "
            f"{came.per_source_and_day:.0f} bytes a source and day, {came.sources} sources watched"
        )
        bad = states.total() - states[BodyState.WHOLE]
        if bad:
            raise CommandError(f"{bad} bodies cannot be had as they were archived.")
