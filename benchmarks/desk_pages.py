"""The pages of the desk that are measured, asked for as a fact-checker does."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from benchmarks.desk_costs import written
from benchmarks.desk_meter import RUNS, WARM_UP, Ask, Meter, get, measure, post, signed_in
from benchmarks.desk_record import build
from claims.models import Claim, Flag, Review, User


def pages(reader: User, other: User, *, since: int) -> Mapping[str, Iterator[Ask]]:
    """Return the desk's pages by name, each with ever further ways of asking for it.

    Args:
        reader: a fact-checker of the largest desk.
        other: one of the smallest.
        since: the first claim whose entries are on record: from there on claims are opened.
    """
    person, stranger = signed_in(reader), signed_in(other)
    own = Claim.objects.filter(pk__gte=since, desk__slug="scale", visibility="open")
    reviewed = list(own.filter(open_flags__gt=0).values_list("reference", flat=True)[:RUNS])
    flags = Flag.objects.filter(claim__in=own, source__isnull=False, answered_at__isnull=True)
    causes = list(flags.order_by("cause").values_list("cause", flat=True).distinct()[:RUNS])
    plain = list(own.filter(open_flags=0)[: RUNS + WARM_UP])
    queue, claims = reverse("admin:claims_queue"), reverse("admin:claims_claim_changelist")
    found = {
        "queue": get(person, [queue]),
        "queue, page 3": get(person, [f"{queue}?after={_hundredth(reader)}"]),
    }
    for view in ("whose=mine", "part=sign-off", "overdue=1", "part=new"):
        found[f"queue, {view}"] = get(person, [f"{queue}?{view}"])
    for view in ("flag=figure_altered", "status=corroborated", "desk=scale", "whose=nobody"):
        found[f"queue, {view}"] = get(person, [f"{queue}?{view}"])
    found["queue of the smallest desk"] = get(stranger, [queue])
    found["take next"] = post(person, reverse("admin:claims_queue_next"), [{}])
    found["claims"] = get(person, [claims])
    found["claims, page 50"] = get(person, [f"{claims}?p=50"])
    for choice in ("status=disputed", "basis=lost", "ground=conflicting_accounts", "kind=fact"):
        found[f"claims, {choice}"] = get(person, [f"{claims}?{choice}"])
    found["claims, kind=statement (none)"] = get(person, [f"{claims}?kind=statement"])
    found["claims, desk=scale"] = get(person, [f"{claims}?desk=scale"])
    found["claims of the smallest desk"] = get(stranger, [f"{claims}?desk=sport"])
    rare = [f"district+{row.pk}" for row in plain]
    found["search, a rare word"] = get(person, [f"{claims}?q={words}" for words in rare])
    said = [row.statement.partition(" in ")[2].split(", ")[0].split() for row in plain]
    likely = [f"{claims}?q={words[0]}+{words[1]}" for words in said]
    found["search, two words of a statement"] = get(person, likely)
    found["search, a common word"] = get(person, [f"{claims}?q=soldiers"])
    found["search, three common words"] = get(person, [f"{claims}?q=army+lost+soldiers"])
    found["search, a common word and a status"] = get(
        person, [f"{claims}?q=soldiers&status=disputed"]
    )
    found["search, a reference"] = get(person, [f"{claims}?q={row.reference}" for row in plain])
    found["search, nothing found"] = get(person, [f"{claims}?q=zeppelin"])
    found["search, common words never together"] = get(person, [f"{claims}?q=army+navy+bank"])
    found["review page"] = get(person, _named("claims_claim_page", reviewed))
    found["cause page"] = get(person, _named("claims_cause", causes))
    found["sign-off list"] = get(person, [reverse("admin:claims_sign_offs")])
    found["notifications"] = get(person, [reverse("admin:claims_notifications")])
    sources = reverse("admin:claims_source_changelist")
    found["linked sources"] = get(person, [sources])
    found["linked sources, link_state=gone"] = get(person, [f"{sources}?link_state=gone"])
    none = [f"{sources}?link_state=suspected_gone"]
    found["linked sources, link_state=suspected_gone (none)"] = get(person, none)
    found["linked sources, searched"] = get(person, [f"{sources}?q=report"])
    found["linked sources, nothing found"] = get(person, [f"{sources}?q=zeppelin"])
    checked = [{"step": "check", "statement": row.statement} for row in plain]
    found["new claim, similar ones"] = post(person, reverse("admin:claims_claim_new"), checked)
    found["board"] = get(person, [reverse("web:board")])
    return found


def _named(page: str, names: Sequence[object]) -> list[str]:
    return [reverse(f"admin:{page}", args=[str(name)]) for name in names]


def _hundredth(reader: User) -> str:
    desks = reader.memberships.values("desk")
    rows = Review.objects.filter(ended_at__isnull=True, claim__desk__in=desks)
    return rows.order_by("counts_from_at", "pk").values_list("reference", flat=True)[99]


def main() -> None:
    """Build a record, measure the pages on it, and print what they cost as one line."""
    meter = Meter()
    built = build(int(sys.argv[1]))
    asks = pages(built.reader, built.other, since=built.since)
    print(written(measure(meter, asks)))
