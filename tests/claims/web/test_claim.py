from datetime import date

import pytest

from claims.models import Evidence, Figure, Observation, Source, Watch
from claims.queries.ledger import head_seq
from claims.services.articles import add_appearance, add_article
from claims.services.claims import close, link
from claims.services.evidence import withdraw_evidence
from claims.services.origins import add_origin
from claims.services.proposals import propose
from claims.services.reviews import ask_for_review
from claims.services.status import decide
from claims.states import (
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    OriginKind,
    QuoteState,
    Stance,
    Visibility,
)
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin
from tests.claims.printed import make_article, printed


def text_of(client, claim):
    response = client.get(f"/claims/{claim.reference}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_claim_says_what_it_is_and_that_nothing_is_linked(cast, reader_of):
    text = text_of(reader_of("dora"), make_claim(cast))
    assert "1,500 soldiers have arrived." in text
    assert "Someone says so; we have not established it." in text
    assert "not yet reviewed" in text
    assert "Nothing is linked to this claim yet." in text
    assert "Claim put on record" in text


def test_evidence_shows_quote_state_origin_grades_and_whether_it_counts(cast, reader_of):
    claim = make_claim(cast)
    state = make_origin(cast, "South Korean state")
    nis = make_origin(cast, "NIS", part_of=state)
    wire = make_evidence(cast, claim, origin=nis)
    make_evidence(cast, claim, relays_evidence=wire)
    make_evidence(cast, claim, origin=make_origin(cast, "Media", kind=OriginKind.COLLECTIVE))
    text = text_of(reader_of("dora"), claim)
    assert "about 1,500 soldiers" in text
    assert "still there" in text
    assert "reliability F, cannot be judged" in text
    assert "6, cannot be judged" in text
    assert "Counts towards independent origins." in text
    assert "a collective name is not an origin" in text
    assert "which has it from NIS, which is part of South Korean state" in text


def test_an_altered_quote_stands_beside_what_the_page_now_says(cast, reader_of):
    claim = make_claim(cast)
    row = make_evidence(cast, claim, state=QuoteState.ALTERED)
    Evidence.objects.filter(pk=row.pk).update(quote_found="about 3,000 soldiers")
    text = text_of(reader_of("dora"), claim)
    assert "The page now says" in text
    assert "about 3,000 soldiers" in text


def test_an_open_flag_and_a_proposal_stand_at_the_top(cast, reader_of):
    claim = make_claim(cast)
    make_evidence(cast, claim, origin=make_origin(cast, "NIS"), is_primary_record=True)
    propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.PRIMARY_RECORD,
        rationale="The letter itself.",
        seen=fresh(claim).revision,
    )
    ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail="We know otherwise.")
    text = text_of(reader_of("dora"), claim)
    assert "We know otherwise." in text
    assert "Waiting for sign-off" in text
    assert "The letter itself." in text
    assert "Basis in question" in text


def test_withdrawn_evidence_stays_visible_as_withdrawn(cast, reader_of):
    claim = make_claim(cast)
    row = make_evidence(cast, claim)
    withdraw_evidence(cast.ada, row.reference, reason="Wrong page.")
    text = text_of(reader_of("dora"), claim)
    assert "Withdrawn" in text
    assert "Wrong page." in text


def test_a_closed_and_replaced_claim_answers_with_its_successor(cast, reader_of):
    claim, successor = make_claim(cast), make_claim(cast, "2,000 soldiers have arrived.")
    close(
        cast.ada,
        claim.pk,
        reason=CloseReason.DUPLICATE,
        note="The same.",
        replaced_by=successor.reference,
        seen=fresh(claim).revision,
    )
    text = text_of(reader_of("dora"), claim)
    assert "Replaced by" in text
    assert f"/claims/{successor.reference}/" in text


def test_links_are_told_from_both_sides(cast, reader_of):
    old, new = make_claim(cast), make_claim(cast, "2,000 soldiers have arrived.")
    link(cast.ada, new.pk, kind=ClaimLinkKind.UPDATES, to=old.reference)
    assert "is updated by" in text_of(reader_of("dora"), old)
    assert ">updates<" in text_of(reader_of("dora"), new)


def test_a_claim_leads_to_its_place_in_the_article(cast, reader_of):
    claim = make_claim(cast)
    article = add_article(
        cast.ada, desk=cast.desk, text="1,500 soldiers arrived.", values={"title": "Soldiers"}
    )
    add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=14)
    text = text_of(reader_of("dora"), claim)
    assert f"/articles/{article.reference}/#in-{claim.reference}" in text


def test_a_statement_says_that_it_was_said_and_by_whom(cast, reader_of):
    origin = make_origin(cast, "Yoon Suk Yeol", kind=OriginKind.PERSON)
    claim = make_claim(cast, "All means are needed.", kind=ClaimKind.STATEMENT, claimant=origin)
    text = text_of(reader_of("dora"), claim)
    assert "that it was said" in text
    assert "Yoon Suk Yeol" in text


def test_the_basis_line_owns_up_to_pages_never_looked_at(cast, reader_of):
    claim = make_claim(cast)
    make_evidence(cast, claim)
    assert "not every source looked at yet" in text_of(reader_of("dora"), claim)
    Watch.objects.update(last_looked_at="2026-11-23T09:04:00Z")
    assert "oldest look" in text_of(reader_of("dora"), claim)


@pytest.mark.parametrize(("reader", "status"), [("dora", 200), ("omar", 404), ("admin", 404)])
def test_a_restricted_claim_exists_for_its_desk_alone(cast, reader_of, reader, status):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    assert reader_of(reader).get(f"/claims/{claim.reference}/").status_code == status


def test_a_confidential_origin_keeps_its_name_within_its_desk(cast, reader_of):
    claim = make_claim(cast)
    origin = add_origin(cast.ada, values={"name": "Heron"}, confidential_at=cast.desk)
    claimed = make_claim(cast, "Something else.", claimant=origin)
    make_evidence(cast, claim, origin=origin)
    assert "Heron" in text_of(reader_of("dora"), claim)
    for page in (claim, claimed):
        text = text_of(reader_of("omar"), page)
        assert "Heron" not in text
        assert "a confidential source" in text


def test_evidence_that_relays_a_claim_one_may_not_see_does_not_name_it(cast, reader_of):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    hidden = make_evidence(cast, secret, url="https://hidden.example.org/page")
    claim = make_claim(cast)
    make_evidence(cast, claim, relays_evidence=hidden)
    text = text_of(reader_of("omar"), claim)
    assert "hidden.example.org" not in text
    assert "evidence on a claim you may not see" in text
    assert "hidden.example.org" in text_of(reader_of("dora"), claim)


def test_a_hostile_page_s_words_stay_words(cast, reader_of):
    claim = make_claim(cast, "<script>alert(1)</script>")
    row = make_evidence(cast, claim, quote="<img src=x onerror=alert(2)>")
    Source.objects.filter(pk=row.source_id).update(
        title="</title><script>alert(3)</script>", url="javascript:alert(4)"
    )
    text = text_of(reader_of("dora"), claim)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert 'href="javascript:' not in text


@pytest.mark.parametrize("typed", ["{}", "{lower}"])
def test_a_reference_may_be_typed_in_any_case(cast, reader_of, typed):
    reference = make_claim(cast).reference
    path = typed.format(reference, lower=reference.lower())
    assert reader_of("dora").get(f"/claims/{path}/").status_code == 200


@pytest.mark.parametrize("path", ["ST-000000/", "x/", "ST-UUUUUU/", "ST-000000/?before=x"])
def test_what_is_no_claim_is_404(reader_of, path):
    assert reader_of("dora").get(f"/claims/{path}").status_code == 404


def test_long_history_is_read_page_by_page(cast, reader_of):
    claim = make_claim(cast)
    for number in range(30):
        link(
            cast.ada,
            claim.pk,
            kind=ClaimLinkKind.FOLLOWS,
            to=make_claim(cast, f"{number}").reference,
        )
        ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail=f"Tip {number}.")
    client = reader_of("dora")
    first = client.get(f"/claims/{claim.reference}/").context
    assert len(first["page"].history) == 50
    older = client.get(f"/claims/{claim.reference}/{first['older_history_url'].partition('#')[0]}")
    assert older.context["page"].history[0].seq < first["page"].history[-1].seq
    assert older.context["page"].history[-1].what == "claim put on record"


def test_the_number_of_queries_does_not_grow_with_the_evidence(
    cast, reader_of, django_assert_max_num_queries
):
    claim = make_claim(cast, as_of_on=date(2026, 11, 1))
    for number in range(12):
        make_evidence(
            cast, claim, origin=make_origin(cast, f"Origin {number}"), stance=Stance.SUPPORTS
        )
    client = reader_of("dora")
    with django_assert_max_num_queries(33):
        client.get(f"/claims/{claim.reference}/")


def test_a_page_goes_by_its_publisher_unless_that_names_two(cast, reader_of):
    claim = make_claim(cast)
    wire = add_origin(cast.ada, values={"name": "Norlane Wire", "kind": OriginKind.AGENCY})
    first, second = make_evidence(cast, claim), make_evidence(cast, claim, quote="1,500 of them")
    Source.objects.filter(pk=first.source_id).update(publisher=wire, title="First report")
    assert "Norlane Wire, of unknown origin" in text_of(reader_of("dora"), claim)
    Source.objects.filter(pk=second.source_id).update(publisher=wire, title="Second report")
    text = text_of(reader_of("dora"), claim)
    assert "Norlane Wire: First report, of unknown origin" in text
    assert "Norlane Wire: Second report, of unknown origin" in text


def disputed(cast, claim):
    make_evidence(cast, claim, stance=Stance.DISPUTES, origin=make_origin(cast, "the garrison"))
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="They differ.",
        seen=fresh(claim).revision,
    )


def test_the_head_says_how_to_write_it(cast, reader_of):
    claim = make_claim(cast, claimant=make_origin(cast, "the NIS"))
    assert "Write “according to the NIS”." in text_of(reader_of("dora"), claim)


def test_each_status_stands_with_the_evidence_it_was_decided_on(cast, reader_of):
    claim = make_claim(cast)
    disputed(cast, claim)
    Evidence.objects.filter(claim=claim).update(quote="other words")
    text = text_of(reader_of("dora"), claim)
    assert "The evidence as it stood then: 1 piece" in text
    assert text.count("about 1,500 soldiers") >= 1


def test_the_looks_at_each_source_are_drawn_and_told(cast, reader_of):
    claim = make_claim(cast)
    row = make_evidence(cast, claim)
    seen = {"first_seen_at": "2026-11-23T09:00:00Z", "last_seen_at": "2026-11-23T09:04:00Z"}
    Observation.objects.create(source=row.source, outcome="timeout", count=2, **seen)
    text = text_of(reader_of("dora"), claim)
    assert 'class="strip-hidden"' in text
    assert "No answer in time" in text


def test_figures_that_differ_stand_side_by_side(cast, reader_of):
    claim = make_claim(cast)
    first, second = make_evidence(cast, claim), make_evidence(cast, claim, quote="3,000 soldiers")
    for row, value in ((first, 1500), (second, 3000)):
        Figure.objects.create(evidence=row, value=value, unit="soldiers", qualifier="about")
    text = text_of(reader_of("dora"), claim)
    assert "Figures, side by side" in text
    assert "They differ." in text
    assert "Figures, side by side" not in text_of(reader_of("dora"), make_claim(cast, "No figure."))


def test_pages_that_repeat_each_other_are_drawn_as_a_circle(cast, reader_of):
    claim = make_claim(cast)
    first = make_evidence(cast, claim)
    second = make_evidence(cast, claim, relays_evidence=first)
    Evidence.objects.filter(pk=first.pk).update(relays_evidence=second)
    text = text_of(reader_of("dora"), claim)
    assert "link-circular" in text
    assert "again: a circle, no origin" in text


def test_a_page_of_the_past_shows_the_claim_as_it_stood(cast, reader_of):
    claim = make_claim(cast)
    before = head_seq()
    disputed(cast, claim)
    client = reader_of("dora")
    past = client.get(f"/claims/{claim.reference}/", {"seq": before})
    text = past.content.decode()
    assert f"As it stood after entry {before}" in text
    assert past.context["page"].badge.status is ClaimStatus.REPORTED
    assert "Nothing is linked to this claim yet." in text
    assert "when its sources were last looked at" in text
    assert "When its sources were looked at" not in text
    assert "not every source looked at yet" not in text
    assert f"?seq={past.context['as_of'].next_seq}" in text
    assert len(past.context["timeline"].steps) == 1


def test_the_past_is_asked_for_by_time_too(cast, reader_of):
    claim = make_claim(cast)
    client = reader_of("dora")
    soon = claim.created_at.isoformat().replace("+00:00", "Z")
    assert client.get(f"/claims/{claim.reference}/", {"at": "2001-01-01T00:00"}).status_code == 404
    assert client.get(f"/claims/{claim.reference}/", {"at": soon}).status_code in {200, 404}
    assert client.get(f"/claims/{claim.reference}/", {"at": ""}).status_code == 200


def test_a_claim_not_yet_on_record_says_so(cast, reader_of):
    claim = make_claim(cast)
    path = f"/claims/{claim.reference}/"
    response = reader_of("dora").get(path, {"at": "2001-01-01T00:00Z"})
    assert "This claim was not yet on record then" in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "seq=x",
        "seq=-1",
        "seq=999999999999",
        "at=nonsense",
        "at=2024-13-40T99:99",
        "at=2999-01-01T00:00Z",
    ],
)
def test_what_is_no_moment_of_the_past_is_404(cast, reader_of, asked):
    claim = make_claim(cast)
    assert reader_of("dora").get(f"/claims/{claim.reference}/?{asked}").status_code == 404


def test_a_restricted_claim_has_no_past_for_others(cast, reader_of):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    response = reader_of("omar").get(f"/claims/{claim.reference}/", {"seq": head_seq()})
    assert response.status_code == 404
    assert claim.reference not in response.content.decode()


def test_history_leads_to_the_claim_as_of_each_entry(cast, reader_of):
    claim = make_claim(cast)
    seq = head_seq()
    assert f"/claims/{claim.reference}/?seq={seq}" in text_of(reader_of("dora"), claim)


def test_older_history_of_the_past_stays_in_the_past(cast, reader_of):
    claim = make_claim(cast)
    for number in range(50):
        ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail=f"Tip {number}.")
    seq = head_seq()
    found = reader_of("dora").get(f"/claims/{claim.reference}/", {"seq": seq}).context
    assert found["older_history_url"].startswith(f"?seq={seq}&before=")


def test_the_queries_of_a_claim_are_the_same_for_3_and_30_pieces_of_evidence(
    cast, reader_of, django_assert_max_num_queries
):
    claim = make_claim(cast)
    client = reader_of("dora")
    for number in range(30):
        if number in {3, 29}:
            with django_assert_max_num_queries(33):
                client.get(f"/claims/{claim.reference}/")
            with django_assert_max_num_queries(22):
                client.get(f"/claims/{claim.reference}/", {"seq": head_seq()})
        make_evidence(cast, claim, origin=make_origin(cast, f"Origin {number}"))


def test_what_was_printed_on_it_stands_on_the_page_of_now_alone(cast, reader_of):
    claim = make_claim(cast)
    printed(cast, claim, article=make_article(cast, title="What we know"))
    assert "In print</h2>" in text_of(reader_of("dora"), claim)
    past = reader_of("dora").get(f"/claims/{claim.reference}/", {"seq": head_seq()})
    assert "In print</h2>" not in past.content.decode()
