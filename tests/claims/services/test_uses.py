"""What we printed: recorded as one set, all or nothing, at a seq the claim was known up to."""

import json

import pytest

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import LedgerEntry, LedgerText, Use
from claims.queries.ledger import head_seq
from claims.queries.uses import uses_of_article
from claims.services.articles import add_article
from claims.services.claims import close, set_visibility
from claims.services.people import issue_token
from claims.services.uses import MOST_USES, put_uses
from claims.states import Basis, ClaimStatus, CloseReason, Scope, Visibility
from tests.claims.cast import acting, fresh, make_claim
from tests.claims.printed import corroborated, dispute, lower, make_article


def put(cast, article, *uses, actor=None):
    return put_uses(actor or cast.ada, article=article.reference, uses=uses)


def use(claim, words="1,500 have arrived", **more):
    return {"claim": claim.reference, "words": words, **more}


def entries(*kinds):
    rows = LedgerEntry.objects.filter(kind__in=kinds or ["use_recorded", "use_ended"])
    return list(rows.order_by("seq").values_list("kind", flat=True))


def seq_of(kind):
    return LedgerEntry.objects.filter(kind=kind).latest("seq").seq


def test_a_use_is_recorded_at_the_head_and_as_its_claim_then_stood(cast):
    claim, article = corroborated(cast), make_article(cast)
    head = head_seq()
    (row,) = put(cast, article, use(claim))
    assert (row.words, row.relied_seq) == ("1,500 have arrived", head)
    assert (row.relied_status, row.relied_basis) == (ClaimStatus.CORROBORATED, Basis.HOLDS)
    assert row.due_since_at is None
    assert entries() == ["use_recorded"]


def test_an_entry_sets_every_new_value_and_holds_no_free_text(cast):
    claim, article = make_claim(cast), make_article(cast)
    (row,) = put(cast, article, use(claim, "geese have arrived"))
    entry = LedgerEntry.objects.get(kind="use_recorded")
    assert entry.claim_ref == claim.reference
    sets = json.loads(entry.body)["sets"][row.reference]
    assert LedgerText.objects.get(commitment=sets.pop("words")).text == "geese have arrived"
    assert "geese" not in entry.body
    assert sets.pop("recorded_at")
    assert sets == {
        "article": article.reference,
        "claim": claim.reference,
        "relied_seq": row.relied_seq,
        "relied_status": "reported",
        "relied_basis": "holds",
        "ended_at": None,
    }


def test_the_same_set_again_changes_nothing(cast):
    claim, article = make_claim(cast), make_article(cast)
    put(cast, article, use(claim))
    make_claim(cast, "Something else happened.")
    seq = Use.objects.get().relied_seq
    put(cast, article, use(claim))
    put(cast, article, use(claim, relied_seq=seq))
    assert entries() == ["use_recorded"]


def test_the_set_given_replaces_the_set_before(cast):
    kept, changed, left, new = (make_claim(cast, f"Claim {n}.") for n in range(4))
    article = make_article(cast)
    put(cast, article, use(kept), use(changed), use(left))
    rows = put(cast, article, use(new), use(kept), use(changed, "other words"))
    assert [(row.claim_id, row.words) for row in rows] == [
        (kept.pk, "1,500 have arrived"),
        (changed.pk, "other words"),
        (new.pk, "1,500 have arrived"),
    ]
    assert sorted(entries()) == ["use_ended"] + ["use_recorded"] * 5
    assert Use.objects.get(claim=left).ended_at is not None


def test_what_was_left_out_may_be_used_again(cast):
    claim, article = make_claim(cast), make_article(cast)
    put(cast, article, use(claim))
    assert put(cast, article) == []
    put(cast, article, use(claim))
    assert Use.objects.count() == 2
    assert Use.objects.filter(ended_at=None).count() == 1


def test_changed_words_rely_on_the_head_unless_a_seq_is_given(cast):
    claim, article = make_claim(cast), make_article(cast)
    (first,) = put(cast, article, use(claim))
    corroborated(cast, claim)
    (again,) = put(cast, article, use(claim, "It is so"))
    assert again.relied_seq > first.relied_seq
    assert again.relied_status == ClaimStatus.CORROBORATED
    (back,) = put(cast, article, use(claim, "It is so", relied_seq=first.relied_seq))
    assert (back.relied_seq, back.relied_status) == (first.relied_seq, ClaimStatus.REPORTED)


def test_what_was_relied_on_is_how_the_claim_stood_at_the_seq(cast):
    claim, article = corroborated(cast), make_article(cast)
    then = head_seq()
    lower(cast, claim)
    (row,) = put(cast, article, use(claim, relied_seq=then))
    assert row.relied_status == ClaimStatus.CORROBORATED
    assert row.due_reason == f"{claim.reference} is reported, no longer corroborated"


def test_an_article_is_named_by_what_the_publishing_system_calls_it(cast):
    claim = make_claim(cast)
    article = make_article(cast, external_id="cms-17")
    put_uses(cast.ada, external_id="cms-17", uses=[use(claim)])
    assert [row.claim_id for row in uses_of_article(cast.ada, article)] == [claim.pk]
    with pytest.raises(NotFound):
        put_uses(cast.ada, external_id="cms-18", uses=[use(claim)])
    with pytest.raises(NotFound):
        put_uses(cast.omar, external_id="cms-17", uses=[use(claim)])
    with pytest.raises(NotFound):
        put_uses(cast.ada, external_id="", uses=[])


@pytest.mark.parametrize("name", ["ada", "cleo"])
def test_fact_checkers_and_editors_of_the_desk_may(cast, name):
    rows = put(cast, make_article(cast), use(make_claim(cast)), actor=getattr(cast, name))
    assert rows[0].recorded_by_id == cast.users[name].pk


@pytest.mark.parametrize("name", ["dora", "omar", "admin"])
def test_nobody_else_may(cast, name):
    with pytest.raises(NotAllowed):
        put(cast, make_article(cast), use(make_claim(cast)), actor=getattr(cast, name))
    assert not Use.objects.exists()


@pytest.mark.parametrize("scopes", [(Scope.CLAIMS_READ, Scope.CLAIMS_WRITE), (Scope.CLAIMS_READ,)])
def test_a_token_may_where_it_may_write_claims(cast, scopes):
    token, _ = issue_token(
        cast.ada, name="cms", user=cast.users["ada"], desk=cast.desk, scopes=scopes, days=9
    )
    article, claim = make_article(cast), make_claim(cast)
    if Scope.CLAIMS_WRITE in scopes:
        assert put(cast, article, use(claim), actor=acting(token))
    else:
        with pytest.raises(NotAllowed):
            put(cast, article, use(claim), actor=acting(token))


def test_a_claim_of_another_desk_may_be_used(cast):
    theirs = add_article(
        cast.omar, desk=cast.other_desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    assert put(cast, theirs, use(make_claim(cast)), actor=cast.omar)


def test_an_article_of_somebody_else_uses_nothing(cast):
    article = add_article(cast.ada, desk=cast.desk, text="A text.", values={"title": "T"})
    with pytest.raises(RuleRefused, match="not an article of ours"):
        put(cast, article, use(make_claim(cast)))


WRONG = [
    ({"words": ""}, "uses.1.words"),
    ({"words": 7}, "uses.1.words"),
    ({"words": "x" * 5001}, "uses.1.words"),
    ({"words": "a\u202eb"}, "uses.1.words"),
    ({"claim": "ST-000000"}, "uses.1.claim"),
    ({"claim": None}, "uses.1.claim"),
    ({"relied_seq": "x"}, "uses.1.relied_seq"),
    ({"relied_seq": 0}, "uses.1.relied_seq"),
    ({"relied_seq": True}, "uses.1.relied_seq"),
    ({"relied_seq": 10**30}, "uses.1.relied_seq"),
    ({"status": "corroborated"}, "uses.1.status"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_one_wrong_use_names_its_field_and_nothing_is_written(cast, wrong, field):
    good, other, article = make_claim(cast), make_claim(cast, "Another."), make_article(cast)
    with pytest.raises(InvalidInput) as refused:
        put(cast, article, use(good), use(other) | wrong)
    assert refused.value.field == field
    assert not Use.objects.exists()
    assert entries() == []


def test_a_seq_from_before_the_claim_or_beyond_the_head_is_refused(cast):
    article = make_article(cast)
    claim = make_claim(cast)
    opened = seq_of("claim_opened")
    for seq in (opened - 1, head_seq() + 1):
        with pytest.raises(InvalidInput, match="must be from"):
            put(cast, article, use(claim, relied_seq=seq))
    assert put(cast, article, use(claim, relied_seq=opened))


def test_a_claim_named_twice_is_refused(cast):
    claim = make_claim(cast)
    with pytest.raises(InvalidInput, match="named twice"):
        put(cast, make_article(cast), use(claim), use(claim, "in other words"))


def test_too_many_are_refused(cast):
    many = [{"claim": f"ST-{n:06}", "words": "w"} for n in range(MOST_USES + 1)]
    with pytest.raises(InvalidInput, match="more than 150"):
        put(cast, make_article(cast), *many)


def test_a_restricted_claim_is_nothing_another_desk_can_use(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    theirs = add_article(
        cast.omar, desk=cast.other_desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    with pytest.raises(InvalidInput, match="there is no claim"):
        put(cast, theirs, use(claim), actor=cast.omar)


def test_uses_of_claims_that_are_hidden_since_are_left_alone(cast):
    claim, own = make_claim(cast), make_claim(cast, "Another.")
    theirs = add_article(
        cast.omar, desk=cast.other_desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    put(cast, theirs, use(claim), actor=cast.omar)
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    rows = put(cast, theirs, use(own), actor=cast.omar)
    assert [row.claim_id for row in rows] == [own.pk]
    assert Use.objects.filter(claim=claim, ended_at=None).exists()


@pytest.mark.parametrize("ended", ["mistake", "no_longer_followed"])
def test_a_claim_closed_as_a_mistake_is_due_at_once_another_is_not(cast, ended):
    claim = make_claim(cast)
    close(cast.ada, claim.pk, reason=CloseReason(ended), note="So.", seen=fresh(claim).revision)
    (row,) = put(cast, make_article(cast), use(claim))
    assert bool(row.due_since_at) is (ended == "mistake")


def test_what_is_disputed_already_when_it_is_printed_as_such_is_not_due(cast):
    claim = make_claim(cast)
    dispute(cast, claim)
    (row,) = put(cast, make_article(cast), use(claim, "Nobody has arrived, says the NIS"))
    assert (row.relied_status, row.due_since_at) == (ClaimStatus.DISPUTED, None)


def test_recording_takes_a_bounded_number_of_queries(cast, django_assert_max_num_queries):
    article = make_article(cast)
    claims = [make_claim(cast, f"Claim {n}.") for n in range(20)]
    with django_assert_max_num_queries(20 + 24):
        put(cast, article, *(use(claim) for claim in claims))
    with django_assert_max_num_queries(20):
        put(cast, article, *(use(claim) for claim in claims))
