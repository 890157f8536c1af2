"""Every address of the product, asked by every role: what is allowed is a table, and it is whole.

The objects behind the addresses are restricted to the world desk: elsewhere they are not there.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.models import Claim, Flag, Review
from claims.services.articles import add_article
from claims.services.captures import Supplied, attach_capture
from claims.services.claims import set_visibility
from claims.services.people import issue_token
from claims.services.reviews import ask_for_review
from claims.services.uses import put_uses
from claims.states import FlagKind, Scope, Visibility
from tests.claims.admin.looking import look_at
from tests.claims.cast import make_cast, make_claim, make_evidence, make_origin

WHO = ("", "dora", "ada", "cleo", "admin", "omar")
"""Anonymous, reader, fact-checker, editor, administrator, fact-checker of another desk."""


def walk(patterns, *, spaces="", path="") -> Iterator[tuple[str, str]]:
    """Every route below some patterns: its name, or for one without a name its path."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from walk(pattern.url_patterns, spaces=inner, path=here)
        else:
            assert isinstance(pattern, URLPattern)
            yield (f"{spaces}{pattern.name}" if pattern.name else here), here


ROUTES = dict(walk(get_resolver().url_patterns))


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(module_db):
    return make_cast()


@pytest.fixture(scope="module")
def things(cast):
    """What the parts of an address may name: a restricted claim and all that hangs on it."""
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    row = make_evidence(cast, claim)
    text = "A page that says about 1,500 soldiers."
    look_at(row.source, text)
    supplied = Supplied(SimpleUploadedFile("a", b"%PDF-1.7 a"), "A capture.", date(2024, 10, 18))
    capture = attach_capture(cast.ada, row.source.reference, supplied=supplied)
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    values = {"title": "Text"}
    article = add_article(cast.ada, desk=cast.desk, text="A text.", values=values, is_ours=True)
    used = {"claim": claim.reference, "words": "About 1,500 soldiers."}
    (use,) = put_uses(cast.ada, article=article.reference, uses=[used])
    scopes = (Scope.CLAIMS_READ,)
    token, _ = issue_token(
        cast.ada, name="poller", user=cast.users["ada"], desk=cast.desk, scopes=scopes, days=9
    )
    return {
        "claim": claim.reference,
        "evidence": row.reference,
        "source": row.source.reference,
        "sha256": capture.sha256,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "origin": make_origin(cast, "Agency").reference,
        "article": article.reference,
        "use": use.reference,
        "review": Review.objects.get().reference,
        "person": cast.users["ada"].reference,
        "prefix": token.prefix,
        "app_label": "claims",
        "name": "begin",
        "cause": str(Flag.objects.get().cause),
    }


TABLE = {
    "admin/(?P<url>.*)$": ("in in 404 404 404 404", "in in 404 404 404 404"),
    "admin:app_list": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_apitoken_changelist": ("in in 403 403 200 403", "in in 403 403 200 403"),
    "admin:claims_article_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_capture_raw": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_cause": ("in in 200 200 404 404", "in in 302 302 404 404"),
    "admin:claims_cause_release": ("in in 405 405 405 405", "in in 302 302 404 404"),
    "admin:claims_cause_take": ("in in 405 405 405 405", "in in 302 302 404 404"),
    "admin:claims_bulk": ("in in 405 405 405 405", "in in 302 302 302 302"),
    "admin:claims_claim_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_claim_edit": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_claim_links": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_claim_merge": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_claim_new": ("in in 200 200 403 200", "in in 422 422 403 422"),
    "admin:claims_claim_page": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_claim_sheet": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_claim_split": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_claim_step": ("in in 405 405 405 405", "in in 422 422 404 404"),
    "admin:claims_desk_changelist": ("in in 403 403 200 403", "in in 403 403 200 403"),
    "admin:claims_evidence_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_evidence_from": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_evidence_new": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_evidence_page": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_export": ("in in 200 200 200 200", "in in 302 302 302 302"),
    "admin:claims_flag_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_import": ("in in 200 200 403 200", "in in 422 422 403 422"),
    "admin:claims_import_rows": ("in in 302 302 403 302", "in in 302 302 403 302"),
    "admin:claims_import_template": ("in in 200 200 403 200", "in in 405 405 405 405"),
    "admin:claims_membership_changelist": ("in in 403 403 200 403", "in in 403 403 200 403"),
    "admin:claims_notification_open": ("in in 405 405 405 405", "in in 404 404 404 404"),
    "admin:claims_notifications": ("in in 200 200 200 200", "in in 405 405 405 405"),
    "admin:claims_notifications_read": ("in in 405 405 405 405", "in in 302 302 302 302"),
    "admin:claims_origin_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_origin_new": ("in in 200 200 403 200", "in in 422 422 403 422"),
    "admin:claims_origin_page": ("in in 200 200 403 200", "in in 422 422 403 422"),
    "admin:claims_proposal_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_queue": ("in in 200 200 200 200", "in in 405 405 405 405"),
    "admin:claims_queue_next": ("in in 405 405 405 405", "in in 302 302 302 302"),
    "admin:claims_queue_release": ("in in 405 405 405 405", "in in 404 404 404 404"),
    "admin:claims_queue_take": ("in in 405 405 405 405", "in in 404 404 404 404"),
    "admin:claims_queue_view": ("in in 405 405 405 405", "in in 422 422 422 422"),
    "admin:claims_queue_view_remove": ("in in 405 405 405 405", "in in 404 404 404 404"),
    "admin:claims_reading": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_reading_near": ("in in 404 404 404 404", "in in 405 405 405 405"),
    "admin:claims_review_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_review_page": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_review_step": ("in in 405 405 405 405", "in in 404 404 404 404"),
    "admin:claims_send_back": ("in in 405 405 405 405", "in in 422 422 404 404"),
    "admin:claims_sign_off": ("in in 200 200 404 404", "in in 422 422 404 404"),
    "admin:claims_sign_offs": ("in in 200 200 200 200", "in in 422 422 422 422"),
    "admin:claims_snapshot_raw": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_snapshot_text": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_source_changelist": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:claims_source_page": ("in in 200 200 404 404", "in in 405 405 405 405"),
    "admin:claims_source_step": ("in in 405 405 405 405", "in in 302 302 404 404"),
    "admin:claims_user_changelist": ("in in 403 403 200 403", "in in 403 403 200 403"),
    "admin:claims_user_page": ("in in 403 403 200 403", "in in 405 405 405 405"),
    "admin:claims_user_step": ("in in 405 405 405 405", "in in 403 403 302 403"),
    "admin:index": ("in in 302 302 302 302", "in in 302 302 302 302"),
    "admin:jsi18n": ("in in 200 200 200 200", "in in 405 405 405 405"),
    "admin:login": ("in 403 302 302 302 302", "in 403 302 302 302 302"),
    "admin:logout": ("302 302 405 405 405 405", "302 302 200 200 200 200"),
    "admin:password_change": ("in in 200 200 200 200", "in in 200 200 200 200"),
    "admin:password_change_done": ("in in 200 200 200 200", "in in 405 405 405 405"),
    "api-article": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api-article-uses": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api-articles": ("401 200 200 200 200 200", "401 415 415 415 415 415"),
    "api-changes": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api-claim": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api-claim-history": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api-claims-by-article": ("401 400 400 400 400 400", "401 405 405 405 405 405"),
    "api-claims-by-url": ("401 400 400 400 400 400", "401 405 405 405 405 405"),
    "api-claim-review": ("401 409 409 409 404 404", "401 405 405 405 405 405"),
    "api-claim-close": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claim-flags": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claim-proposal-withdraw": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claim-proposals": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claim-reopen": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claim-status": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-claims": ("401 200 200 200 200 200", "401 415 415 415 415 415"),
    "api-docs": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "api-evidence": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api-evidence-list": ("401 200 200 200 200 200", "401 415 415 415 415 415"),
    "api-evidence-withdraw": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-index": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api-review": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api-review-assign": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-review-due": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-review-release": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-review-stands": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-review-take": ("401 405 405 405 405 405", "401 415 415 415 415 415"),
    "api-reviews": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api-schema": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "api-source": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api-sources": ("401 200 200 200 200 200", "401 415 415 415 415 415"),
    "api-watch": ("401 200 200 200 404 404", "401 405 405 405 405 405"),
    "api/v1/": ("404 404 404 404 404 404", "404 404 404 404 404 404"),
    "healthz": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:account": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:article": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:articles": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:board": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:claim": ("in 200 200 200 404 404", "405 405 405 405 405 405"),
    "web:claims": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:correction": ("in 200 200 200 404 404", "in 403 403 422 404 404"),
    "web:corrections": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:end-other-sessions": ("405 405 405 405 405 405", "in 302 302 302 302 302"),
    "web:second-factor": ("in 200 200 200 200 200", "405 405 405 405 405 405"),
    "web:second-factor-step": ("405 405 405 405 405 405", "in 302 302 302 302 302"),
    "web:sign-in": ("200 302 302 302 302 302", "200 302 302 302 302 302"),
    "web:sign-in-code": ("in in in in in in", "in in in in in in"),
    "web:sign-out": ("405 405 405 405 405 405", "in in in in in in"),
    "web:token-revoke": ("405 405 405 405 405 405", "in 404 302 302 302 404"),
    "web:tokens": ("in 200 200 200 200 200", "in 422 422 422 422 422"),
}
"""Route -> what GET answers to each of WHO, and POST without a payload. "in": sign in first."""

OF_A_REFERENCE = {
    "admin:claims_claim": "claim",
    "admin:claims_capture": "source",
    "admin:claims_evidence": "claim",
    "admin:claims_reading": "claim",
    "admin:claims_source": "source",
    "admin:claims_snapshot": "source",
    "admin:claims_origin": "origin",
    "admin:claims_user": "person",
    "admin:claims_review": "review",
    "admin:claims_send_back": "claim",
    "admin:claims_sign_off": "claim",
    "api-article": "article",
    "api-claim": "claim",
    "api-evidence": "evidence",
    "api-review": "review",
    "api-source": "source",
    "api-watch": "source",
    "web:article": "article",
    "web:claim": "claim",
    "web:correction": "use",
}
"""What `<reference>` names, by how the route's name begins."""

STEPS = {
    "admin:claims_claim_step": "stands",
    "admin:claims_source_step": "look",
    "admin:claims_user_step": "sign-out",
    "admin:claims_review_step": "stands",
}

NAMELESS = {"admin/(?P<url>.*)$": "/admin/nothing/", "api/v1/": "/api/v1/nothing/"}

READ_ELSEWHERE = (
    "admin:claims_claim_page",
    "admin:claims_claim_sheet",
    "admin:claims_source_page",
    "admin:claims_snapshot_text",
    "api-claim",
    "api-claim-history",
    "api-evidence",
    "api-source",
    "web:claim",
    "web:correction",
)


def address(route, things) -> str:
    """An address of the route, about the things."""
    if route in NAMELESS:
        return NAMELESS[route]
    parts = re.findall(r"<(?:\w+:)?(\w+)>", ROUTES[route])
    words = {part: things[part] for part in parts if part in things}
    if "reference" in parts:
        kind = next(kind for name, kind in OF_A_REFERENCE.items() if route.startswith(name))
        words["reference"] = things[kind]
    if "step" in parts:
        words["step"] = STEPS[route]
    return reverse(route, kwargs=words)


@pytest.fixture(scope="module")
def cookies(cast):
    """The cookie of each that is signed in; what becomes of the session is undone with the test."""
    found: dict[str, dict[str, str]] = {"": {}}
    for who in filter(None, WHO):
        client = Client()
        client.force_login(cast.users[who], backend="django.contrib.auth.backends.ModelBackend")
        found[who] = {name: morsel.value for name, morsel in client.cookies.items()}
    return found


@pytest.fixture
def browser(cookies):
    """Return a function that opens a browser in which somebody is signed in."""

    def opened(who, **options) -> Client:
        client = Client(raise_request_exception=False, **options)
        client.cookies.load(cookies[who])
        return client

    return opened


def word(answer) -> str:
    if answer.streaming:
        b"".join(answer)  # raw bytes: read to its end the file is closed
    to = answer.get("Location", "")
    return "in" if to.startswith(("/sign-in/", "/admin/login/")) else str(answer.status_code)


def test_the_table_names_every_route_and_no_other():
    assert set(TABLE) == set(ROUTES)


def test_no_answer_is_a_fault_of_ours():
    assert not [row for row in TABLE.values() if re.search(r"\b5\d\d\b", " ".join(row))]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", TABLE)
def test_each_role_gets_what_the_table_says(browser, things, route, method):
    expected = TABLE[route][method == "post"]
    where = address(route, things)
    got = [word(getattr(browser(who), method)(where)) for who in WHO]
    assert " ".join(got) == expected


@pytest.mark.parametrize("who", ["admin", "omar"])
@pytest.mark.parametrize("route", READ_ELSEWHERE)
def test_what_is_open_is_read_at_other_desks_too(cast, browser, things, route, who):
    claim = Claim.objects.get()
    set_visibility(cast.cleo, claim.pk, to=Visibility.OPEN, seen=claim.revision)
    assert browser(who).get(address(route, things)).status_code == 200


@pytest.mark.parametrize(
    "route",
    [
        route
        for route, (_, post) in TABLE.items()
        if "405" not in post and not route.startswith("api")
    ],
)
def test_nothing_is_done_without_the_csrf_token(browser, things, route):
    client = browser("ada", enforce_csrf_checks=True)
    assert client.post(address(route, things)).status_code == 403
