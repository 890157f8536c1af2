"""The review page: rules' words, numbered grounds, comments and notes, the sheet, nothing lost."""

import re
from html import unescape

import pytest

from claims.models import Evidence, LedgerEntry, Note, Proposal, Review
from claims.services import claims, reviews
from claims.services.comments import comment
from claims.services.notes import write_note
from claims.services.status import decide
from claims.states import (
    ClaimStatus,
    CloseReason,
    EntryKind,
    FlagKind,
    Ground,
    Stance,
    Visibility,
)
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

WHY = "Seen and weighed."


def form_of(page, slug):
    """The markup of one step's form."""
    return re.search(rf'<form[^>]* id="{slug}".*?</form>', page, re.DOTALL).group()


def reason_in(page, slug):
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", form_of(page, slug), re.DOTALL)
    return unescape(found.group(1)).strip()


# -- the rule's own words -------------------------------------------------------------------


def test_the_rules_sentence_is_offered_as_the_reason_and_marked(door, claim):
    page = door("ada").text("claims_claim_page", claim.reference)
    sentence = "2 pages, 2 independent origins: Agency one, Agency two."
    assert reason_in(page, "corroborate") == sentence
    assert "the rule&#x27;s own words" in form_of(page, "corroborate")
    answer = door("ada").step(
        claim, "corroborate", ground="independent_origins", rationale=sentence
    )
    assert answer.status_code == 302


def test_a_lost_basis_offers_its_reason_and_ground_for_lowering(door, cast, corroborated):
    Evidence.objects.filter(claim=corroborated).first()
    row = Evidence.objects.filter(claim=corroborated).first()
    values = {"step": "withdraw", "reason": "Satire.", "revision": fresh(corroborated).revision}
    door("ada").post("claims_evidence_page", corroborated.reference, row.reference, **values)
    page = door("ada").text("claims_claim_page", corroborated.reference)
    assert reason_in(page, "lower").startswith("Only 1 independent origin left. 1 page, 1 origin:")
    assert re.search(r'value="support_lost"[^>]*checked', form_of(page, "lower"))


@pytest.mark.parametrize("slug", ["stands", "dispute", "close"])
def test_what_needs_a_persons_own_words_has_none_prepared(door, claim, slug):
    page = door("cleo").text("claims_claim_page", claim.reference)
    assert reason_in(page, slug) == ""


def test_lowering_what_still_holds_has_no_words_prepared_and_no_ground_chosen(door, corroborated):
    page = door("ada").text("claims_claim_page", corroborated.reference)
    assert reason_in(page, "lower") == ""
    assert "checked" not in form_of(page, "lower")


def test_an_override_is_refused_with_the_rules_words(door, cast, claim):
    sentence = "2 pages, 2 independent origins: Agency one, Agency two."
    given = {"ground": "editor_override", "rationale": sentence}
    answer = door("cleo").step(claim, "corroborate", **given)
    assert answer.status_code == 422
    assert "in your own words" in refusals(answer)
    answer = door("cleo").step(claim, "corroborate", ground="editor_override", rationale=WHY)
    assert answer.status_code == 302


# -- keys -----------------------------------------------------------------------------------


def test_every_step_says_its_key_and_the_help_lists_it(door, claim):
    page = door("cleo").text("claims_claim_page", claim.reference)
    for key in "spdxcma":
        assert f'data-step="{key}"' in page
        assert f"<kbd>{key}</kbd>" in page
    assert 'data-step="o"' not in page
    assert 'data-key="n"' in page
    assert 'data-key="u"' in page


def test_a_step_that_cannot_be_taken_keeps_its_key_and_tells_why(door, cast):
    claim = make_claim(cast)
    page = door("ada").text("claims_claim_page", claim.reference)
    assert re.search(r'<div class="offer offer-closed" data-step="p" tabindex="-1">', page)


def test_no_key_leads_to_two_places(door, cast, claim, proposal):
    for who in ("ada", "ben", "cleo", "omar", "dora"):
        if cast.users[who].is_staff:
            page = door(who).text("claims_claim_page", claim.reference)
            keys = re.findall(r'data-(?:step|key)="(.)"', page)
            assert len(keys) == len(set(keys)), keys


def test_grounds_are_picked_by_number(door, claim):
    page = door("cleo").text("claims_claim_page", claim.reference)
    found = re.findall(r'value="(\w+)"[^>]*data-number="(\d)"', form_of(page, "dispute"))
    assert found[:2] == [("conflicting_accounts", "1"), ("denied_with_evidence", "2")]


# -- save and next --------------------------------------------------------------------------


def test_save_and_next_leads_to_the_next_review(door, cast, claim):
    other = make_claim(cast, "Another.")
    for row in (claim, other):
        reviews.ask_for_review(cast.ben, row.pk, kind=FlagKind.TIP, detail="Look.")
    answer = door("ada").step(claim, "stands", rationale=WHY, next="1")
    assert answer.status_code == 302
    assert answer.url.endswith(f"/{other.reference}/")
    assert Review.objects.get(claim=other).taken_by == cast.users["ada"]


def test_save_and_next_leads_back_to_the_queue_where_nothing_is_left(door, cast, claim):
    reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look.")
    ada = door("ada")
    answer = ada.step(claim, "stands", rationale=WHY, next="1")
    assert answer.url.endswith("/queue/")
    page = ada.client.get(answer.url).content.decode()
    assert "Nothing waits that nobody has taken." in page
    assert "Reviewed: the status stands." in page


def test_a_refused_save_takes_nothing_next(door, cast, claim):
    other = make_claim(cast, "Another.")
    reviews.ask_for_review(cast.ben, other.pk, kind=FlagKind.TIP, detail="Look.")
    assert door("ada").step(claim, "stands", rationale=" ", next="1").status_code == 422
    assert Review.objects.get(claim=other).taken_by is None


# -- comments and notes ---------------------------------------------------------------------


def test_a_comment_is_put_on_record_and_read_at_the_claim(door, cast, claim):
    assert door("ada").step(claim, "comment", text="They call back at six.").status_code == 302
    for who in ("ben", "omar"):
        page = door(who).text("claims_claim_page", claim.reference)
        assert page.count("They call back at six.") == 2  # said beside the form, and in the history


def test_a_comment_sent_twice_is_kept_once_and_says_so(door, claim):
    door("ada").step(claim, "comment", text="Seen.")
    answer = door("ada").step(claim, "comment", text="Seen.")
    assert answer.status_code == 409
    assert "on record already" in refusals(answer)
    assert LedgerEntry.objects.filter(kind=EntryKind.COMMENTED).count() == 1


def test_a_comment_makes_nobodys_form_stale(door, claim):
    seen = {"revision": claim.revision, "ground": "independent_origins", "rationale": WHY}
    door("ben").step(claim, "comment", text="Seen.")
    assert door("ada").step(claim, "corroborate", **seen).status_code == 302


def test_a_private_note_is_shown_to_its_desk_alone(door, cast, claim):
    assert door("ada").step(claim, "note", text="Her number is with Ben.").status_code == 302
    assert "Her number" in door("ben").text("claims_claim_page", claim.reference)
    for who in ("omar", "admin"):
        assert "Her number" not in door(who).text("claims_claim_page", claim.reference)
    assert not LedgerEntry.objects.filter(kind=EntryKind.COMMENTED).exists()


def test_a_note_is_removed_by_a_button_of_who_may(door, cast, claim):
    note = write_note(cast.ada, claim.pk, text="Ours.")
    assert note.reference not in door("ben").text("claims_claim_page", claim.reference)
    assert door("ben").step(claim, "remove-note", note=note.reference).status_code == 403
    assert note.reference in door("ada").text("claims_claim_page", claim.reference)
    for _ in range(2):  # the second press finds it gone, and says so kindly
        assert door("ada").step(claim, "remove-note", note=note.reference).status_code == 302
    assert not Note.objects.filter(removed_at__isnull=True).exists()


def test_permanent_fields_say_so_and_the_note_says_it_is_not(door, claim, proposal):
    page = door("ada").text("claims_claim_page", claim.reference)
    for slug in ("stands", "close", "withdraw-proposal", "comment", "flag"):
        assert "Kept for good, shown to other desks." in form_of(page, slug)
    assert "Seen by your desk only, not kept for good" in form_of(page, "note")


@pytest.mark.parametrize(
    ("step", "field", "values"),
    [
        ("stands", "rationale", {}),
        ("comment", "text", {}),
        ("close", "note", {"reason": "mistake"}),
        ("flag", "detail", {"kind": "tip"}),
    ],
)
@pytest.mark.parametrize("text", ["a\u202eb", "x" * 20_000])
def test_what_cannot_stay_on_record_is_refused_at_its_field(door, claim, step, field, values, text):
    answer = door("ada").step(claim, step, **values, **{field: text})
    assert answer.status_code == 422
    assert fresh(claim).revision == claim.revision


# -- nothing is lost ------------------------------------------------------------------------


def test_the_second_of_two_people_sees_who_changed_what_and_saves_again(door, cast, claim):
    seq = LedgerEntry.objects.filter(claim_ref=claim.reference).latest("seq").seq
    stale = {"revision": claim.revision, "seq": seq}
    given = {"ground": "conflicting_accounts", "rationale": "The ministry denies it."}
    row = make_evidence(cast, claim, stance=Stance.DISPUTES, quote="Nobody has arrived.")
    answer = door("ben").step(claim, "dispute", **given, **stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada: evidence added" in page
    assert reason_in(page, "dispute") == "The ministry denies it."
    assert re.search(r'value="conflicting_accounts"[^>]*checked', form_of(page, "dispute"))
    assert row.reference in page
    assert door("ben").step(claim, "dispute", **given).status_code == 302


def test_input_of_a_step_that_is_gone_stays_to_be_copied(door, cast, claim):
    stale = {"revision": claim.revision}
    given = {"ground": "independent_origins", "rationale": "My long <b>reasoning</b>."}
    claims.close(cast.ben, claim.pk, reason=CloseReason.MISTAKE, note="Twice.", seen=claim.revision)
    answer = door("ada").step(claim, "corroborate", **given, **stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My long &lt;b&gt;reasoning&lt;/b&gt;.</textarea>" in page
    assert "this step can no longer be taken" in page
    assert not Proposal.objects.exists()


# -- the sheet ------------------------------------------------------------------------------


def sheet(door, claim, who="ada"):
    return door(who).get("claims_claim_sheet", claim.reference, query="?as=text").content.decode()


def test_the_sheet_says_all_a_claim_rests_on(door, cast, corroborated):
    reviews.ask_for_review(cast.omar, corroborated.pk, kind=FlagKind.OBJECTION, detail="Fewer.")
    text = sheet(door, corroborated)
    for line in (
        f"Claim: {corroborated.reference}",
        "Statement: 1,500 soldiers have arrived.",
        "Kind: fact: it is so",
        "Ground: independent origins",
        "Basis: basis in question: another desk objects",
        "Independent origins: 2",
        "Signed off by: Ben",
        "Quote: “about 1,500 soldiers”",
        "Information comes from: Agency one (reliability F, cannot be judged)",
        "Credibility: 6, cannot be judged",
    ):
        assert f"{line}\n" in text
    assert re.search(r"^Status: corroborated, since \d", text, re.MULTILINE)
    assert re.search(r"^Open flag: objection, ", text, re.MULTILINE)
    assert re.search(r"^Address: https://page\d", text, re.MULTILINE)
    assert f"On record at: http://testserver/claims/{corroborated.reference}/\n" in text
    assert re.search(r"^Sheet made: \d", text, re.MULTILINE)


def test_a_statement_is_only_shown_to_have_been_said(door, cast):
    claim = make_claim(cast, kind="statement")
    assert "Status: reported that it was said, since" in sheet(door, claim)


def test_no_line_of_the_sheet_can_become_a_formula_or_another_cell(door, cast):
    claim = make_claim(cast, statement='=HYPERLINK("x")\n+1\t-2\n@SUM(A1)')
    make_evidence(cast, claim, quote="=1+1\n=2+2", locator="\t=3")
    text = sheet(door, claim)
    assert "\t" not in text
    assert all(re.match(r"[A-Z][\w ]*: ", line) for line in text.splitlines() if line)


def test_the_sheet_is_a_page_that_escapes_what_people_wrote(door, cast):
    claim = make_claim(cast, statement="<script>alert(1)</script>")
    page = door("ada").text("claims_claim_sheet", claim.reference)
    assert "<script>alert(1)" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 2
    assert " style=" not in page


def test_the_text_is_text_whatever_it_says(door, cast):
    claim = make_claim(cast, statement="<script>alert(1)</script>")
    answer = door("ada").get("claims_claim_sheet", claim.reference, query="?as=text")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_hidden_claim_has_no_sheet_elsewhere_and_says_so_on_its_own(door, cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    assert door("omar").get("claims_claim_sheet", claim.reference).status_code == 404
    assert "Seen by: this desk only\n" in sheet(door, claim)


def test_the_sheet_takes_a_bounded_number_of_queries(door, cast, django_assert_max_num_queries):
    claim = make_claim(cast)
    for at in range(6):
        make_evidence(cast, claim, origin=make_origin(cast, f"Agency {at}"))
    ada = door("ada")
    with django_assert_max_num_queries(26):
        ada.get("claims_claim_sheet", claim.reference)


# -- history --------------------------------------------------------------------------------


def test_all_of_a_long_history_is_reached_from_the_page(door, cast, claim):
    for number in range(60):
        comment(cast.ada, claim.pk, text=f"Comment number {number}.")
    first = door("ada").text("claims_claim_page", claim.reference)
    assert "Comment number 59." in first
    assert "Claim put on record" not in first
    (before,) = re.findall(r'href="\?before=(\d+)#history-head"', first)
    answer = door("ada").get("claims_claim_page", claim.reference, query=f"?before={before}")
    older = answer.content.decode()
    assert "Comment number 2." in older
    assert "Claim put on record" in older
    newest = LedgerEntry.objects.filter(claim_ref=claim.reference).latest("seq").seq
    assert f'name="seq" value="{newest}"' in older


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "١"])
def test_a_history_that_begins_nowhere_is_not_found(door, claim, before):
    answer = door("ada").get("claims_claim_page", claim.reference, query=f"?before={before}")
    assert answer.status_code == 404


def test_grades_are_said_in_words(door, cast):
    claim = make_claim(cast)
    origin = make_origin(cast, "Agency", reliability="B")
    make_evidence(cast, claim, origin=origin, credibility=2)
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "reliability B, usually reliable" in page
    assert "2, probably true" in page


def test_a_disputed_claim_offers_its_own_steps(door, cast, claim):
    decide(
        cast.cleo,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.OUT_OF_CONTEXT,
        rationale=WHY,
        seen=claim.revision,
    )
    page = door("ada").text("claims_claim_page", claim.reference)
    for slug in ("propose-reported", "propose-false", "corroborate"):
        assert form_of(page, slug)
