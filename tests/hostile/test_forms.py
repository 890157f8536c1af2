"""Bad input at the desk's own forms and lists: told at its place, nothing written, never a fault."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from claims.access import actor_of
from claims.models import Claim, LedgerEntry, User
from claims.services import claims, proposals, reviews
from claims.services.bulk import MOST_AT_ONCE
from claims.states import ClaimStatus, FlagKind, Ground, Visibility
from tests.claims.admin.conftest import Door
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin
from tests.hostile.catalogue import case
from tests.hostile.test_screens import found

CONTROL = "Words with \x1b an escape."
BIDI = "Words with \u202e a turn."
LONG = "x" * 1_000_000
SCRIPT = "<script>alert(1)</script>"
LISTS = ("claim", "evidence", "article", "source", "origin", "review", "flag", "proposal")


@pytest.fixture
def ada(cast):
    return Door(cast.users["ada"])


@pytest.fixture
def claim(cast):
    claim = make_claim(cast)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


def unchanged(claim, entries):
    now = fresh(claim)
    same = (now.status, now.revision) == (claim.status, claim.revision)
    return same and LedgerEntry.objects.count() == entries


STEPS = {
    "dispute": ("rationale", {"ground": "conflicting_accounts"}),
    "stands": ("rationale", {}),
    "close": ("note", {"reason": "mistake"}),
    "flag": ("detail", {"kind": "tip"}),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("text", "status"),
    [case(72, CONTROL, 422), case(72, BIDI, 422), case(72, LONG, 422, name="a megabyte")],
)
def test_a_text_no_record_can_hold_is_refused_at_the_form(cast, claim, step, text, status):
    field, others = STEPS[step]
    entries = LedgerEntry.objects.count()
    answer = Door(cast.users["cleo"]).step(claim, step, **{field: text}, **others)
    assert answer.status_code == status
    assert unchanged(claim, entries)


@pytest.mark.catalogue(72)
def test_nul_is_refused_before_any_form_is_read(ada, claim):
    entries = LedgerEntry.objects.count()
    assert ada.step(claim, "close", reason="mistake", note="a\0b").status_code == 400
    assert unchanged(claim, entries)


@pytest.mark.catalogue(72)
def test_bytes_that_are_no_text_are_read_as_replaced(ada, claim):
    entries = LedgerEntry.objects.count()
    where = reverse("admin:claims_claim_step", args=[claim.reference, "close"])
    body = b"revision=1&reason=\xff\xfe&note=%ed%a0%80"
    kind = "application/x-www-form-urlencoded"
    assert ada.client.post(where, body, content_type=kind).status_code == 422
    assert unchanged(claim, entries)


VALUES = [
    "NaN",
    "Infinity",
    '"\\u0000"',
    "9" * 5_000,
    "[" * 100_000,
    '{"value": 1, "value": 2}',
]


@pytest.mark.parametrize(
    "value", [case(73, value, name=f"{value[:12]} {len(value)}") for value in VALUES]
)
def test_a_figure_that_is_none_is_refused_by_form_and_file(ada, claim, value):
    entries = LedgerEntry.objects.count()
    sent = {
        "step": "words",
        "revision": claim.revision,
        "statement": claim.statement,
        "kind": "fact",
        "figures-TOTAL_FORMS": "1",
        "figures-INITIAL_FORMS": "0",
        "figures-0-value": value,
    }
    assert ada.post("claims_claim_edit", claim.reference, **sent).status_code in {413, 422}
    data = f'[{{"statement": "Another.", "figures": [{{"value": {value}}}]}}]'.encode()
    file = SimpleUploadedFile("claims.json", data)
    answer = ada.post("claims_import", file=file, desk="world", visibility="open")
    if answer.status_code == 302:
        assert " in the file</h1>" in ada.text("claims_import_rows")
    else:
        assert answer.status_code == 422
    assert unchanged(claim, entries)


@pytest.mark.catalogue(74)
def test_a_stale_form_says_who_changed_what_and_keeps_the_input(cast, ada, claim):
    seen = LedgerEntry.objects.order_by("-seq").first().seq
    claims.edit_claim(cast.ben, claim.pk, payload={"claim": {"priority": 1}}, seen=claim.revision)
    answer = ada.step(claim, "close", reason="mistake", note="Kept words.", revision=3, seq=seen)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben: " in text
    assert "Kept words." in text
    assert fresh(claim).closed_at is None


@pytest.mark.parametrize(
    ("route", "extra"),
    [case(75, "claims_claim_edit", {"step": "words"}), case(75, "claims_claim_new", {})],
)
def test_a_status_that_is_sent_along_is_not_taken(cast, ada, claim, route, extra):
    sent = {
        "revision": claim.revision,
        "desk": "world",
        "statement": "The bridge at Antonivka was hit.",
        "kind": "fact",
        "language": "en",
        "visibility": "open",
        "status": "corroborated",
        "ground": "editor_override",
        "signed_off_version": "x",
        "created_by": cast.users["ben"].pk,
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
        **extra,
    }
    args = [claim.reference] if route.endswith("edit") else []
    ada.post(route, *args, **sent)
    assert {row.status for row in Claim.objects.all()} == {ClaimStatus.REPORTED}
    assert {row.created_by for row in Claim.objects.all()} == {cast.users["ada"]}


@pytest.mark.catalogue(76)
def test_own_proposals_old_ones_and_changed_ones_are_not_signed_off(cast, ada, claim):
    proposal = proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )
    sent = {"proposal": proposal.reference, "version": proposal.version}
    ticks = {f"seen-{ref}": "on" for ref in claim.evidence.values_list("reference", flat=True)}
    assert ada.step(claim, "sign-off", **sent, **ticks).status_code >= 400
    make_evidence(cast, claim, url="https://late.example.org/")
    ben = Door(cast.users["ben"])
    assert ben.step(claim, "sign-off", **sent, **ticks).status_code >= 400
    assert fresh(claim).status == ClaimStatus.REPORTED


SELECTIONS = [
    {"act": "close", "row": "zz"},
    {"act": "close", "row": ["ST-000000:1"] * 900},
    {"act": "close", "_selected_action": "zz", "action": "delete_selected"},
    {"act": "delete_selected", "row": "ST-000000:1"},
    {"act": ["close", "dispute"], "row": ["ST-000000:-1", "ST-000000:1e9", "%00"]},
    {
        "act": "close",
        "stage": "do",
        "reason": "mistake",
        "why": "x",
        "row": "ST-000000:1",
        "seq": "9" * 40,
    },
]


@pytest.mark.parametrize("sent", [case(77, sent, name=str(n)) for n, sent in enumerate(SELECTIONS)])
def test_a_selection_that_names_nothing_changes_nothing(ada, claim, sent):
    entries = LedgerEntry.objects.count()
    assert ada.post("claims_bulk", **sent).status_code in {200, 302, 400, 422}
    assert ada.post("claims_claim_changelist", **sent).status_code in {200, 302, 400, 403, 405}
    assert unchanged(claim, entries)


@pytest.mark.catalogue(77)
def test_more_fields_than_a_form_has_are_refused_whole(ada, claim):
    rows = [f"ST-{number:06d}:1" for number in range(100_000 // 50)]
    assert len(rows) > MOST_AT_ONCE
    assert ada.post("claims_bulk", act="close", row=rows).status_code == 400


@pytest.mark.catalogue(77)
def test_claims_that_are_hidden_are_neither_told_of_nor_changed(cast, claim):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    sent = {"act": "close", "stage": "do", "reason": "mistake", "why": "Found out."}
    omar = Door(cast.users["omar"])
    answer = omar.post("claims_bulk", row=f"{secret.reference}:{secret.revision}", **sent)
    assert secret.reference not in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert fresh(secret).closed_at is None


QUERIES = [
    "due__year=" + "9" * 30,
    "text__regex=(",
    "statement__regex=(",
    "password__startswith=a",
    "desk__members__password__startswith=a",
    "o=9.9",
    "o=-99999999999999999999",
    "p=-1",
    "p=" + "9" * 40,
    "p=zz",
    "all=",
    "q=" + "x" * 20_000,
    "q=%FF%FE",
    "q=%22%5C%28",
    "status=zz&status=corroborated",
    "status=reported&status=reported",
    "desk=zz",
    "e=1",
    "_popup=1&_to_field=password",
    "_facets=True",
    "form=json&only=" + "ST-000000," * 500,
]


@pytest.mark.parametrize("query", [case(78, query) for query in QUERIES])
def test_a_query_the_lists_do_not_know_is_refused_or_ignored(ada, claim, query):
    for name in LISTS:
        assert ada.get(f"claims_{name}_changelist", query=f"?{query}").status_code in {
            200,
            302,
            400,
        }
    assert ada.get("claims_queue", query=f"?{query}").status_code == 200
    assert ada.get("claims_export", query=f"?{query}").status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "query", [case(79, "due=zzz"), case(79, "status=corroborated&review_by_on=zzz&desk=sport")]
)
def test_nothing_is_filled_in_by_an_address(ada, claim, query):
    text = ada.get("claims_claim_new", query=f"?{query}").content.decode()
    assert "zzz" not in text
    assert ada.client.get(f"/admin/claims/claim/add/?{query}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        case(80, "autocomplete/?app_label=claims&model_name=user&field_name=x&term=%00"),
        case(80, "autocomplete/?app_label=claims&model_name=claim&field_name=desk&term=a"),
        case(80, "r/7/1/"),
        case(81, "claims/claim/1/delete/"),
        case(81, "claims/evidence/1/delete/"),
        case(81, "claims/claim/1/history/"),
    ],
)
def test_nothing_of_the_stock_site_lists_or_deletes_objects(ada, claim, path):
    assert ada.client.get(f"/admin/{path}").status_code in {400, 404, 405}
    assert ada.client.post(f"/admin/{path}", {"post": "yes"}).status_code in {400, 404, 405}
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.catalogue(82)
def test_deleting_in_bulk_is_not_offered(ada, claim):
    text = ada.text("claims_claim_changelist")
    assert "delete" not in " ".join(re.findall(r"<option[^>]*>[^<]*", text)).lower()


COUNTS = [
    {"figures-TOTAL_FORMS": "1000000000", "figures-INITIAL_FORMS": "0"},
    {"figures-TOTAL_FORMS": "-1", "figures-INITIAL_FORMS": "-1"},
    {"figures-TOTAL_FORMS": "zz", "figures-INITIAL_FORMS": "zz"},
    {"figures-TOTAL_FORMS": "1", "figures-INITIAL_FORMS": "1", "figures-0-id": "9" * 30},
    {},
]


@pytest.mark.parametrize("sent", [case(83, sent, name=str(n)) for n, sent in enumerate(COUNTS)])
def test_rows_that_are_counted_wrongly_cost_nothing(ada, claim, sent):
    common = {"step": "words", "revision": claim.revision, "statement": "Other.", "kind": "fact"}
    answer = ada.post("claims_claim_edit", claim.reference, **common, **sent)
    assert answer.status_code in {302, 422}


@pytest.mark.catalogue(84)
def test_the_same_form_sent_again_changes_nothing_more(ada, claim):
    sent = {"reason": "mistake", "note": "Twice.", "revision": claim.revision}
    assert ada.step(claim, "close", **sent).status_code == 302
    entries = LedgerEntry.objects.count()
    assert ada.step(claim, "close", **sent).status_code == 409
    assert LedgerEntry.objects.count() == entries


@pytest.mark.catalogue(85)
def test_markup_in_words_and_names_is_shown_as_text_everywhere(cast, ada):
    User.objects.filter(username="ada").update(first_name=SCRIPT)
    ada_now = actor_of(User.objects.get(username="ada"))
    row = make_claim(cast, SCRIPT, claimant_text=SCRIPT)
    make_evidence(cast, row, origin=make_origin(cast, SCRIPT), quote=SCRIPT)
    flagged = reviews.ask_for_review(ada_now, row.pk, kind=FlagKind.TIP, detail=SCRIPT)
    chosen = f"{row.reference}:{flagged.revision}"
    data = json.dumps([{"statement": SCRIPT, "external_id": SCRIPT, SCRIPT: 1}]).encode()
    file = SimpleUploadedFile(f"{SCRIPT}.json", data)
    ada.post("claims_import", file=file, desk="world", visibility="open")
    screens = {
        "list": ada.get("claims_claim_changelist"),
        "claim": ada.get("claims_claim_page", row.reference),
        "edit": ada.get("claims_claim_edit", row.reference),
        "queue": ada.get("claims_queue"),
        "origins": ada.get("claims_origin_changelist"),
        "bulk": ada.post("claims_bulk", act="close", row=chosen),
        "preview": ada.post(
            "claims_bulk", act="close", stage="look", row=chosen, reason="mistake", why=SCRIPT
        ),
        "import": ada.get("claims_import_rows"),
    }
    for name, answer in screens.items():
        assert answer.status_code == 200, name
        assert SCRIPT not in answer.content.decode(), name
        assert escape(SCRIPT) in answer.content.decode(), name
        assert found(answer, "//script[contains(., 'alert')]") == []


@pytest.mark.catalogue(86)
def test_a_form_without_its_token_is_refused(cast, claim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    for token in ("", "zz", "a" * 64):
        sent = {"act": "close", "row": f"{claim.reference}:1", "csrfmiddlewaretoken": token}
        assert client.post(reverse("admin:claims_bulk"), sent).status_code == 403


@pytest.mark.catalogue(86)
def test_what_was_written_while_the_token_went_stale_can_be_copied(cast, claim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    sent = {"note": f"Too late. {SCRIPT}", "old_password": "never shown again"}
    answer = client.post(reverse("admin:claims_claim_step", args=[claim.reference, "close"]), sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert escape(sent["note"]) in page
    assert SCRIPT not in page
    assert "never shown again" not in page


@pytest.mark.catalogue(86)
def test_what_was_written_while_the_session_ended_can_be_copied(ada, claim):
    ada.client.logout()
    sent = {"revision": claim.revision, "reason": "mistake", "note": "Too late by a minute."}
    where = reverse("admin:claims_claim_step", args=[claim.reference, "close"])
    answer = ada.client.post(where, sent)
    assert answer.status_code == 403
    assert "Too late by a minute." in answer.content.decode()
    assert fresh(claim).closed_at is None


@pytest.mark.catalogue(86)
def test_a_form_without_words_sent_after_the_session_ended_leads_to_the_sign_in(ada, claim):
    ada.client.logout()
    where = reverse("admin:claims_claim_step", args=[claim.reference, "recheck"])
    answer = ada.client.post(where, {"revision": claim.revision})
    assert (answer.status_code, answer["Location"][:9]) == (302, "/admin/lo")


@pytest.mark.parametrize(
    "place",
    [
        case(87, "//evil.example"),
        case(87, "/\\evil.example"),
        case(87, "javascript:alert(1)"),
        case(87, "https://evil.example/"),
    ],
)
def test_no_address_sent_along_leads_away(ada, claim, place):
    answer = ada.client.get("/admin/login/", {"next": place})
    assert "evil" not in answer.get("Location", "")
    sent = {"back": place, "from": place, "query": place, "next": place}
    for name in ("claims_bulk", "claims_queue_next"):
        answer = ada.post(name, **sent)
        assert answer["Location"].startswith("/admin/")
