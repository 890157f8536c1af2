"""The board: each panel, for whom, narrowed how, and what it costs while nothing happens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from claims.models import Article, Claim, Desk, LedgerCheck, Watch
from claims.services.articles import add_appearance, add_article
from claims.services.proposals import propose, propose_stands, sign_off
from claims.services.reviews import ask_for_review
from claims.services.status import decide
from claims.services.uses import put_uses
from claims.states import ClaimStatus, FlagKind, Ground, Stance, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin
from tests.claims.printed import make_article


def corroborate(cast, claim):
    make_evidence(cast, claim, origin=make_origin(cast, "NIS"), is_primary_record=True)
    proposal = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.PRIMARY_RECORD,
        rationale="The letter itself.",
        seen=fresh(claim).revision,
    )
    sign_off(cast.ben, proposal.reference, version=proposal.version)
    return fresh(claim)


def dispute(cast, claim, why="Another count."):
    make_evidence(cast, claim, stance=Stance.DISPUTES, dispute_kind="disproof")
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale=why,
        seen=fresh(claim).revision,
    )
    return fresh(claim)


def flag(cast, claim, detail="Look again."):
    return ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail=detail)


def put_in_article(cast, claim, title="What we know"):
    article = add_article(cast.ada, desk=cast.desk, text=claim.statement, values={"title": title})
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now() - timedelta(hours=2))
    add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=len(claim.statement))
    return article


def page(client, address="/", **headers):
    response = client.get(address, headers=headers)
    return response, response.content.decode()


def board_of(client, address="/"):
    return client.get(address).context["board"]


def panel(text, key):
    """The words of one panel, without its markup."""
    (found,) = re.findall(rf'<section class="[^"]*" id="{key}".*?</section>', text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_every_empty_panel_says_what_it_means(reader_of):
    _, text = page(reader_of("dora"))
    for key, words in (
        ("due", "Nothing we printed waits for a correction."),
        ("risk", "No published article of this time"),
        ("disputed", "No claim is disputed."),
        ("late", "Nothing waits longer than it should."),
        ("sources", "No flag comes from a linked source."),
        ("sign-offs", "No proposal waits for a second person."),
        ("reversals", "No decision of the last 7 days changed an earlier one."),
        ("decisions", "Nothing has been decided yet."),
        ("flow", "Nothing is open"),
        ("trust", "nobody has checked the chain yet"),
    ):
        assert words in panel(text, key), key


def test_the_first_panels_are_those_that_call_somebody(cast, reader_of):
    _, text = page(reader_of("dora"))
    panels = re.findall(r'<section class="[^"]*" id="([\w-]+)"', text)
    assert panels[:4] == ["due", "risk", "disputed", "backlog"]
    assert panels[-1] == "trust"


def test_claims_are_counted_by_status_and_corroborated_by_basis(cast, reader_of):
    make_claim(cast)
    corroborate(cast, make_claim(cast, "The letter was sent."))
    flag(cast, corroborate(cast, make_claim(cast, "The vote was held.")))
    _, text = page(reader_of("dora"))
    assert "Corroborated, basis holds 1 33 %" in panel(text, "status")
    assert "Corroborated, basis in question or lost 1 33 %" in panel(text, "status")
    assert "Reported 1 33 %" in panel(text, "status")
    assert "1 not yet reviewed" in panel(text, "status")


def test_words_in_print_that_rest_on_a_fallen_claim_are_due(cast, reader_of):
    claim = corroborate(cast, make_claim(cast, "The letter was sent.", topic="letters"))
    article = make_article(cast)
    words = {"claim": claim.reference, "words": "a letter of the minister"}
    put_uses(cast.ada, article=article.reference, uses=[words])
    client = reader_of("dora")
    assert "0 printed by us" in panel(page(client)[1], "due")
    dispute(cast, claim)
    text = page(client)[1]
    assert "1 printed by us" in panel(text, "due")
    assert "“a letter of the minister”" in panel(text, "due")
    assert "0 printed by us" in panel(page(client, "/?desk=sport")[1], "due")
    assert 'href="/corrections/?topic=letters"' in page(client, "/?topic=letters")[1]


def test_a_disputed_claim_stands_first_with_its_article(cast, reader_of):
    claim = make_claim(cast)
    article = put_in_article(cast, claim)
    dispute(cast, claim)
    _, text = page(reader_of("dora"))
    words = panel(text, "disputed")
    assert words.startswith("Disputed now ?")
    assert "1 1 more than 24 hours ago" in words
    assert "1,500 soldiers have arrived. in What we know" in words
    assert f'href="/articles/{article.reference}/#in-{claim.reference}"' in text


def test_an_article_that_rests_on_a_disputed_claim_is_at_risk(cast, reader_of):
    claim = make_claim(cast)
    put_in_article(cast, claim)
    put_in_article(cast, make_claim(cast, "The sun rose."), title="The weather")
    dispute(cast, claim)
    words = panel(page(reader_of("dora"))[1], "risk")
    assert "1 of 2 articles published in 30 days" in words
    assert "What we know 1 disputed" in words
    assert "The weather" not in words


def test_open_claims_wait_by_age_and_reason(cast, reader_of):
    make_claim(cast)
    flag(cast, corroborate(cast, make_claim(cast, "The vote was held.")))
    words = panel(page(reader_of("dora"))[1], "backlog")
    assert "2 open claims" in words
    assert "under 1 h, new claim: 1" in words
    assert "under 1 h, flag: 1" in words


def test_a_claim_past_the_target_of_its_priority_is_late(cast, reader_of):
    claim = make_claim(cast, priority=1)
    make_claim(cast, "Not yet late.", priority=3)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        words = panel(page(reader_of("dora"))[1], "late")
    assert "1 of 2 open (50 %) over the target" in words
    assert claim.statement in words
    assert "Not yet late." not in words


def test_what_waits_for_sign_off_says_who_may_sign(cast, reader_of):
    claim = corroborate(cast, make_claim(cast, "The vote was held."))
    flag(cast, claim)
    propose_stands(cast.ada, claim.pk, rationale="Read again.", seen=fresh(claim).revision)
    assert "you may sign" in panel(page(reader_of("ben"))[1], "sign-offs")
    for who in ("ada", "dora", "omar"):
        words = panel(page(reader_of(who))[1], "sign-offs")
        assert "The vote was held." in words
        assert "you may sign" not in words


def test_a_reversal_names_both_statuses_and_the_reason(cast, reader_of):
    claim = corroborate(cast, make_claim(cast, "The letter was sent."))
    dispute(cast, claim, why="The agency withdrew its count.")
    words = panel(page(reader_of("dora"))[1], "reversals")
    assert "1 of 2 status changes in 7 days (50 %)" in words
    assert "Corroborated became ! Disputed" in words
    assert "The agency withdrew its count." in words


def test_a_signed_off_decision_names_both_people_and_the_reason(cast, reader_of):
    corroborate(cast, make_claim(cast, "The letter was sent."))
    words = panel(page(reader_of("dora"))[1], "decisions")
    assert "The letter itself." in words
    assert "Ada, signed off by Ben" in words
    assert "Primary record" in words


def trust_line(client):
    (line,) = re.findall(r'id="trust-line".*?</div>', page(client)[1], flags=re.DOTALL)
    return line


def checked(*, ago, is_whole=True, seq=7):
    LedgerCheck.objects.create(
        checked_at=timezone.now() - ago, seq=seq, head=b"", entries=seq, is_whole=is_whole
    )


def test_while_nothing_is_wrong_the_top_says_so_quietly(cast, reader_of):
    make_evidence(cast, make_claim(cast))
    checked(ago=timedelta(minutes=9))
    line = trust_line(reader_of("dora"))
    assert "Every watched source is looked at in time" in line
    assert "the ledger is whole up to entry 7" in line
    assert "is-wrong" not in line


@pytest.mark.parametrize(
    ("ago", "is_whole", "told"),
    [
        (timedelta(minutes=9), False, "the ledger is broken after entry 7"),
        (timedelta(hours=7), True, "the ledger was last verified 7 h ago"),
    ],
)
def test_a_ledger_one_cannot_rely_on_is_said_at_the_top(reader_of, ago, is_whole, told):
    checked(ago=ago, is_whole=is_whole)
    line = trust_line(reader_of("dora"))
    assert "Read this board with care:" in line
    assert told in line


def test_a_ledger_nobody_verified_is_not_called_whole(reader_of):
    line = trust_line(reader_of("dora"))
    assert "the ledger has not been verified yet" in line
    assert "whole" not in line


def test_sources_nobody_looked_at_in_time_are_said_at_the_top(cast, reader_of):
    make_evidence(cast, make_claim(cast))
    Watch.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    client = reader_of("dora")
    assert "1 linked source is overdue for a look" in trust_line(client)
    assert "1 overdue by more than two intervals" in panel(page(client)[1], "trust")


def test_a_review_date_that_passed_is_told_with_its_claim(cast, reader_of):
    claim = make_claim(cast, review_by_on=timezone.localdate() - timedelta(days=2))
    client = reader_of("dora")
    assert "1 review date has passed" in trust_line(client)
    assert claim.reference in panel(page(client)[1], "trust")


def test_nothing_of_a_restricted_claim_reaches_another_desk(cast, reader_of):
    claim = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED, topic="secret-topic")
    put_in_article(cast, claim, title="Elsewhere")
    dispute(cast, claim)
    flag(cast, claim)
    own = page(reader_of("dora"))[1]
    assert "A secret." in panel(own, "disputed")
    assert "secret-topic" in own
    for who in ("omar", "admin"):
        response, text = page(reader_of(who))
        assert "A secret." not in text
        assert claim.reference not in text
        assert "secret-topic" not in text
        board = response.context["board"]
        counts = (
            board.disputed.count,
            board.at_risk.count,
            board.status.total,
            board.backlog.total,
        )
        assert counts == (0, 0, 0, 0)
        assert (board.reversals.count, board.sources.flagged_claims) == (0, 0)


def test_a_topic_and_a_desk_narrow_every_number(cast, reader_of):
    dispute(cast, make_claim(cast, "About one thing.", topic="one"))
    dispute(cast, make_claim(cast, "About another.", topic="other"))
    client = reader_of("dora")
    assert board_of(client).disputed.count == 2
    _, text = page(client, "/?topic=one&desk=world&period=7")
    assert "About one thing." in panel(text, "disputed")
    assert "About another." not in panel(text, "disputed")
    assert board_of(client, "/?topic=one").status.total == 1
    assert board_of(client, "/?desk=sport").status.total == 0
    assert "/claims/?status=disputed&amp;topic=one&amp;desk=world" in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("topic=nothing", "There is no topic “nothing” here"),
        ("desk=nowhere", "There is no desk “nowhere” here"),
        ("period=8", "There is no period “8” here"),
        ("period=x", "There is no period “x” here"),
        ("colour=red", "This page cannot be narrowed by “colour”."),
        ("period=7&period=14", "“period” is given more than once"),
        ("topic=<script>", "There is no topic “&lt;script&gt;” here"),
    ],
)
def test_what_an_address_asks_wrongly_is_said_kindly(reader_of, query, told):
    response, text = page(reader_of("dora"), f"/?{query}")
    assert response.status_code == 400
    assert told in text
    assert "show the whole board" in text
    assert "ETag" not in response


def test_times_and_the_clock_are_in_the_zone_of_the_chosen_desk(cast, reader_of):
    Desk.objects.filter(slug="world").update(time_zone="Europe/Kyiv")
    Desk.objects.filter(slug="sport").update(time_zone="Asia/Seoul")
    client = reader_of("dora")
    assert 'data-zone="Europe/Kyiv"' in page(client)[1]
    text = page(client, "/?desk=sport")[1]
    assert 'data-zone="Asia/Seoul"' in text
    assert re.search(r'<time id="as-of"[^>]*>\d\d:\d\d:\d\d</time> KST', text)


def test_every_panel_says_how_it_is_counted(reader_of):
    _, text = page(reader_of("dora"))
    panels = re.findall(r'<section class="[^"]*" id="([\w-]+)"', text)
    undefined = [key for key in panels if f'id="{key}-defined"' not in text]
    assert undefined == ["decisions"]


def test_an_unchanged_board_answers_304_in_few_queries(
    cast, reader_of, django_assert_max_num_queries
):
    client = reader_of("dora")
    with time_machine.travel(timezone.now(), tick=False):
        first, _ = page(client)
        # session, user; roles, zone, head of the ledger
        with django_assert_max_num_queries(5):
            again, _ = page(client, if_none_match=first["ETag"])
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]


def test_a_new_entry_changes_the_etag(cast, reader_of):
    client = reader_of("dora")
    first, _ = page(client)
    make_claim(cast)
    again, _ = page(client, if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_other_rights_and_other_filters_share_no_etag(reader_of):
    dora = reader_of("dora")
    etags = {
        page(client, address)[0]["ETag"]
        for client in (dora, reader_of("omar"))
        for address in ("/", "/?period=7")
    }
    assert len(etags) == 4


@pytest.mark.parametrize("many", [1, 8])
def test_the_number_of_queries_does_not_grow_with_the_claims(
    cast, reader_of, django_assert_max_num_queries, many
):
    for number in range(many):
        flag(cast, make_claim(cast, f"Claim {number}."))
    assert Claim.objects.count() == many
    client = reader_of("dora")
    with django_assert_max_num_queries(48):
        client.get("/")


def test_somebody_without_a_desk_is_told_so(reader_of):
    assert "You belong to no desk yet." in page(reader_of("admin"))[1]
