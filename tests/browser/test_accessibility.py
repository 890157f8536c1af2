"""Every page a link leads to, judged by axe-core and by the page's own content policy."""

from importlib.resources import files
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from claims.access import actor_of
from claims.models import Claim, User
from claims.services import proposals, reviews, status
from claims.services.articles import add_article
from claims.services.uses import put_uses
from claims.states import ClaimStatus, FlagKind, Ground, Role

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
A_REVIEW = frozenset(
    {
        "claims_queue",
        "claims_claim_page",
        "claims_sign_off",
        "claims_evidence_new",
        "claims_claim_new",
    }
)
"""The pages somebody sees who works a review."""

WIDE = {"width": 1440, "height": 900}
JUDGE = """async (rules) => {
  const options = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(document, options);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}"""
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.href)"
DARK = "document.documentElement.dataset.theme = 'dark'"
SETTLE = "document.getAnimations().forEach((change) => change.finish())"
LIGHT = "delete document.documentElement.dataset.theme"
DOWNLOADS = frozenset(
    {"claims_capture_raw", "claims_snapshot_raw", "claims_export", "claims_import_template"}
)


@pytest.fixture
def processes() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def busy(demonstration):
    """A flag, a proposal and a correction due, so that every part of the pages is there."""
    mira = actor_of(User.objects.get(username="mira"))
    claims = Claim.objects.filter(closed_at=None, status=ClaimStatus.REPORTED).order_by("pk")
    reviews.ask_for_review(mira, claims[0].pk, kind=FlagKind.TIP, detail="Look at the figure.")
    for claim in Claim.objects.filter(status=ClaimStatus.CORROBORATED)[:1]:
        why, seen = "The page was read again; the passage is there.", claim.revision
        proposals.propose_stands(mira, claim.pk, rationale=why, seen=seen)
    print_and_dispute(claims[1])


def print_and_dispute(claim: Claim) -> None:
    """An article of ours uses a claim that an editor then disputes."""
    editor = next(
        actor
        for actor in map(actor_of, User.objects.order_by("pk"))
        if actor.role_at(claim.desk.slug) is Role.EDITOR
    )
    article = add_article(
        editor, desk=claim.desk, text="A text.", values={"title": "What we wrote"}, is_ours=True
    )
    used = {"claim": claim.reference, "words": "It is so, and not otherwise."}
    put_uses(editor, article=article.reference, uses=[used])
    status.decide(
        editor,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.WRONGLY_ATTRIBUTED,
        rationale="Somebody else said so.",
        seen=claim.revision,
    )


def route_of(url: str) -> str:
    """The name of the route an address leads to; empty where it leads out or to a file."""
    try:
        name = resolve(urlsplit(url).path).url_name or ""
    except Resolver404:
        return ""
    return "" if name in DOWNLOADS else name


def faults_of(page: Page) -> list[str]:
    """What axe finds on a page with everything opened: in the light, and its colours in the dark."""
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE)
    light = page.evaluate(JUDGE, [])
    page.evaluate(DARK)
    page.evaluate(SETTLE)
    dark = page.evaluate(JUDGE, ["color-contrast", "link-in-text-block"])
    page.evaluate(LIGHT)
    return [*light, *(f"dark, {fault}" for fault in dark)]


def crawl(person, start: str, *, only: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Follow every link from a page on, once a route; return the faults by route.

    `only` names the routes to keep to, where not all are wanted.
    """
    base = person.stack.url
    waiting, faults = [base.rstrip("/") + start], {}
    seen = set()
    while waiting:
        url = urldefrag(waiting.pop(0)).url
        name = route_of(url) if url.startswith(base) else ""
        if not name or (only and name not in only) or name in seen:
            continue
        seen.add(name)
        answer = person.page.goto(url)
        assert answer is not None
        assert answer.ok, url
        if answer.headers["content-type"].startswith("text/html"):
            assert person.complaints == [], url
            waiting += person.page.evaluate(LINKS)
            faults[name] = faults_of(person.page)
            person.complaints.clear()  # of axe's own style sheet
    return faults


def test_the_pages_of_a_review_have_no_fault(sign_in, busy):
    faults = crawl(sign_in("mira", viewport=WIDE), "/admin/queue/", only=A_REVIEW)
    assert {name: found for name, found in faults.items() if found} == {}
    assert set(faults) == A_REVIEW


@pytest.mark.long
@pytest.mark.parametrize("who", ["mira", "admin"])
def test_no_page_a_link_leads_to_has_a_fault(sign_in, busy, who):
    faults = crawl(sign_in(who, viewport=WIDE), "/admin/queue/")
    assert {name: found for name, found in faults.items() if found} == {}
    assert len(faults) > 25
