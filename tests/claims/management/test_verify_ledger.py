"""The operator's verification and anchoring: what is found is noted, for the board."""

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, LedgerAnchor, LedgerCheck, LedgerEntry
from claims.queries.ledger import head_seq
from claims.queries.trust import ledger_trust
from claims.services.anchors import check_further, note_anchor
from tests.claims.cast import make_claim


@pytest.fixture
def claims(cast):
    return [make_claim(cast, f"Claim {n}.") for n in range(4)]


def head():
    row = LedgerEntry.objects.latest("seq")
    return f"{row.seq}:{bytes(row.hash).hex()}"


def test_a_whole_ledger_is_noted_with_its_head(claims):
    call_command("verify_ledger")
    check = LedgerCheck.objects.get()
    assert f"{check.seq}:{bytes(check.head).hex()}" == head()
    assert (check.is_whole, check.entries, check.finding) == (True, 4, "")


def test_a_broken_one_is_noted_too(claims):
    Claim.objects.filter(pk=claims[2].pk).update(status="corroborated")
    with pytest.raises(CommandError, match="entry 3: "):
        call_command("verify_ledger")
    check = LedgerCheck.objects.get()
    assert (check.is_whole, check.seq) == (False, 2)
    assert claims[2].reference in check.finding


def test_from_an_entry_on_is_noted_where_all_before_was_found_whole(cast, claims):
    call_command("verify_ledger", since=2)
    assert not LedgerCheck.objects.exists()
    call_command("verify_ledger")
    make_claim(cast)
    call_command("verify_ledger", since=3)
    assert LedgerCheck.objects.latest("checked_at").seq == 5


def test_an_entry_that_is_not_there_to_go_on_from_is_named(claims):
    with pytest.raises(CommandError, match="entry 9: is missing"):
        call_command("verify_ledger", since=9)


def test_the_head_noted_elsewhere_is_compared(claims, capsys):
    call_command("anchor_ledger", place="the legal mailbox")
    noted = capsys.readouterr().out.strip()
    assert noted == head()
    call_command("verify_ledger", noted=noted)
    for wrong, reason in (
        ("4:" + "0" * 64, "entry 4: is not what was noted of it elsewhere"),
        ("5:" + "0" * 64, "entry 5: was noted elsewhere, and is missing"),
        ("4", "SEQ:HASH"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("verify_ledger", noted=wrong)


@pytest.mark.parametrize("seq", [3, 9])
def test_a_note_that_no_longer_agrees_breaks_the_ledger(claims, seq):
    note_anchor("the legal mailbox")
    LedgerAnchor.objects.update(seq=seq)
    with pytest.raises(CommandError, match=f"entry {seq}: .*noted"):
        call_command("verify_ledger")


@pytest.mark.parametrize("place", ["", "x" * 301, "a\u202eb"])
def test_an_anchor_needs_a_place(claims, place):
    with pytest.raises(CommandError, match="place"):
        call_command("anchor_ledger", place=place)


def test_an_empty_ledger_has_nothing_to_write_down(db):
    with pytest.raises(CommandError, match="empty"):
        call_command("anchor_ledger", place="the legal mailbox")
    assert not LedgerAnchor.objects.exists()


def test_a_further_check_goes_on_from_the_last_a_few_entries_at_a_time(cast, claims):
    seen = [check_further(most=3) for _ in range(3)]
    assert [check.seq for check in seen if check] == [3, 4]
    assert [check.entries for check in seen if check] == [3, 1]
    make_claim(cast)
    assert check_further().seq == 5


def test_a_further_check_does_not_take_back_that_the_ledger_is_broken(claims):
    Claim.objects.filter(pk=claims[2].pk).update(status="corroborated")
    with pytest.raises(CommandError):
        call_command("verify_ledger")
    assert check_further() is None
    assert not ledger_trust().is_whole
    Claim.objects.filter(pk=claims[2].pk).update(status="reported")
    call_command("verify_ledger")
    assert ledger_trust().is_whole


def test_a_further_check_notes_what_it_finds_broken(claims):
    LedgerCheck.objects.create(
        checked_at="2024-10-18T00:00Z", seq=2, head=b"\x00" * 32, entries=2, is_whole=True
    )
    check = check_further()
    assert (check.is_whole, check.seq) == (False, 1)
    assert check.finding == "entry 2: is not what was noted of it before"


def test_trust_tells_when_the_ledger_was_verified_and_what_is_not_yet_anchored(cast, claims):
    never = ledger_trust()
    assert (never.checked_at, never.is_whole, never.anchored_at) == (None, False, None)
    assert never.entries_since_anchor == head_seq() == 4
    call_command("verify_ledger")
    note_anchor("the legal mailbox")
    make_claim(cast)
    trust = ledger_trust()
    assert (trust.checked_seq, trust.is_whole, trust.head) == (4, True, 5)
    assert (trust.anchored_seq, trust.place) == (4, "the legal mailbox")
    assert trust.entries_since_anchor == 1
