import hashlib
import json
from datetime import datetime

import pytest

from claims.models import LedgerEntry, LedgerText, Membership
from claims.models.chain import GENESIS, canonical, hash_of, leaf_of
from claims.services.claims import set_visibility
from claims.states import Role, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


def follow(api, *, limit: int, after: int = 0, kinds: str = "") -> list[dict]:
    """Follow the feed as docs/api.md says, to its end."""
    seen = []
    while True:
        page = api.read(f"changes/?after={after}&limit={limit}{kinds}")
        seen += page["entries"]
        after = page["next_after"]
        if page["caught_up"]:
            return seen


@pytest.fixture
def record(cast):
    for number in range(4):
        make_evidence(
            cast, make_claim(cast, f"Claim {number}."), origin=make_origin(cast, f"Origin {number}")
        )


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_feed_followed_to_its_end_gives_every_entry_once(api, record, limit):
    seqs = [entry["seq"] for entry in follow(api, limit=limit)]
    assert seqs == list(range(1, LedgerEntry.objects.count() + 1))


def test_feed_goes_on_where_it_stopped(api, cast, record):
    last = follow(api, limit=50)[-1]["seq"]
    claim = make_claim(cast, "Later.")
    (entry,) = follow(api, limit=50, after=last)
    assert (entry["seq"], entry["claim"]) == (last + 1, claim.reference)


def test_caught_up_reader_gets_nothing_and_keeps_its_place(api, record):
    head = LedgerEntry.objects.count()
    page = api.read(f"changes/?after={head}")
    assert page["entries"] == []
    assert (page["next_after"], page["head"], page["caught_up"]) == (head, head, True)


def test_place_beyond_the_end_is_of_another_ledger(api, record):
    answer = api.get("changes/?after=1000000")
    assert answer.status_code == 400
    assert "begin again" in answer.json()["errors"]["after"][0]


def test_empty_page_of_some_kinds_still_moves_on(api, record):
    page = api.read("changes/?kinds=redacted&limit=3")
    assert (page["entries"], page["next_after"], page["caught_up"]) == ([], 3, False)


def test_kinds_are_told_alone(api, record):
    entries = follow(api, limit=2, kinds="&kinds=claim_opened,origin_added")
    assert sorted(entry["kind"] for entry in entries) == ["claim_opened"] * 4 + ["origin_added"] * 4


def test_reader_can_verify_the_chain_from_what_it_was_told(api, record):
    head = GENESIS
    for entry in follow(api, limit=5):
        leaf = bytes.fromhex(entry["leaf"])
        if entry["kind"] != "withheld":
            at = datetime.fromisoformat(entry["recorded_at"])
            body = canonical(entry["body"])
            assert leaf_of(seq=entry["seq"], recorded_at=at, kind=entry["kind"], body=body) == leaf
        head = hash_of(prev_hash=head, leaf=leaf)
        assert head.hex() == entry["hash"]


def test_texts_stand_beside_their_commitments(api, record):
    entry = next(entry for entry in follow(api, limit=50) if entry["kind"] == "claim_opened")
    name = entry["body"]["sets"][entry["claim"]]["statement"]
    text = entry["texts"][name]
    salt = LedgerText.objects.get(commitment=name).salt or b""
    assert text == "Claim 0."
    assert name == f"sha256:{hashlib.sha256(bytes(salt) + text.encode()).hexdigest()}"


def test_redacted_text_is_absent_while_the_entry_stays(api, owner, record):
    entry = next(entry for entry in follow(api, limit=50) if entry["kind"] == "claim_opened")
    name = entry["body"]["sets"][entry["claim"]]["statement"]
    LedgerText.objects.filter(commitment=name).update(text=None, salt=None)
    again = api.read(f"changes/?after={entry['seq'] - 1}&limit=1")["entries"][0]
    assert again["body"] == entry["body"]
    assert name not in again["texts"]


def test_change_of_rights_is_told(api, cast, record):
    before = api.read("changes/")["rights"]
    Membership.objects.filter(user=cast.users["ada"]).update(role=Role.READER)
    assert api.read("changes/")["rights"] != before


def test_page_costs_the_same_queries_whatever_its_length(api, record, django_assert_num_queries):
    api.get("changes/")
    for limit in (6, 17):
        api.get(f"changes/?limit={limit}")  # its statement is planned once a connection
        # the token, the head, the rows, their texts
        with django_assert_num_queries(4):
            assert len(api.read(f"changes/?limit={limit}")["entries"]) == limit


def test_body_is_told_as_it_was_hashed(api, record):
    text = api.get("changes/").content.decode()
    assert json.loads(text)["entries"][-1]["body"]["v"] == 1
    assert "\\u" not in text


def test_what_was_hidden_before_is_not_told_when_it_is_hidden_otherwise(api, outsider, cast):
    claim = make_claim(cast)
    for to in (Visibility.RESTRICTED, Visibility.EMBARGOED):
        set_visibility(cast.cleo, claim.pk, to=to, seen=fresh(claim).revision)
    outside = [entry["kind"] for entry in follow(outsider, limit=50)]
    assert outside.count("hidden") == 1
    assert [entry["kind"] for entry in follow(api, limit=50)].count("hidden") == 2
