"""Evidence picked by selecting it in the text a real browser shows."""

import pytest
from playwright.sync_api import expect

from claims.models import Claim, Evidence, Origin, Source
from claims.states import LinkState
from tests.claims.admin.looking import look_at

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
URL = "https://stranger.example.net/harbour"
TEXT = (
    "HARBOUR, Oct 18 (Reuters) - 🚢 Three ferries went down in the storm, the Port Authority said "
    "on Friday.\n“We have never seen such waves,” said the harbour master, who asked people to stay "
    "at home.\nThe ferries were empty."
)
PICK = """
(words) => {
  const text = document.querySelector("[data-text]");
  const at = text.textContent.indexOf(words);
  let passed = 0;
  const range = document.createRange();
  for (const node of text.childNodes) {
    const inner = node.nodeType === 3 ? node : node.firstChild;
    const end = passed + inner.data.length;
    if (at >= passed && at < end) range.setStart(inner, at - passed);
    if (at + words.length <= end) { range.setEnd(inner, at + words.length - passed); break; }
    passed = end;
  }
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}
"""


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone: what the watch reads is put on record by hand."""
    return ("web",)


@pytest.fixture
def claim(demonstration) -> Claim:
    return Claim.objects.filter(closed_at=None, decided_at=None).order_by("pk")[0]


def give_address(mira, claim) -> Source:
    mira.go(f"/admin/claims/claim/{claim.reference}/evidence/new/")
    mira.page.locator("#read-page").get_by_label("Address of the page").fill(URL)
    mira.page.keyboard.press("Enter")
    mira.sees("The watch is reading the page.")
    return Source.objects.get(url=URL)


def test_a_page_is_read_while_one_waits_and_its_words_are_picked_by_selecting(sign_in, claim):
    reuters = Origin.objects.get(name="Reuters").reference
    mira = sign_in("mira", viewport=WIDE)
    source = give_address(mira, claim)
    look_at(source, TEXT, title="Ferries lost in the storm")
    mira.sees("The page has been read: select the words to quote.")
    mira.page.evaluate(PICK, "Three ferries went down in the storm")
    mira.page.locator("[data-text]").dispatch_event("pointerup")
    mira.sees("Quote taken: 36 characters.")
    mira.sees("“Reuters” is named beside the passage.")
    mira.page.get_by_role("button", name="Take “Reuters”").click()
    expect(mira.page.get_by_label("Information comes from")).to_have_value(f"Reuters ({reuters})")
    mira.press("Add the evidence")
    mira.sees("Added. Its quote counts once the watch has found it on the page.")
    row = Evidence.objects.get(source=source)
    assert row.quote == "Three ferries went down in the storm"
    assert row.prefix == "HARBOUR, Oct 18 (Reuters) - 🚢 "
    assert row.suffix == ", the Port Authority said on Fri"


@pytest.mark.long
def test_no_page_of_evidence_scrolls_sideways_or_breaks_its_policy(sign_in, claim):
    mira = sign_in("mira", viewport=WIDE)
    source = give_address(mira, claim)
    row = claim.evidence.filter(withdrawn_at=None).first()
    pages = (
        f"/admin/claims/claim/{claim.reference}/evidence/new/",
        f"/admin/claims/claim/{claim.reference}/evidence/new/{source.reference}/",
        f"/admin/claims/claim/{claim.reference}/evidence/{row.reference}/",
        f"/admin/claims/source/{row.source.reference}/",
        "/admin/claims/origin/new/",
    )
    Source.objects.filter(pk=row.source_id).update(link_state=LinkState.LIVE)
    for path in pages:
        mira.go(path)
        for summary in mira.page.locator("details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()
        for viewport in (WIDE, NARROW):
            mira.page.set_viewport_size(viewport)
            mira.is_not_scrolled_sideways()
