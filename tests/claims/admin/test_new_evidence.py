"""A page is read to a person first; the quote is picked in its text, or typed and looked for."""

import html
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from claims.models import Evidence, Figure, LedgerEntry, Origin, Proposal, Source, Watch
from claims.queries.ledger import head_seq
from claims.services.origins import add_origin
from claims.states import (
    LinkState,
    Outcome,
    QuoteState,
    SourceKind,
    Stance,
    Visibility,
)
from tests.claims.admin.conftest import refusals
from tests.claims.admin.looking import look_at
from tests.claims.admin.test_evidence import NO_ROWS, of
from tests.claims.admin.test_source_links import miss
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

URL = "https://stranger.example.net/harbour"
TEXT = (
    "HARBOUR (Reuters) - Three ferries went down in the storm, the Port Authority said.\n"
    "“We have never seen such waves,” said the harbour master."
)


@pytest.fixture
def open_claim(cast):
    return make_claim(cast, "Three ferries have sunk.")


@pytest.fixture
def linked(door, open_claim) -> Source:
    """A page somebody asked to be read to them."""
    read_page(door("ada"), open_claim)
    return Source.objects.get(url=URL)


def read_page(person, claim, url=URL):
    values = {"revision": fresh(claim).revision, "step": "read-page", "url": url}
    return person.post("claims_evidence_new", claim.reference, **values)


def picked(claim, **values):
    return {
        "revision": fresh(claim).revision,
        "step": "add-from-page",
        "quote": "Three ferries went down",
        "stance": "supports",
        "credibility": "6",
        **NO_ROWS,
        **values,
    }


def add(person, claim, source, **values):
    return person.post(
        "claims_evidence_from", claim.reference, source.reference, **picked(claim, **values)
    )


def test_an_address_is_linked_and_read_before_anything_is_evidence(door, open_claim):
    answer = read_page(door("ada"), open_claim)
    source = Source.objects.get(url=URL)
    assert answer["Location"].endswith(f"/evidence/new/{source.reference}/")
    assert Watch.objects.filter(source=source, due_at__lte=timezone.now()).exists()
    assert not Evidence.objects.filter(source=source).exists()
    page = door("ada").text("claims_evidence_from", open_claim.reference, source.reference)
    assert "The watch is reading the page." in page


def test_giving_the_same_address_again_changes_nothing_more(door, open_claim, linked):
    before = (head_seq(), fresh(open_claim).revision)
    assert read_page(door("ada"), open_claim).status_code == 302
    assert (head_seq(), fresh(open_claim).revision) == before


def test_who_walks_away_leaves_a_source_on_which_nothing_rests(door, open_claim, linked):
    assert fresh(open_claim).revision == open_claim.revision
    look_at(linked, TEXT)
    page = door("ada").text("claims_source_page", linked.reference)
    assert "No claim you may see rests on it." in page


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "http://127.0.0.1/", "http://u:p@example.org/", "x" * 2049]
)
def test_an_address_the_watch_may_not_read_is_refused_at_its_field(door, open_claim, url):
    answer = read_page(door("ada"), open_claim, url)
    assert answer.status_code == 422
    assert refusals(answer).strip()
    assert "u:p@" not in answer.content.decode()
    assert not Source.objects.exists()


def test_the_text_is_shown_escaped_with_title_publisher_and_date(door, cast, open_claim, linked):
    text = "<script>alert(1)</script> Three ferries."
    look_at(linked, text, title="<b>Storm</b>", published_at=datetime(2024, 10, 18, 9, tzinfo=UTC))
    page = door("ada").text("claims_evidence_from", open_claim.reference, linked.reference)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Three ferries.</pre>" in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;Storm&lt;/b&gt;" in page
    assert "published by, it seems, stranger.example.net" in page
    assert "18 Oct 2024" in page


def test_a_publisher_is_guessed_from_other_pages_of_the_host(door, cast, open_claim, linked):
    other = make_evidence(cast, open_claim, url="https://stranger.example.net/other").source
    Source.objects.filter(pk=other.pk).update(publisher=make_origin(cast, "The Stranger"))
    page = door("ada").text("claims_evidence_from", open_claim.reference, linked.reference)
    assert "published by, it seems, The Stranger" in page


def test_why_a_page_cannot_be_read_is_said(door, open_claim, linked):
    reason = "It asks to sign in."
    miss(linked, Outcome.BLOCKED, state=LinkState.BLOCKED, reason=reason, status=403)
    page = door("ada").text("claims_evidence_from", open_claim.reference, linked.reference)
    assert "The watch could not read it." in page
    assert reason in page


def test_the_reading_is_told_anew_only_when_there_is_something_new(door, open_claim, linked):
    client = door("ada").client
    address = f"/admin/claims/claim/{open_claim.reference}/reading/{linked.reference}/"
    first = client.get(address)
    assert "The watch is reading" in first.content.decode()
    again = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(address, **again).status_code == 304
    look_at(linked, TEXT)
    second = client.get(address, **again)
    assert (second.status_code, second["ETag"] == first["ETag"]) == (200, False)
    assert "Three ferries went down" in second.content.decode()


def test_a_picked_passage_becomes_evidence_with_its_surroundings(door, open_claim, linked):
    look_at(linked, TEXT)
    answer = add(door("ada"), open_claim, linked, origin="", credibility="2")
    assert answer.status_code == 302
    row = Evidence.objects.get(claim=open_claim)
    assert (row.source, row.quote, row.credibility) == (linked, "Three ferries went down", 2)
    assert row.prefix == "HARBOUR (Reuters) - "
    assert row.suffix == TEXT[TEXT.index(" in the storm") :][:32]
    assert row.quote_state == QuoteState.UNCHECKED


def test_typed_words_are_kept_in_the_page_s_own(door, open_claim, linked):
    look_at(linked, TEXT)
    assert add(door("ada"), open_claim, linked, quote='"We have never seen such waves,"')
    assert Evidence.objects.get(claim=open_claim).quote == "“We have never seen such waves,”"


def test_words_that_do_not_stand_on_the_page_are_refused_with_the_nearest(door, open_claim, linked):
    look_at(linked, TEXT)
    answer = add(door("ada"), open_claim, linked, quote="Four ferries went down in the storm")
    assert answer.status_code == 422
    told = html.unescape(refusals(answer))
    assert "These words do not stand on the page as read on" in told
    assert "ferries went down in the storm" in told
    assert "Four ferries went down in the storm</textarea>" in answer.content.decode()
    assert not Evidence.objects.filter(claim=open_claim).exists()


def test_a_person_s_word_keeps_what_the_watch_cannot_see(door, open_claim, linked):
    look_at(linked, TEXT)
    word = "It stands in the picture beside the text."
    answer = add(door("ada"), open_claim, linked, quote="SOS", own_word=word)
    assert answer.status_code == 302
    assert Evidence.objects.get(claim=open_claim).quote_state == QuoteState.UNCHECKED
    assert word in door("ada").text("claims_claim_page", open_claim.reference)
    assert not LedgerEntry.objects.filter(body__contains="picture").exists()


def test_of_an_unread_page_a_person_says_how_they_know_the_words(door, open_claim, linked):
    answer = add(door("ada"), open_claim, linked)
    assert answer.status_code == 422
    assert "say how you know them" in refusals(answer)
    assert add(door("ada"), open_claim, linked, own_word="Read in print.").status_code == 302


def test_by_hand_too_a_known_page_must_have_the_words(door, open_claim, linked):
    look_at(linked, TEXT)
    values = picked(open_claim, url=URL, quote="Four ferries", step="add-evidence")
    answer = door("ada").post("claims_evidence_new", open_claim.reference, **values)
    assert answer.status_code == 422
    assert "do not stand on the page" in refusals(answer)


def test_sending_the_form_twice_adds_one_piece_of_evidence(door, open_claim, linked):
    look_at(linked, TEXT)
    values = picked(open_claim)
    page = ("claims_evidence_from", open_claim.reference, linked.reference)
    assert door("ada").post(*page, **values).status_code == 302
    again = door("ada").post(*page, **values)
    assert again.status_code == 409
    assert "is evidence already" in refusals(again)
    assert Evidence.objects.filter(claim=open_claim).count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"quote": "Three\x0bferries"},
        {"quote": "x" * 10_001, "own_word": "So."},
        {"quote_prefix": "x" * 100_000},
        {"quote_prefix": "\x01", "quote_suffix": "\u202e"},
        {"figures-TOTAL_FORMS": "1000000000"},
        {"figures-TOTAL_FORMS": ""},
        {"stance": "nothing"},
        {"revision": "x"},
    ],
)
def test_what_a_browser_would_never_send_is_a_refusal_at_most(door, open_claim, linked, values):
    look_at(linked, TEXT)
    assert add(door("ada"), open_claim, linked, **values).status_code in {302, 400, 422}


def test_what_else_rests_on_a_known_page_is_told(door, cast, open_claim, linked):
    other = make_evidence(cast, make_claim(cast, "Ferries are unsafe."), url=URL)
    page = door("ada").text("claims_evidence_from", open_claim.reference, linked.reference)
    assert "Ferries are unsafe." in page
    assert other.quote in page


def test_whom_the_passage_names_is_offered_once_the_words_are_known(door, cast, open_claim, linked):
    look_at(linked, TEXT)
    origin = make_origin(cast, "Reuters")
    start = TEXT.index("Three")
    query = f"?start={start}&end={start + 23}"
    names = (open_claim.reference, linked.reference)
    offers = door("ada").get("claims_reading_near", *names, query=query).content.decode()
    assert f'data-value="Reuters ({origin.reference})"' in offers
    assert "“Port Authority” is named beside the passage." in offers
    assert "add it as an origin" in offers


@pytest.mark.parametrize(
    "query", ["", "?start=5&end=5", "?start=x&end=9", "?start=1&end=" + "9" * 30]
)
def test_a_passage_that_cannot_be_is_not_found(door, open_claim, linked, query):
    names = (open_claim.reference, linked.reference)
    assert door("ada").get("claims_reading_near", *names, query=query).status_code == 404


def test_a_copy_of_another_page_is_offered_as_what_it_repeats(door, cast, open_claim, linked):
    first = make_evidence(cast, open_claim, url="https://wire.example.org/")
    look_at(first.source, TEXT)
    look_at(linked, TEXT)
    page = door("ada").text("claims_evidence_from", open_claim.reference, linked.reference)
    assert "100 % of its text stands in" in page
    assert first.source.reference in page
    assert f'data-value="{first.reference}' in page


def test_no_other_desk_learns_of_a_page_that_is_read_for_a_restricted_claim(door, cast):
    claim = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    answer = read_page(door("ada"), claim)
    row = Evidence.objects.get(claim=claim)
    assert answer["Location"].endswith(f"/evidence/{row.reference}/")
    assert (row.stance, row.quote) == (Stance.CONTEXT, "")
    source = row.source.reference
    assert door("omar").get("claims_source_page", source).status_code == 404
    assert read_page(door("ada"), claim).status_code == 302
    assert Evidence.objects.filter(claim=claim).count() == 1


def test_a_page_another_desk_keeps_to_itself_is_put_on_the_claim_at_once(door, cast, open_claim):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    hidden = make_evidence(cast, secret, url=URL)
    from claims.services.claims import open_claim as opened  # noqa: PLC0415 - beside its one use

    claim = opened(cast.omar, desk=cast.other_desk, values={"statement": "Ours."})
    answer = read_page(door("omar"), claim)
    page = door("omar").client.get(answer["Location"])
    assert page.status_code == 200
    assert hidden.reference not in page.content.decode()
    assert secret.reference not in page.content.decode()


def test_evidence_that_comes_to_dispute_a_corroborated_claim_flags_it(door, corroborated):
    values = picked(corroborated, url=URL, stance="context", quote="x", step="add-evidence")
    door("ada").post("claims_evidence_new", corroborated.reference, **values)
    row = Evidence.objects.latest("pk")
    page = ("claims_evidence_page", corroborated.reference, row.reference)
    values = of(row, "grade", stance="disputes", dispute_kind="disproof")
    assert door("ada").post(*page, **values).status_code == 302
    assert fresh(corroborated).open_flags == 1


def test_an_offline_item_is_put_on_record_with_its_evidence(door, open_claim):
    values = picked(
        open_claim, step="add-item", kind="interview", item="The harbour master, by phone"
    )
    answer = door("ada").post("claims_evidence_new", open_claim.reference, **values)
    row = Evidence.objects.get(claim=open_claim)
    assert answer["Location"].endswith(f"/evidence/{row.reference}/")
    assert (row.source.kind, row.source.url, row.source.is_fetched) == (
        SourceKind.INTERVIEW,
        None,
        False,
    )
    assert not Watch.objects.filter(source=row.source).exists()
    page = door("ada").client.get(answer["Location"]).content.decode()
    assert "Nothing on the web to read." in page


@pytest.mark.parametrize("values", [{"item": ""}, {"item": "x" * 501}, {"kind": "page"}])
def test_an_offline_item_needs_a_kind_and_a_name(door, open_claim, values):
    given = picked(open_claim, step="add-item", **{"kind": "photo", "item": "A photo", **values})
    answer = door("ada").post("claims_evidence_new", open_claim.reference, **given)
    assert answer.status_code == 422
    assert not Source.objects.exists()


def test_figures_of_evidence_are_changed_and_the_old_ones_kept(door, claim):
    row = Evidence.objects.filter(claim=claim).first()
    page = ("claims_evidence_page", claim.reference, row.reference)
    rows = {
        "figures-TOTAL_FORMS": "1",
        "figures-0-qualifier": "about",
        "figures-0-value": "1500",
        "figures-0-unit": "soldiers",
        "figures-0-scope": "in_total",
    }
    assert door("ada").post(*page, **of(row, "grade", **rows)).status_code == 302
    assert row.figures.get().value == 1500
    assert 'value="1500"' in door("ada").text(*page)
    revision = fresh(claim).revision
    assert door("ada").post(*page, **of(row, "grade", **rows)).status_code == 302
    assert fresh(claim).revision == revision
    rows["figures-0-value"] = "3000"
    assert door("ada").post(*page, **of(row, "grade", **rows)).status_code == 302
    old, new = Figure.objects.filter(evidence=row).order_by("pk")
    assert (int(old.value), old.ended_at is None, int(new.value)) == (1500, False, 3000)


def test_figures_of_counted_evidence_take_a_second_person(door, cast, corroborated):
    row = Evidence.objects.filter(claim=corroborated).first()
    page = ("claims_evidence_page", corroborated.reference, row.reference)
    rows = {"figures-TOTAL_FORMS": "1", "figures-0-qualifier": "exact", "figures-0-value": "7"}
    rows |= {"figures-0-scope": "not_stated"}
    values = of(row, "propose-grade", rationale="Counted.", **rows)
    assert door("ada").post(*page, **values).status_code == 302
    assert not row.figures.exists()
    shown = door("ben").text("claims_claim_page", corroborated.reference)
    assert row.reference in shown
    proposal = Proposal.objects.latest("pk")
    from claims.services.proposals import sign_off  # noqa: PLC0415 - beside its one use

    sign_off(cast.ben, proposal.reference, version=proposal.version)
    assert row.figures.get().value == 7


def test_an_editor_confirms_who_a_confidential_origin_is(door, cast):
    origin = add_origin(cast.ada, values={"name": "Falcon"}, confidential_at=cast.desk)
    page = ("claims_origin_page", origin.reference)
    assert "I know who it is" not in door("ada").text(*page)
    assert door("ada").post(*page, step="confirm").status_code == 403
    assert "I know who it is" in door("cleo").text(*page)
    assert door("cleo").post(*page, step="confirm").status_code == 302
    origin.refresh_from_db()
    assert origin.identity_confirmed_by == cast.users["cleo"]
    assert door("cleo").post(*page, step="confirm").status_code == 422
    assert "identity confirmed" in door("ada").text(*page)
    assert door("omar").get(*page).status_code == 404


def test_another_pseudonym_has_to_be_confirmed_anew(door, cast):
    origin = add_origin(cast.ada, values={"name": "Falcon"}, confidential_at=cast.desk)
    page = ("claims_origin_page", origin.reference)
    door("cleo").post(*page, step="confirm")
    values = {"name": "Falcon", "kind": origin.kind, "reliability": "B"}
    door("ada").post(*page, **values)
    assert Origin.objects.get(pk=origin.pk).identity_confirmed_at is not None
    door("ada").post(*page, **values | {"name": "Heron"})
    assert Origin.objects.get(pk=origin.pk).identity_confirmed_at is None


def test_a_confidential_origin_belongs_to_a_desk_of_one_s_own(door, cast):
    values = {"name": "Falcon", "kind": "person", "reliability": "F", "confidential_at": "sport"}
    assert door("ada").post("claims_origin_new", **values).status_code == 422
    assert not Origin.objects.exists()
