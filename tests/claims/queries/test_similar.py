"""Tracked claims found by what they say: for a person who searches, and beside a new claim."""

import pytest
from django.db import connection

from claims.access import visible_to
from claims.models import Claim
from claims.queries.search import MOST_FOUND, search
from claims.queries.similar import similar_claims
from claims.queries.words import Says
from claims.services.claims import close
from claims.states import CloseReason, Visibility
from tests.claims.cast import fresh, make_claim

SAID = "About 1,500 North Korean soldiers have reached Russia."
OTHERS = (
    "The bank closed two branches in Kent.",
    "Ferries to the island run again.",
    "The minister resigned on Friday.",
    "A school roof fell in.",
)


@pytest.fixture
def claim(cast):
    for statement in OTHERS:
        make_claim(cast, statement)
    return make_claim(cast, SAID)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (SAID, "About 1,500 North Korean soldiers have reached Russia."),
        (SAID, "1,500 soldiers from North Korea arrived in Russia"),
        (SAID, "Russia was reached by North Korean soldiers"),
        ("Около 1500 северокорейских солдат прибыли в Россию.", "Северокорейские солдаты в России"),
        ("북한군 1천500명이 러시아에 도착했다.", "북한군은 러시아로 갔다"),
        ("朝鲜军队抵达俄罗斯", "朝鲜军队已抵达俄罗斯"),
        ("ทหารเกาหลีเหนือถึงรัสเซีย", "ทหารเกาหลีเหนือถึงรัสเซียแล้ว"),
    ],
)
def test_a_claim_said_in_other_words_is_found(cast, claim, statement, words):
    wanted = claim if statement == SAID else make_claim(cast, statement)
    (first, *_) = similar_claims(cast.ada, words)
    assert first.claim == wanted
    assert 0.4 <= first.score <= 1


def test_the_very_words_score_one_and_another_figure_less(cast, claim):
    (same,) = similar_claims(cast.ada, SAID)
    (other,) = similar_claims(cast.ada, SAID.replace("1,500", "3,000"))
    assert (same.score, same.has_other_figures) == (1, False)
    assert other.claim == claim
    assert other.has_other_figures
    assert other.score < 0.9


@pytest.mark.parametrize(
    "words", ["", " ", "...", "Whales sing.", "'); DROP TABLE x; --", "a\x00b"]
)
def test_nothing_like_it_gives_nothing(cast, claim, words):
    assert similar_claims(cast.ada, words) == ()


def test_best_comes_first_and_no_more_than_asked_for(cast, claim):
    make_claim(cast, "North Korean soldiers have reached Kursk.")
    make_claim(cast, "North Korean soldiers have left.")
    found = similar_claims(cast.ada, SAID, limit=2)
    assert found[0].claim == claim
    assert len(found) == 2
    assert found[0].score > found[1].score


def test_the_claim_asked_about_and_those_replaced_are_left_out(cast, claim):
    again = make_claim(cast, SAID)
    assert [s.claim for s in similar_claims(cast.ada, SAID, but=claim.pk)] == [again]
    close(
        cast.ada,
        again.pk,
        reason=CloseReason.DUPLICATE,
        note="The same.",
        seen=fresh(again).revision,
        replaced_by=claim.reference,
    )
    assert similar_claims(cast.ada, SAID, but=claim.pk) == ()


def test_a_hidden_claim_is_similar_to_nothing_elsewhere(cast):
    make_claim(cast, SAID, visibility=Visibility.RESTRICTED)
    assert similar_claims(cast.omar, SAID) == ()
    assert len(similar_claims(cast.ben, SAID)) == 1


def test_similar_claims_take_five_queries_however_many_there_are(
    cast, claim, django_assert_max_num_queries
):
    for number in range(30):
        make_claim(cast, f"About {number} North Korean soldiers have reached Russia.")
    ada = cast.ada
    with django_assert_max_num_queries(5):
        assert len(similar_claims(ada, SAID)) == 5


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("soldiers russia", True),
        ("SOLDIER", True),
        ("north kor", True),
        ("russ", True),
        ("1500", True),
        ("1,500 soldiers", True),
        ("2500", False),
        ("soldiers kent", False),
        ("!!!", False),
        ("", False),
        ("' | !x:* & <->", False),
    ],
)
def test_search_wants_every_word_whatever_its_ending(cast, claim, typed, is_found):
    assert list(search(visible_to(cast.ada), typed)) == ([claim] if is_found else [])


def test_search_puts_the_very_words_first_then_the_newest(cast, claim):
    older, newer = (
        make_claim(cast, "Soldiers, Korean ones."),
        make_claim(cast, "Soldiers of Korean blood."),
    )
    found = search(visible_to(cast.ada), "korean soldiers")
    assert list(found) == [claim, newer, older]


def test_search_leaves_out_what_its_reader_may_not_see(cast, claim):
    Claim.objects.filter(pk=claim.pk).update(visibility=Visibility.RESTRICTED)
    assert not search(visible_to(cast.omar), "soldiers").exists()


def test_search_uses_the_index_and_reads_no_more_than_its_cap(cast, claim):
    with connection.cursor() as cursor:
        # on so small a table every other way is as cheap
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    rows = visible_to(cast.ada).filter(Says("statement", "'soldie' & 'russia'"))
    plan = rows.values("pk")[:MOST_FOUND].explain()
    assert "Bitmap Index Scan on claim_words" in plan
    assert "Limit" in plan
