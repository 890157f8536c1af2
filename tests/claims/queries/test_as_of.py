"""A claim and an article as they stood at any entry are what was shown then."""

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest

from claims.errors import InvalidInput, NotFound
from claims.models import Article, Claim, LedgerEntry, LedgerText
from claims.queries.articles import appearances_in
from claims.queries.as_of import (
    LeftOut,
    moment_of,
    read_article_as_of,
    read_dossier_as_of,
    seq_at,
)
from claims.queries.as_of_fields import CLAIM, EVIDENCE, ORIGIN, REDACTED, SOURCE
from claims.queries.dossier import read_dossier
from claims.queries.ledger import head_seq
from claims.queries.resting import figure_value
from claims.services.articles import add_appearance, add_article
from claims.services.claims import link, set_visibility
from claims.services.ledger import clock
from claims.services.reviews import ask_for_review
from claims.states import ClaimLinkKind, EntryKind, FlagKind, QuoteState, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin
from tests.claims.queries.histories import TEXT, History

STEPS = 20
WENT = {QuoteState.ALTERED, QuoteState.MISSING}


def make_article(cast, *claims) -> Article:
    values = {"title": "What the NIS says"}
    article = add_article(cast.ada, desk=cast.desk, text=TEXT, values=values)
    for start, claim in enumerate(claims):
        add_appearance(cast.ada, claim.pk, article=article.reference, start=start, end=start + 9)
    return article


def fields_of(row, fields) -> dict[str, object]:
    """What a row says, by the names of the entries' fields."""
    if row is None:
        return {}
    said = {}
    for name, into in fields.items():
        value = getattr(row, into.column)
        if hasattr(value, "_meta"):
            value = getattr(value, into.by)
        said[name] = value or None
    return said


def source_of(row) -> dict[str, object]:
    return fields_of(row, SOURCE) | {"publisher": fields_of(row.publisher, ORIGIN)}


def evidence_of(row) -> dict[str, object]:
    return fields_of(row, EVIDENCE) | {
        "reference": row.reference,
        # what stands in place of a passage is shown where that went
        "found": row.quote_found if row.quote_state in WENT else "",
        "figures": [figure_value(figure) for figure in row.figures.all() if not figure.ended_at],
        "of source": source_of(row.source),
        "of origin": fields_of(row.origin, ORIGIN),
        "of relayed": fields_of(row.relays_origin, ORIGIN),
    }


def flag_of(row) -> tuple[object, ...]:
    about = (
        row.source.reference if row.source else "",
        row.evidence.reference if row.evidence else "",
    )
    return (row.kind, str(row.cause), row.found, row.detail, row.is_stealth, row.raised_at, *about)


def proposal_of(row) -> tuple[object, ...]:
    if row is None:
        return ()
    asked = (row.reference, row.kind, row.to_status, row.ground, row.rationale, row.version)
    return (*asked, str(row.proposed_by), row.proposed_at)


def place_of(row) -> tuple[object, ...]:
    article = (row.article.reference, row.article.title, row.claim.reference)
    return (*article, row.start, row.end, row.quote, row.cue, tuple(row.hedges))


def claim_of(row) -> dict[str, object]:
    return fields_of(row, CLAIM) | {
        "reference": row.reference,
        "desk": row.desk.slug,
        "of claimant": fields_of(row.claimant, ORIGIN),
    }


def link_of(row) -> tuple[object, ...]:
    return (row.kind, row.is_split_off, claim_of(row.claim), claim_of(row.other))


def decision_of(row) -> tuple[object, ...]:
    entry = row.entry
    words = (entry.resolve(entry.body["rationale"]), entry.resolve(entry.body["actor"]["name"]))
    return (entry.seq, row.proposer, *words)


def said_by(dossier) -> dict[str, object]:
    """All a dossier says but for its watches."""
    decision = dossier.decision
    return {
        "claim": claim_of(dossier.claim),
        "evidence": [evidence_of(row) for row in dossier.evidence],
        "relayed": {row.reference: evidence_of(row) for row in dossier.relayed},
        "origins": {name: fields_of(row, ORIGIN) for name, row in dossier.origins.items()},
        "opinion": dossier.opinion,
        "figures": [figure_value(row) for row in dossier.figures],
        "flags": [flag_of(row) for row in dossier.flags],
        "proposal": proposal_of(dossier.proposal),
        "decision": decision and decision_of(decision),
        "appearances": [place_of(row) for row in dossier.appearances],
        "links": [link_of(row) for row in dossier.links],
        "linked_from": [link_of(row) for row in dossier.linked_from],
        "history": [(row.seq, row.kind, row.body, row.texts) for row in dossier.history],
    }


def said_in(article, appearances) -> dict[str, object]:
    return {
        "article": (article.reference, article.title, article.text, article.url, article.is_ours),
        "places": [
            (*place_of(row), claim_of(row.claim), row.pending)
            for row in sorted(
                appearances, key=lambda row: (row.start, row.end, -row.pk if row.pk < 0 else row.pk)
            )
        ],
    }


@dataclass(frozen=True)
class Shown:
    """What was shown at one seq: some claims by reference, and the article."""

    seq: int
    did: str
    claims: dict[str, dict[str, object]]
    article: dict[str, object]


def shown_now(actor, *, did: str, dice: random.Random) -> Shown:
    names = list(Claim.objects.order_by("pk").values_list("reference", flat=True))
    claims = {name: said_by(read_dossier(actor, name)) for name in dice.sample(names, 3)}
    article = Article.objects.get()
    said = said_in(article, appearances_in(actor, article))
    return Shown(head_seq(), did, claims, said)


def differences(then, now, path="") -> list[str]:
    """Where two things said differ, to read in a failure."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [
            line
            for key in then.keys() | now.keys()
            for line in differences(then.get(key), now.get(key), f"{path}.{key}")
        ]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [
            line
            for at, (one, other) in enumerate(zip(then, now, strict=True))
            for line in differences(one, other, f"{path}[{at}]")
        ]
    return [] if then == now else [f"{path}: shown {then!r}, as of {now!r}"]


def check_history(cast, *, seed: int) -> None:
    history, actor = History(cast, seed=seed), cast.ada
    dice = random.Random(seed)  # noqa: S311 - which claims, not a secret
    pages = [shown_now(actor, did=history.step(), dice=dice) for _ in range(STEPS)]
    article = Article.objects.get().reference
    for page in pages:
        for name, said in page.claims.items():
            again = said_by(read_dossier_as_of(actor, name, seq=page.seq))
            assert differences(said, again) == [], (page.did, page.seq, name)
        past = read_article_as_of(actor, article, seq=page.seq)
        again = said_in(past.article, past.appearances)
        assert differences(page.article, again) == [], (page.did, page.seq)


@pytest.mark.parametrize("seed", range(3))
def test_a_random_history_reads_as_it_was_shown(cast, seed):
    check_history(cast, seed=seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 33))
def test_many_random_histories_read_as_they_were_shown(cast, seed):
    check_history(cast, seed=seed)


@pytest.mark.parametrize("past", [-1, 1])
def test_a_seq_that_no_entry_has_is_refused(cast, past):
    claim = make_claim(cast)
    seq = -1 if past < 0 else head_seq() + 1
    with pytest.raises(InvalidInput, match="seq"):
        read_dossier_as_of(cast.ada, claim.reference, seq=seq)
    with pytest.raises(InvalidInput, match="seq"):
        moment_of(cast.ada, seq=seq)


def test_a_claim_is_not_there_before_it_was_opened(cast):
    make_claim(cast)
    before = head_seq()
    claim = make_claim(cast, "Another.")
    with pytest.raises(NotFound):
        read_dossier_as_of(cast.ada, claim.reference, seq=before)
    assert (
        read_dossier_as_of(cast.ada, claim.reference, seq=head_seq()).claim.statement == "Another."
    )


def test_a_claim_hidden_today_is_hidden_at_every_seq(cast):
    claim = make_claim(cast)
    seen = head_seq()
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    for seq in (seen, head_seq()):
        assert read_dossier_as_of(cast.ada, claim.reference, seq=seq).claim.pk < 0
        with pytest.raises(NotFound):
            read_dossier_as_of(cast.omar, claim.reference, seq=seq)


def test_a_claim_hidden_today_is_in_no_article_and_no_link(cast):
    hidden, claim = make_claim(cast, "Hidden."), make_claim(cast, "Shown.")
    link(cast.ada, claim.pk, kind=ClaimLinkKind.FOLLOWS, to=hidden.reference)
    link(cast.ada, hidden.pk, kind=ClaimLinkKind.UPDATES, to=claim.reference)
    article = make_article(cast, hidden, claim)
    seq = head_seq()
    set_visibility(cast.cleo, hidden.pk, to=Visibility.RESTRICTED, seen=fresh(hidden).revision)

    for actor, number in ((cast.ada, 1), (cast.omar, 0)):
        dossier = read_dossier_as_of(actor, claim.reference, seq=seq)
        assert (len(dossier.links), len(dossier.linked_from)) == (number, number)
        shown = read_article_as_of(actor, article.reference, seq=seq).appearances
        assert ("Hidden." in {row.claim.statement for row in shown}) == bool(number)


def test_a_text_that_was_removed_reads_as_redacted(cast):
    claim = make_claim(cast, "A name nobody may read.")
    make_evidence(cast, claim)
    LedgerText.objects.filter(text="A name nobody may read.").update(text=None, salt=None)
    dossier = read_dossier_as_of(cast.ada, claim.reference, seq=head_seq())
    assert dossier.claim.statement == REDACTED
    assert dossier.evidence[0].quote == "about 1,500 soldiers"
    assert "A name nobody may read." not in str(dossier.history)


def test_an_article_is_not_there_before_it_was_added(cast):
    claim = make_claim(cast)
    before = head_seq()
    article = make_article(cast, claim)
    with pytest.raises(NotFound):
        read_article_as_of(cast.ada, article.reference, seq=before)
    assert read_article_as_of(cast.ada, article.reference, seq=head_seq()).article.text == TEXT


def test_a_time_between_two_entries_gives_the_earlier(cast):
    for number in range(5):
        make_claim(cast, f"Claim {number}.")
    times = dict(LedgerEntry.objects.values_list("seq", "recorded_at"))
    for seq in range(1, 5):
        between = times[seq] + (times[seq + 1] - times[seq]) / 2
        assert (seq_at(times[seq]), seq_at(between)) == (seq, seq)
    assert seq_at(times[1] - timedelta(seconds=1)) == 0


def test_a_time_to_come_is_refused(cast):
    make_claim(cast)
    assert seq_at(clock()) == head_seq()
    with pytest.raises(InvalidInput, match="at"):
        seq_at(clock() + timedelta(hours=1))


def test_a_moment_steps_between_the_entries_on_what_is_shown(cast):
    claim = make_claim(cast)
    opened = head_seq()
    make_claim(cast, "Another.")
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    moment = moment_of(cast.ada, seq=opened + 1, claims=[claim.reference])
    assert (moment.seq, moment.previous_seq, moment.next_seq) == (opened + 1, opened, opened + 2)
    assert (moment.entry.kind, moment.head_seq) == (EntryKind.CLAIM_OPENED, head_seq())
    assert moment.left_out == tuple(LeftOut)


def test_a_moment_withholds_what_its_reader_may_not_see(cast):
    make_claim(cast, visibility=Visibility.RESTRICTED)
    assert moment_of(cast.omar, seq=head_seq()).entry.is_withheld
    assert not moment_of(cast.ada, seq=head_seq()).entry.is_withheld


@pytest.mark.parametrize("size", [1, 12])
def test_pages_of_the_past_take_eight_queries_whatever_their_size(
    cast, django_assert_max_num_queries, size
):
    claims = [make_claim(cast, f"Claim {number}.") for number in range(size)]
    part_of = make_origin(cast, "The state")
    origin = make_origin(cast, "Its service", part_of=part_of.reference)
    first = make_evidence(cast, claims[0], origin=origin)
    for other in claims:
        last = make_evidence(cast, other, relays_evidence=first)
        first = last if other is not claims[0] else first
        if other is not claims[0]:
            link(cast.ada, claims[0].pk, kind=ClaimLinkKind.FOLLOWS, to=other.reference)
    article, actor = make_article(cast, *claims), cast.ada
    seq = head_seq()
    with django_assert_max_num_queries(8):
        dossier = read_dossier_as_of(actor, claims[-1].reference, seq=seq)
        assert all(row.source.url and not row.figures.all() for row in dossier.evidence)
    with django_assert_max_num_queries(8):
        page = read_article_as_of(actor, article.reference, seq=seq)
        assert len(page.evidence) == len({row.claim.reference for row in page.appearances}) == size
