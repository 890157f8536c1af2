from datetime import UTC, datetime

import pytest

from claims.present.badges import Badge
from claims.present.history import REMOVED, history_lines
from claims.queries.ledger import Entry
from claims.states import ClaimKind, ClaimStatus, EntryKind

AT = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
PERSON = {"kind": "person", "person": "PE-0AAAAA", "name": "sha256:mira"}
TEXTS = {"sha256:mira": "Mira Kovač", "sha256:why": "All repeat one origin.", "sha256:now": "3,000"}


def line(kind, *, texts=TEXTS, claim_kind=ClaimKind.FACT, **body):
    body = {"v": 1, "actor": PERSON, "claim": "ST-0AAAAA", **body}
    entry = Entry(7, AT, kind.value, "leaf", "hash", body, texts)
    (found,) = history_lines([entry], kind=claim_kind)
    return found


def test_a_decision_tells_both_statuses_the_ground_who_and_why():
    found = line(
        EntryKind.STATUS_CHANGED,
        was="corroborated",
        sets={"ST-0AAAAA": {"status": "reported", "ground": "single_origin"}},
        rationale="sha256:why",
    )
    assert (found.what, found.who, found.detail) == (
        "status changed",
        "Mira Kovač",
        "single origin",
    )
    assert (found.was, found.to) == (Badge(ClaimStatus.CORROBORATED), Badge(ClaimStatus.REPORTED))
    assert found.texts == ("All repeat one origin.",)
    assert found.is_decision


def test_a_statement_s_history_says_that_it_was_said():
    found = line(
        EntryKind.STATUS_CHANGED,
        claim_kind=ClaimKind.STATEMENT,
        was="reported",
        sets={"ST-0AAAAA": {"status": "disputed"}},
    )
    assert found.to == Badge(ClaimStatus.DISPUTED, ClaimKind.STATEMENT)


def test_a_flag_tells_its_kind_and_what_the_page_now_says():
    found = line(
        EntryKind.FLAG_RAISED, actor={"kind": "machine"}, flag="figure_altered", found="sha256:now"
    )
    assert (found.who, found.detail, found.texts) == ("the watch", "figure altered", ("3,000",))
    assert found.is_flag


def test_a_proposal_shows_the_status_it_asks_for():
    sets = {"PR-0AAAAA": {"kind": "status", "to": "corroborated", "ground": "primary_record"}}
    found = line(EntryKind.PROPOSED, sets=sets)
    assert (found.was, found.to) == (None, Badge(ClaimStatus.CORROBORATED))
    assert found.detail == "primary record"


@pytest.mark.parametrize(
    ("kind", "body", "detail"),
    [
        (
            EntryKind.QUOTE_STATE_CHANGED,
            {"sets": {"EV-1": {"quote_state": "missing"}}},
            "no longer there",
        ),
        (EntryKind.BASIS_CHANGED, {"sets": {"ST-1": {"basis": "lost"}}}, "basis lost"),
        (EntryKind.CLAIM_LINKED, {"link": "updates", "to": "ST-0BBBBB"}, "updates ST-0BBBBB"),
        (EntryKind.REVIEW_ENDED, {"sets": {"RE-1": {"outcome": "stands"}}}, "stands"),
        (
            EntryKind.CLAIM_OPENED,
            {"sets": {"ST-1": {"basis": "holds", "ground": "not_reviewed"}}},
            "",
        ),
    ],
)
def test_an_entry_s_detail_is_in_plain_words(kind, body, detail):
    assert line(kind, **body).detail == detail


def test_a_redacted_text_owns_up_to_it():
    assert line(EntryKind.REVIEW_STANDS, texts={}, rationale="sha256:why").texts == (REMOVED,)


def test_an_imported_entry_shows_when_it_happened():
    happened = datetime(2024, 10, 18, 12, 0, tzinfo=UTC)
    micros = int(happened.timestamp() * 1_000_000)
    assert line(EntryKind.CLAIM_OPENED, occurred_at=micros).at == happened


def test_an_undone_slip_is_named_as_one():
    found = line(
        EntryKind.STATUS_CHANGED,
        was="reported",
        sets={"ST-0AAAAA": {"status": "corroborated"}},
        is_undo=True,
    )
    assert found.what == "slip of the hand undone"


def test_a_withheld_entry_has_no_line():
    assert history_lines([Entry(7, AT, "withheld", "leaf", "hash")], kind=ClaimKind.FACT) == ()


def test_every_kind_of_entry_has_a_line():
    for kind in set(EntryKind) - {EntryKind.STATUS_CHANGED, EntryKind.PROPOSED}:
        assert line(kind).what
