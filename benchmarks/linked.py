"""Pages linked as sources in bulk, three quotes each, with their ledger entries; and the doorbell.

Runs in a process set up as one of the product's, on questions from standard input.
"""

import json
import sys
from collections.abc import Iterator, Sequence

from benchmarks.origin import Link
from benchmarks.pages import QUOTED, quotes
from claims.models import Claim, Desk, Evidence, Host, Source, Watch
from claims.services.claims import evidence_state, state_of
from claims.services.ledger import MOST_ENTRIES, Recorder, Text, recording
from claims.states import ActorKind, EntryKind
from claims.types import Actor
from config.celery import app

IMPORT = Actor(kind=ActorKind.IMPORT, name="throughput")
ENTRIES_EACH = 2 + len(QUOTED)
CHUNK = MOST_ENTRIES // ENTRIES_EACH


def load(links: Sequence[Link]) -> None:
    """Link every page as the source of one claim; none is due before it is made so."""
    desk = Desk.objects.create(slug="throughput", name="Throughput desk")
    authorities = sorted({link.authority for link in links})
    made = Host.objects.bulk_create(Host(authority=authority) for authority in authorities)
    hosts = {host.authority: host for host in made}
    for start in range(0, len(links), CHUNK):
        with recording(IMPORT) as record:
            _load_chunk(links[start : start + CHUNK], desk=desk, hosts=hosts, record=record)


def ring() -> None:
    """Send what beat sends."""
    entry = app.conf.beat_schedule["ring"]
    app.send_task(entry["task"], **entry["options"])


def main() -> None:
    """Answer questions, one JSON object a line, until standard input ends."""
    for line in sys.stdin:
        question = json.loads(line)
        if "load" in question:
            load([Link(**link) for link in question["load"]])
        else:
            ring()
        print("done", flush=True)


def _load_chunk(
    links: Sequence[Link], *, desk: Desk, hosts: dict[str, Host], record: Recorder
) -> None:
    claims = Claim.objects.bulk_create(
        Claim(
            desk=desk, statement=f"It is said of district {link.number}: {quotes(link.number)[0]}"
        )
        for link in links
    )
    sources = Source.objects.bulk_create(
        Source(url=link.url, given_url=link.url, title=f"Story {link.number}") for link in links
    )
    Watch.objects.bulk_create(
        Watch(source=source, host=hosts[link.authority])
        for source, link in zip(sources, links, strict=True)
    )
    evidence = Evidence.objects.bulk_create(_evidence(links, claims, sources))
    for claim in claims:
        sets = {claim.reference: state_of(claim)}
        record.add(EntryKind.CLAIM_OPENED, claim=claim.reference, sets=sets)
    for source in sources:
        sets = {source.reference: {"kind": source.kind, "url": Text(source.url or "")}}
        record.add(EntryKind.SOURCE_ADDED, source=source.reference, sets=sets)
    for row in evidence:
        sets = {row.reference: evidence_state(row)}
        record.add(EntryKind.EVIDENCE_ADDED, claim=row.claim.reference, sets=sets)


def _evidence(
    links: Sequence[Link], claims: Sequence[Claim], sources: Sequence[Source]
) -> Iterator[Evidence]:
    for link, claim, source in zip(links, claims, sources, strict=True):
        for quote in quotes(link.number):
            yield Evidence(claim=claim, source=source, quote=quote)
