"""The list of claims: every number of the board leads to as many, and nobody sees more than theirs."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from claims.services.claims import close
from claims.services.proposals import propose_stands
from claims.states import CloseReason, Visibility
from tests.claims.cast import fresh, make_claim
from tests.claims.web.test_board import corroborate, dispute, flag


def listed(client, address="/claims/"):
    response = client.get(address)
    assert response.status_code == 200
    return [row.statement for row in response.context["rows"]]


@pytest.fixture
def desk_at_work(cast):
    """Claims of every kind of work, one of them closed, one restricted."""
    make_claim(cast, "Late.", priority=1)
    make_claim(cast, "New.", topic="troops")
    corroborate(cast, make_claim(cast, "Holds.", topic="troops"))
    flag(cast, corroborate(cast, make_claim(cast, "Shaken.")))
    dispute(cast, make_claim(cast, "Disputed."))
    waiting = corroborate(cast, make_claim(cast, "Waiting."))
    flag(cast, waiting)
    propose_stands(cast.ada, waiting.pk, rationale="Read.", seen=fresh(waiting).revision)
    closed = make_claim(cast, "Closed.")
    close(
        cast.ada,
        closed.pk,
        reason=CloseReason.NO_LONGER_FOLLOWED,
        note="No longer of use.",
        seen=fresh(closed).revision,
    )
    make_claim(cast, "Restricted.", visibility=Visibility.RESTRICTED)


@pytest.mark.parametrize("who", ["dora", "omar"])
@pytest.mark.parametrize("narrowed", ["", "&topic=troops&desk=world"])
def test_every_number_of_the_board_leads_to_as_many_claims(desk_at_work, reader_of, who, narrowed):
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        client = reader_of(who)
        board = html.unescape(client.get(f"/?period=30{narrowed}").content.decode())
        links = re.findall(r'<a[^>]*href="(/claims/(?:\?[^"]*)?)"[^>]*>([\d,]+)\b', board)
        counted = {address: int(number) for address, number in links if number != "0"}
        assert len(counted) >= 5
        assert {address: len(listed(client, address)) for address in counted} == counted


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("status=disputed", ["Disputed."]),
        ("status=corroborated&basis=holds", ["Holds."]),
        ("status=corroborated&basis=not_holding", ["Waiting.", "Shaken."]),
        ("basis=in_question", ["Waiting.", "Shaken."]),
        ("basis=lost", []),
        ("work=new", ["New.", "Late."]),
        ("work=flagged", ["Waiting.", "Shaken."]),
        ("work=sign_off", ["Waiting."]),
        ("work=overridden", []),
        ("topic=troops", ["Holds.", "New."]),
        ("desk=sport", []),
        ("reason=flagged", ["Shaken."]),
    ],
)
def test_each_filter_lists_what_it_says(desk_at_work, reader_of, query, statements):
    assert listed(reader_of("omar"), f"/claims/?{query}") == statements


def test_the_backlog_stands_longest_waiting_first(desk_at_work, reader_of):
    assert listed(reader_of("omar"), "/claims/?work=open") == ["Late.", "New.", "Shaken."]


def test_a_late_claim_is_one_over_the_target_of_its_priority(desk_at_work, reader_of):
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert listed(reader_of("omar"), "/claims/?work=late") == ["Late."]
        assert listed(reader_of("omar"), "/claims/?work=open&age=0h") == []
        assert listed(reader_of("omar"), "/claims/?age=1h") == ["Late.", "New.", "Shaken."]


def test_a_restricted_claim_is_listed_at_its_desk_alone(desk_at_work, reader_of):
    assert "Restricted." in listed(reader_of("dora"))
    for who in ("omar", "admin"):
        assert "Restricted." not in listed(reader_of(who))
    assert "Closed." not in listed(reader_of("dora"))


@pytest.mark.parametrize("query", ["", "work=open"])
def test_pages_follow_each_other_without_gap_or_repeat(cast, reader_of, monkeypatch, query):
    monkeypatch.setattr("claims.web.lists.PAGE_SIZE", 2)
    for number in range(5):
        make_claim(cast, f"Claim {number}.")
    client, address, found = reader_of("dora"), f"/claims/?{query}", []
    while address:
        response = client.get(address)
        found += [row.statement for row in response.context["rows"]]
        address = response.context["next_url"] and f"/claims/{response.context['next_url']}"
    assert sorted(found) == [f"Claim {number}." for number in range(5)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("status=true", "There is no status “true” here"),
        ("basis=shaky", "There is no basis “shaky” here"),
        ("age=2h", "There is no age “2h” here"),
        ("topic=nothing", "There is no topic “nothing” here"),
        ("before=ST-000000", "This page cannot be narrowed by “before”."),
    ],
)
def test_what_an_address_asks_wrongly_is_said_kindly(reader_of, query, told):
    response = reader_of("dora").get(f"/claims/?{query}")
    assert response.status_code == 400
    assert told in response.content.decode()


@pytest.mark.parametrize("after", ["ST-000000", "nonsense"])
def test_a_place_in_the_list_that_is_not_there_is_404(reader_of, after):
    assert reader_of("dora").get("/claims/", {"after": after}).status_code == 404


def test_a_place_behind_a_claim_of_another_desk_is_404(cast, reader_of):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    assert reader_of("omar").get("/claims/", {"after": claim.reference}).status_code == 404
    assert reader_of("dora").get("/claims/", {"after": claim.reference}).status_code == 200


def test_an_empty_list_says_whether_it_is_narrowed(reader_of):
    client = reader_of("dora")
    assert "No claim is on record yet." in client.get("/claims/").content.decode()
    assert "No claim you may see" in client.get("/claims/?status=disputed").content.decode()


@pytest.mark.parametrize("many", [1, 8])
def test_the_number_of_queries_does_not_grow_with_the_claims(
    cast, reader_of, django_assert_max_num_queries, many
):
    for number in range(many):
        make_claim(cast, f"Claim {number}.")
    client = reader_of("dora")
    with django_assert_max_num_queries(9):
        client.get("/claims/?work=open")
