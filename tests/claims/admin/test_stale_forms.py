"""A form on what somebody changed meanwhile writes nothing, says who changed what, keeps the input."""

import pytest

from claims.admin.forms.base import ClaimForm
from claims.admin.pages.claim import STEPS
from claims.models import Claim, LedgerEntry, Review
from claims.services import reviews, work
from claims.states import FlagKind
from tests.claims.desk_forms import FORMS, WHO, signed_in

ADDS_ONLY = {"comment", "new claim", "new evidence", "import"}
"""What depends on nothing its reader saw; the same sent again is told, not added."""

BY_STATE = {
    "withdraw the proposal": "a proposal that ended refuses by itself",
    "withdraw evidence": "evidence that is withdrawn refuses by itself",
    "link": "a link that is there refuses by itself",
    "take a link back": "a link that is gone refuses by itself",
    "treatment": "what is said is what holds then, whatever held before",
    "place in an article": "the words are looked for in the article anew",
}
"""What is refused, or is right, by how things are then, whatever its reader saw."""

OF_A_PLAN = {"assign", "due", "urgency"}
TELLS_IN_A_ROW = {"many at once"}
STALE = sorted(FORMS.keys() - ADDS_ONLY - BY_STATE.keys() - OF_A_PLAN - TELLS_IN_A_ROW)
KEPT = ("rationale", "note", "detail", "statement")


def ben_changes(cast, where):
    """Ben is faster: he asks for a review of the claim the form is about."""
    claim = next(
        (row for row in Claim.objects.all() if row.reference in where),
        Claim.objects.order_by("-pk").first(),
    )
    reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Somebody called.")


@pytest.mark.parametrize("name", STALE)
def test_a_stale_form_changes_nothing_and_keeps_what_was_written(cast, name):
    where, sent = FORMS[name](cast)
    last = LedgerEntry.objects.order_by("-seq").first().seq
    prefix = next((key.removesuffix("-answer") for key in sent if key.endswith("-answer")), "")
    ben_changes(cast, prefix or where)
    entries = LedgerEntry.objects.count()
    sent |= {f"{prefix}-seq" if prefix else "seq": last}
    answer = signed_in(cast, WHO.get(name, "ada")).post(where, sent)
    text = answer.content.decode()
    assert answer.status_code == 409, answer.status_code
    assert LedgerEntry.objects.count() == entries
    assert "Meanwhile:" in text
    assert "Ben: " in text
    for key in KEPT:
        typed = sent.get(f"{prefix}-{key}" if prefix else key)
        assert not typed or typed in text


@pytest.mark.parametrize("name", sorted(OF_A_PLAN))
def test_a_stale_plan_changes_nothing_and_says_who_was_faster(cast, name):
    where, sent = FORMS[name](cast)
    last = LedgerEntry.objects.order_by("-seq").first().seq
    reference = Review.objects.get().reference
    work.assign(cast.ben, reference, to=cast.users["cleo"].reference)
    work.set_priority(cast.ben, reference, priority=3)
    work.set_due(cast.ben, reference, due_at=Review.objects.get().opened_at.replace(year=2039))
    entries = LedgerEntry.objects.count()
    answer = signed_in(cast).post(where, {**sent, "seq": last})
    assert answer.status_code == 409
    assert LedgerEntry.objects.count() == entries
    text = answer.content.decode()
    assert "Somebody changed this meanwhile." in text
    assert "Ben: " in text
    was = 'name="was" value="'
    now = [part.partition('"')[0] for part in text.split(was)[1:]]
    assert len(now) == 3
    place = ["assign", "due", "urgency"].index(name)
    again = signed_in(cast).post(where, {**sent, "was": now[place]})
    assert again.status_code == 302
    assert LedgerEntry.objects.count() == entries + 1


def test_every_step_of_a_claim_carries_what_its_reader_saw():
    assert all(issubclass(form, ClaimForm) for form in STEPS.values())
    assert all("revision" in form.base_fields for form in STEPS.values())


def test_every_kind_of_form_is_in_one_of_the_tables():
    assert FORMS.keys() == {*STALE, *ADDS_ONLY, *BY_STATE, *OF_A_PLAN, *TELLS_IN_A_ROW}
