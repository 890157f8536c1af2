"""A text is removed for good: gone everywhere it stood, and the chain as whole as before."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Claim, Flag, LedgerEntry, LedgerText, Proposal
from claims.queries.ledger import changes, head_seq, history
from claims.queries.projection import verify_claims
from claims.services.claims import edit_claim, set_visibility
from claims.services.comments import comment
from claims.services.proposals import propose
from claims.services.redaction import redact
from claims.services.reviews import ask_for_review
from claims.states import (
    ClaimStatus,
    EntryKind,
    FlagKind,
    Ground,
    ProposalState,
    QuoteState,
    Visibility,
)
from claims.types import FigureValue
from tests.claims.api.conftest import caller
from tests.claims.cast import acting, fresh, make_cast, make_claim, make_evidence, make_origin

NAME = "Jan Novak, of 12 Mill Lane, set the fire."
WHY = "He asked for it, and is a minor."


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def claim(cast):
    return make_claim(cast, NAME)


def entry_of(kind: EntryKind) -> LedgerEntry:
    return LedgerEntry.objects.filter(kind=kind).latest("seq")


def remove(actor, kind: EntryKind, field: str, *, reason: str = WHY) -> int:
    return redact(actor, seq=entry_of(kind).seq, field=field, reason=reason)


@pytest.mark.catalogue(201)
def test_salt_and_text_go_while_commitment_and_chain_stay(cast, claim, capsys):
    before = [(row.seq, row.body, bytes(row.hash)) for row in LedgerEntry.objects.order_by("seq")]
    remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement")
    kept = LedgerEntry.objects.order_by("seq")[: len(before)]
    assert [(row.seq, row.body, bytes(row.hash)) for row in kept] == before
    assert not LedgerText.objects.filter(text=NAME).exists()
    assert LedgerText.objects.filter(text=None, salt=None).count() == 1
    call_command("verify_ledger")
    assert "whole" in capsys.readouterr().out


def test_column_reads_redacted_and_the_revision_moves(cast, claim):
    remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement")
    now = fresh(claim)
    assert (now.statement, now.revision) == ("[redacted]", claim.revision + 1)


def test_same_text_of_other_entries_on_the_claim_goes_too(cast, claim):
    for to in (Visibility.RESTRICTED, Visibility.OPEN):
        set_visibility(cast.cleo, claim.pk, to=to, seen=fresh(claim).revision)
    assert LedgerText.objects.filter(text=NAME).count() == 2
    assert remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement") == 2
    assert not LedgerText.objects.filter(text=NAME).exists()
    assert verify_claims() == 1


def test_same_text_on_another_claim_stays(cast, claim):
    other = make_claim(cast, NAME)
    redact(cast.cleo, seq=1, field="statement", reason=WHY)
    assert (fresh(claim).statement, fresh(other).statement) == ("[redacted]", NAME)


def test_older_wording_is_removed_while_the_present_one_stays(cast, claim):
    edit_claim(cast.ada, claim.pk, payload={"claim": {"statement": "Somebody did."}}, seen=1)
    remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement")
    assert fresh(claim).statement == "Somebody did."
    assert not LedgerText.objects.filter(text=NAME).exists()
    assert verify_claims() == 1


def test_entry_says_who_removed_what_and_why_and_folding_gives_what_stands_now(cast, claim):
    remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement")
    told = next(row for row in history(cast.dora, claim.reference) if row.kind == "redacted")
    body = told.body or {}
    assert (body["of"], body["field"]) == (1, "statement")
    assert told.resolve(body["reason"]) == WHY
    assert told.resolve(body["actor"]["name"]) == str(cast.users["cleo"])
    assert told.resolve(body["sets"][claim.reference]["statement"]) == "[redacted]"
    assert set(body["removed"]) == set(
        LedgerText.objects.filter(text=None).values_list("commitment", flat=True)
    )


def test_comment_that_stands_in_no_column_is_removed(cast, claim):
    comment(cast.ada, claim.pk, text="He lives in 12 Mill Lane.")
    remove(cast.cleo, EntryKind.COMMENTED, "comment")
    entry = changes(cast.dora, after=entry_of(EntryKind.COMMENTED).seq - 1, limit=1)[0]
    assert entry.resolve((entry.body or {})["comment"]) is None


def test_quote_is_emptied_and_no_longer_stands(cast, claim):
    row = make_evidence(cast, claim, quote=NAME)
    remove(cast.cleo, EntryKind.EVIDENCE_ADDED, "quote")
    row.refresh_from_db()
    assert (row.quote, row.quote_state) == ("", QuoteState.UNCHECKED)
    assert verify_claims() == 1


def test_words_of_a_flag_are_removed_from_it(cast, claim):
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail=NAME + " Really.")
    remove(cast.cleo, EntryKind.FLAG_RAISED, "comment")
    assert Flag.objects.get().detail == "[redacted]"
    assert verify_claims() == 1


def test_open_proposal_is_void_since_what_its_proposer_saw_is_gone(cast, claim):
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )
    redact(cast.cleo, seq=1, field="statement", reason=WHY)
    assert Proposal.objects.get().state == ProposalState.VOID
    remove(cast.cleo, EntryKind.PROPOSED, "rationale")
    assert Proposal.objects.get().rationale == "[redacted]"
    assert verify_claims() == 1


def test_origin_is_the_administrators_to_redact(cast):
    origin = make_origin(cast, "Jan Novak")
    with pytest.raises(NotAllowed, match="administrator"):
        remove(cast.cleo, EntryKind.ORIGIN_ADDED, "name")
    remove(cast.admin, EntryKind.ORIGIN_ADDED, "name")
    origin.refresh_from_db()
    assert origin.name == "[redacted]"
    verify_claims()


def test_figures_that_hold_are_replaced_first(cast, claim):
    make_claim(cast, "Three were hurt.")
    figures = {"figures": [{"value": 3, "unit": "Novaks"}]}
    edit_claim(cast.ada, claim.pk, payload=figures, seen=1)
    with pytest.raises(RuleRefused, match="replace them"):
        remove(cast.cleo, EntryKind.CLAIM_EDITED, "figures")
    old = entry_of(EntryKind.CLAIM_EDITED).seq
    edit_claim(cast.ada, claim.pk, payload={"figures": [FigureValue(Decimal(3))]}, seen=2)
    redact(cast.cleo, seq=old, field="figures", reason=WHY)
    assert verify_claims() == 2


def test_address_of_a_source_stays(cast, claim):
    make_evidence(cast, claim)
    with pytest.raises(RuleRefused, match="address"):
        remove(cast.admin, EntryKind.SOURCE_ADDED, "url")
    assert LedgerText.objects.filter(text=None).count() == 0


@pytest.mark.parametrize("name", ["ada", "dora"])
def test_who_does_not_edit_at_its_desk_is_refused(cast, claim, name):
    with pytest.raises(NotAllowed):
        remove(getattr(cast, name), EntryKind.CLAIM_OPENED, "statement")
    assert fresh(claim).statement == NAME


def test_token_of_an_editor_is_refused(cast, claim):
    editor = acting(caller(cast, "cleo", cast.desk).token)
    with pytest.raises(NotAllowed):
        remove(editor, EntryKind.CLAIM_OPENED, "statement")


def test_restricted_claim_is_not_there_for_the_administrator(cast):
    make_claim(cast, NAME, visibility=Visibility.RESTRICTED)
    with pytest.raises(NotFound):
        remove(cast.admin, EntryKind.CLAIM_OPENED, "statement")
    remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement")
    assert Claim.objects.get().statement == "[redacted]"


@pytest.mark.parametrize("seq", [0, -1, 99])
def test_entry_that_is_not_there_is_not_found(cast, claim, seq):
    with pytest.raises(NotFound):
        redact(cast.cleo, seq=seq, field="statement", reason=WHY)


def test_field_that_is_not_there_is_refused_with_those_that_are(cast, claim):
    with pytest.raises(InvalidInput, match="it has: statement"):
        remove(cast.cleo, EntryKind.CLAIM_OPENED, "rationale")


def test_reason_is_required(cast, claim):
    with pytest.raises(InvalidInput, match="reason"):
        remove(cast.cleo, EntryKind.CLAIM_OPENED, "statement", reason=" ")


def test_text_is_removed_once(cast, claim):
    redact(cast.cleo, seq=1, field="statement", reason=WHY)
    after = head_seq()
    with pytest.raises(RuleRefused, match="already"):
        redact(cast.cleo, seq=1, field="statement", reason=WHY)
    assert head_seq() == after


def test_command_removes_in_the_name_of_a_person(cast, claim, capsys):
    call_command("redact", seq=1, field="statement", reason=WHY, user="cleo")
    assert "1 commitments" in capsys.readouterr().out
    assert fresh(claim).statement == "[redacted]"


def test_command_says_why_it_does_not(cast, claim):
    with pytest.raises(CommandError, match="Only an editor"):
        call_command("redact", seq=1, field="statement", reason=WHY, user="ada")
    with pytest.raises(CommandError, match="no active person"):
        call_command("redact", seq=1, field="statement", reason=WHY, user="nobody")
