"""An editor answers for what was printed: with a link, or with a reason; once for each fall."""

from datetime import timedelta
from typing import Any

import pytest

from claims.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import LedgerEntry, Use
from claims.services.articles import add_article
from claims.services.claims import set_visibility
from claims.services.corrections import answer_correction
from claims.services.people import issue_token
from claims.services.uses import put_uses
from claims.states import CorrectionAnswer, Scope, Visibility
from tests.claims.cast import acting, fresh, make_claim
from tests.claims.printed import corroborated, dispute, lower, printed

CORRECTED: dict[str, Any] = {
    "answer": CorrectionAnswer.CORRECTED,
    "url": "https://our.example.org/correction",
}
NOT_NEEDED: dict[str, Any] = {
    "answer": CorrectionAnswer.NOT_NEEDED,
    "note": "We wrote “reportedly”.",
}


@pytest.fixture
def use(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    use.refresh_from_db()
    return use


def answer(actor, use, seen=None, **given):
    return answer_correction(actor, use.reference, seen=seen or use.due_since_at, **given)


@pytest.mark.parametrize("given", [CORRECTED, NOT_NEEDED, CORRECTED | {"note": "Since 9 o'clock."}])
def test_an_editor_answers_and_it_is_entered(cast, use, given):
    answered = answer(cast.cleo, use, **given)
    assert answered.answered_by_id == cast.users["cleo"].pk
    row = Use.objects.get(pk=use.pk)
    assert (row.answer, row.answer_url) == (given["answer"], given.get("url", ""))
    assert row.answer_note == given.get("note", "")
    entry = LedgerEntry.objects.get(kind="correction_answered")
    assert entry.claim_ref == use.claim.reference
    assert "example.org" not in entry.body
    assert "reportedly" not in entry.body


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": CorrectionAnswer.CORRECTED}, "url"),
        (CORRECTED | {"url": "javascript:alert(1)"}, "url"),
        (CORRECTED | {"url": "ftp://our.example.org/"}, "url"),
        (CORRECTED | {"url": "a page"}, "url"),
        (CORRECTED | {"url": "https://our.example.org/" + "a" * 2048}, "url"),
        (NOT_NEEDED | {"note": " "}, "note"),
        (NOT_NEEDED | {"note": "a\u202eb"}, "note"),
        (NOT_NEEDED | {"url": "https://our.example.org/"}, "url"),
    ],
)
def test_a_correction_needs_its_link_and_none_needs_its_reason(cast, use, given, field):
    with pytest.raises(InvalidInput) as refused:
        answer(cast.cleo, use, **given)
    assert refused.value.field == field
    assert Use.objects.get(pk=use.pk).answered_at is None


@pytest.mark.parametrize("name", ["dora", "ada", "omar", "admin"])
def test_nobody_but_an_editor_of_the_articles_desk_answers(cast, use, name):
    with pytest.raises(NotAllowed, match="Only an editor of the desk “World desk”"):
        answer(getattr(cast, name), use, **NOT_NEEDED)


def test_a_token_of_an_editor_does_not_answer(cast, use):
    token, _ = issue_token(
        cast.cleo, name="cms", user=cast.users["cleo"], desk=cast.desk, scopes=tuple(Scope), days=9
    )
    with pytest.raises(NotAllowed):
        answer(acting(token), use, **NOT_NEEDED)


def test_the_second_press_of_a_button_adds_nothing(cast, use):
    answer(cast.cleo, use, **NOT_NEEDED)
    with pytest.raises(AlreadyExists, match="answered already, by Cleo"):
        answer(cast.cleo, use, **NOT_NEEDED)
    assert LedgerEntry.objects.filter(kind="correction_answered").count() == 1


def test_an_answer_to_an_earlier_fall_is_refused(cast, use):
    seen = use.due_since_at
    answer(cast.cleo, use, **NOT_NEEDED)
    dispute(cast, use.claim)
    with pytest.raises(RuleRefused, match="fallen again"):
        answer(cast.cleo, use, seen=seen, **NOT_NEEDED)
    use.refresh_from_db()
    assert answer(cast.cleo, use, **CORRECTED).answer == CorrectionAnswer.CORRECTED


def test_where_nothing_is_due_nothing_is_answered(cast):
    use = printed(cast, make_claim(cast))
    with pytest.raises(RuleRefused, match="No correction is due"):
        answer(cast.cleo, use, seen=use.recorded_at - timedelta(1), **NOT_NEEDED)


def test_words_on_a_claim_hidden_from_the_editor_do_not_exist_for_them(cast):
    claim = make_claim(cast)
    theirs = add_article(
        cast.omar, desk=cast.other_desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    item = {"claim": claim.reference, "words": "1,500"}
    (use,) = put_uses(cast.omar, article=theirs.reference, uses=[item])
    dispute(cast, claim)
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    use.refresh_from_db()
    with pytest.raises(NotFound):
        answer(cast.omar, use, **NOT_NEEDED)
    with pytest.raises(NotFound):
        answer_correction(cast.cleo, "US-000000", seen=None, **NOT_NEEDED)
