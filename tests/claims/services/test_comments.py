"""A comment is one entry for good; it decides nothing and stales nobody's form."""

import pytest

from claims.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound
from claims.models import LedgerEntry, Notification
from claims.queries.ledger import history, verify
from claims.services.claims import close
from claims.services.comments import MOST_CHARACTERS, comment
from claims.states import CloseReason, EntryKind, NotificationKind, Visibility
from tests.claims.cast import fresh, make_claim


@pytest.fixture
def claim(cast):
    return make_claim(cast)


def newest(actor, claim):
    (entry,) = history(actor, claim.reference, limit=1)
    return entry


def test_a_comment_is_an_entry_every_desk_reads(cast, claim):
    comment(cast.ada, claim.pk, text="  The ministry calls back at six. ")
    entry = newest(cast.omar, claim)
    assert entry.kind == EntryKind.COMMENTED
    assert entry.resolve(entry.body["comment"]) == "The ministry calls back at six."
    verify(LedgerEntry.objects.order_by("seq"))


def test_a_comment_stands_in_the_ledger_as_a_commitment_only(cast, claim):
    comment(cast.ada, claim.pk, text="A secret of the trade.")
    assert not LedgerEntry.objects.filter(body__contains="secret of the trade").exists()


def test_a_comment_leaves_revision_and_status_as_they_are(cast, claim):
    before = (claim.revision, claim.status, claim.basis)
    comment(cast.ada, claim.pk, text="Seen.")
    now = fresh(claim)
    assert (now.revision, now.status, now.basis) == before


def test_a_closed_claim_is_commented_too(cast, claim):
    close(cast.ada, claim.pk, reason=CloseReason.OVERTAKEN, note="Over.", seen=claim.revision)
    comment(cast.ben, claim.pk, text="It was right in the end.")
    assert newest(cast.ada, claim).kind == EntryKind.COMMENTED


@pytest.mark.parametrize(
    "text", ["", " \n ", "x" * (MOST_CHARACTERS + 1), "a\x00b", "a\u202eb", "\ud800"]
)
def test_what_is_no_comment_is_refused_at_its_field(cast, claim, text):
    with pytest.raises(InvalidInput) as refused:
        comment(cast.ada, claim.pk, text=text)
    assert refused.value.field == "text"
    assert newest(cast.ada, claim).kind == EntryKind.CLAIM_OPENED


def test_the_same_words_sent_twice_are_one_comment(cast, claim):
    comment(cast.ada, claim.pk, text="Seen.")
    with pytest.raises(AlreadyExists):
        comment(cast.ada, claim.pk, text="Seen.")
    assert LedgerEntry.objects.filter(kind=EntryKind.COMMENTED).count() == 1


def test_the_same_words_of_two_people_or_later_are_two_comments(cast, claim):
    for actor in (cast.ada, cast.ben, cast.ada):
        comment(actor, claim.pk, text="Seen.")
    assert LedgerEntry.objects.filter(kind=EntryKind.COMMENTED).count() == 3


def test_who_worked_on_the_claim_is_told_and_nobody_else(cast, claim):
    comment(cast.ben, claim.pk, text="Seen.")
    (told,) = Notification.objects.all()
    assert (told.user, told.kind) == (cast.users["ada"], NotificationKind.COMMENTED)


@pytest.mark.parametrize("who", ["dora", "omar", "admin"])
def test_only_who_works_at_the_desk_comments(cast, claim, who):
    with pytest.raises(NotAllowed):
        comment(getattr(cast, who), claim.pk, text="Mine.")


def test_a_claim_one_may_not_see_is_not_there(cast):
    hidden = make_claim(cast, visibility=Visibility.RESTRICTED)
    with pytest.raises(NotFound):
        comment(cast.omar, hidden.pk, text="Mine.")
