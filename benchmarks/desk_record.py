"""A record as a desk has it after six years, of any size, made by set-based SQL.

`build(claims)` fills an empty, migrated database; every measurement that asks what a page costs
beside a large record stands on it. Each claim has five pieces of evidence, four on a page of its
own and one on a page it shares with four others, and lies with those in one article; three of five
articles are ours, and use a claim. A fifth of the claims was corroborated or disputed, nearly all
others were looked at and stand as reported, with the review, proposal and sign-off behind it. Of
the newest 100,000 three of a hundred are under review, most of them by fives for one change of one
page, one waits for sign-off, and one in five was never decided on. Every claim has the entries of
its opening and of its decisions, those of the last `SAMPLE` the entries of their evidence, too.
"""

import sys
import time
from dataclasses import dataclass

from django.db import connections

from benchmarks.desk_entries import write_entries
from benchmarks.desk_print import print_articles, print_uses
from benchmarks.desk_shape import CLAIM, DESKS, NUMBERS, SHARES
from benchmarks.desk_work import furnish
from benchmarks.set_based import OWNER, Given, insert, next_id, run
from claims.access import actor_of
from claims.models import Claim, Desk, Evidence, Host, Membership, Origin, Source, User, Watch
from claims.services.saved_views import save_view
from claims.services.work import reckon_places
from claims.states import Role

COLLEAGUES = 20
SLUGS = ("scale", "region", "economy", "science", "sport")
SAMPLE = 16_500
"""The last claims, whose pages are measured: all their entries are on record."""
AT_A_TIME = 50_000
BEGAN = time.monotonic()
MACHINERY = {"origins": 300, "hosts": 500}


@dataclass(frozen=True, slots=True)
class Built:
    """Who works in the record, and the first claim whose entries are all there."""

    reader: User
    editor: User
    other: User
    since: int


def build(claims: int) -> Built:
    """Fill an empty database with a record of so many claims, and let it settle.

    Triggers and foreign keys are off meanwhile, but for the ledger's (`desk_meter.Meter` grants
    the owner that).

    Returns:
        A fact-checker and an editor of the largest desk, a fact-checker of the smallest, and the
        id from which on claims have all their entries; ids are 1 to `claims`.
    """
    reader, editor, other = _make_people()
    insert(Origin, _ORIGIN, NUMBERS, {"first": 1, "last": MACHINERY["origins"]})
    insert(Host, _HOST, NUMBERS, {"first": 1, "last": MACHINERY["hosts"]})
    run("SET session_replication_role = replica")
    run("DROP INDEX claim_words")  # one row at a time it takes most of the hour
    for first in range(1, claims + 1, AT_A_TIME):
        span: dict[str, Given] = {"first": first, "last": min(first + AT_A_TIME - 1, claims)}
        span["claims"] = claims
        _grow(span | _desks())
        run("ANALYZE")  # or the first block's evidence is looked for from the last row back
        furnish(span)
        print_articles(span)
        _say(f"{span['last']:,} claims")
    (words,) = (index for index in Claim._meta.indexes if index.name == "claim_words")
    with connections[OWNER].schema_editor() as editor_of_tables:
        editor_of_tables.add_index(Claim, words)
    run("ANALYZE")
    run("SET session_replication_role = origin")
    since = max(1, claims - SAMPLE)
    entries = write_entries(since=since)
    _say(f"{entries:,} entries")
    print_uses({"claims": claims, "entries": entries})
    while reckon_places():
        pass
    run("VACUUM ANALYZE")
    _say("settled")
    return Built(reader, editor, other, since)


def _say(what: str) -> None:
    print(f"  {time.monotonic() - BEGAN:.0f} s: {what}", file=sys.stderr, flush=True)


def _make_people() -> tuple[User, User, User]:
    desks = [
        Desk.objects.get_or_create(slug=slug, defaults={"name": f"{slug.capitalize()} desk"})[0]
        for slug in SLUGS
    ]
    for number in range(COLLEAGUES):
        _person(f"colleague{number}", desks[number % len(desks)])
    reader, other = _person("reader", desks[0]), _person("other", desks[-1])
    for name, query in (("Figures", "flag=figure_altered"), ("Shaken", "status=corroborated")):
        save_view(actor_of(reader), name=name, query=query)
    return reader, _person("editor", desks[0], Role.EDITOR), other


def _person(name: str, desk: Desk, role: Role = Role.FACT_CHECKER) -> User:
    user = User.objects.create(username=name, first_name=name.capitalize(), is_staff=True)
    Membership.objects.create(user=user, desk=desk, role=role)
    return user


_ORIGIN = {
    "name": "'Agency ' || n",
    "kind": "'agency'",
    "reliability": "('{A,B,C,F}'::text[])[1 + n % 4]",
    "created_at": "now()",
}
_HOST = {"authority": "'scale-' || n || '.example.org:443'"}
_SOURCE = {
    "id": "n",
    "url": "'https://scale-' || 1 + n % 500 || '.example.org/' || md5(n::text) || '/' || n",
    "title": "'Report ' || n",
    "link_state": "CASE WHEN n % 503 = 0 THEN 'unreachable' WHEN n % 251 = 0 THEN 'gone'"
    " WHEN n % 127 = 0 THEN 'changed' ELSE 'live' END",
    "created_at": "now()",
    "link_state_since_at": "now()",
}
_WATCH = {
    "source_id": "n",
    "host_id": "1 + n % 500",
    "due_at": "CASE WHEN n % 2003 = 0 THEN now() - interval '9 days'"
    " ELSE now() + interval '1 minute' * (n * 7919 % 4320) END",
    "interval_s": "86400 * 3",
    "failures": "CASE WHEN n % 503 = 0 THEN 5 ELSE 0 END",
    "looks": "1",
    "last_looked_at": "now()",
    "last_read_at": "now()",
}


def _grow(span: dict[str, Given]) -> None:
    """Add claims, each with five pieces of evidence: four pages of its own, one shared by five."""
    first, last = int(str(span["first"])), int(str(span["last"]))
    insert(Claim, CLAIM, f"{NUMBERS}, {DESKS}", span)
    page = next_id(Source)
    own, shared = 4 * (last - first + 1), last // 5 - first // 5 + 1
    pages: dict[str, Given] = {"first": page, "last": page + own + shared - 1}
    insert(Source, _SOURCE, NUMBERS, pages)
    insert(Watch, _WATCH, NUMBERS, pages)
    evidence = {
        "claim_id": "c.id",
        "source_id": f"CASE WHEN k < 5 THEN {page} + (c.id - {first}) * 4 + k - 1"
        f" ELSE {page + own} + c.id / 5 - {first // 5} END",
        "origin_id": f"1 + (c.id * 7 + k * 13) % {MACHINERY['origins']}",
        "stance": "CASE WHEN (c.id + k) % 10 = 0 THEN 'disputes' ELSE 'supports' END",
        "quote": "'“' || c.statement || '” it said.'",
        "quote_state": "'standing'",
        "quote_state_since_at": "c.created_at",
        "created_at": "c.created_at",
    }
    rows = "claims_claim c CROSS JOIN generate_series(1, 5) AS k"
    where = "WHERE c.id BETWEEN %(first)s AND %(last)s ORDER BY c.id, k"
    insert(Evidence, evidence, f"{rows} {where}", span)


def _desks() -> dict[str, Given]:
    ids = dict(Desk.objects.values_list("slug", "pk"))
    edges = [sum(SHARES[:at]) for at in range(len(SHARES))]
    return {"desks": [ids[slug] for slug in SLUGS], "edges": edges}
