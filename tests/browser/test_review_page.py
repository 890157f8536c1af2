"""One review from the queue to the ledger, by two people, by keyboard alone, in a real browser."""

import pytest
from playwright.sync_api import expect

from claims.access import actor_of
from claims.models import Claim, Desk, Evidence, LedgerEntry, Source, User
from claims.services.claims import open_claim
from claims.services.evidence import add_evidence
from claims.services.origins import add_origin
from claims.states import ClaimStatus, EntryKind, OriginKind, QuoteState
from tests.claims.admin.looking import look_at
from tests.claims.cast import fresh

WIDE = {"width": 1440, "height": 900}
BEFORE = "Snow fell on the port. About 1,500 soldiers have arrived by sea. The port is closed."
NOW = "Snow fell on the port. About 3,000 soldiers have arrived by sea. The port is closed."
MOST_KEYS = 3


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone: what was seen is put on record by hand."""
    return ("web",)


@pytest.fixture
def flagged(demonstration) -> Claim:
    """A claim that two agencies support, and a third page that changed its figure."""
    actor = actor_of(User.objects.get(username="mira"))
    desk = Desk.objects.get(slug=actor.roles[0][0])
    claim = open_claim(actor, desk=desk, values={"statement": "1,500 soldiers have arrived."})
    for name in ("Harbour Agency", "Coast Guard", "The Port Gazette"):
        origin = add_origin(actor, values={"name": name, "kind": OriginKind.AGENCY})
        url = f"https://{name.split()[-1].lower()}.example.org/story"
        quote = "About 1,500 soldiers have arrived by sea."
        add_evidence(actor, claim.pk, url=url, values={"quote": quote, "origin": origin})
    Evidence.objects.filter(claim=claim).update(quote_state=QuoteState.STANDING)
    gazette = Source.objects.get(url__contains="gazette")
    look_at(gazette, BEFORE, title="Soldiers in the port")
    look_at(gazette, NOW, found="About 3,000 soldiers have arrived by sea.")
    return fresh(claim)


def test_from_queue_to_ledger_by_two_people_and_the_keyboard_alone(sign_in, flagged):
    mira = sign_in("mira", viewport=WIDE)
    pressed: list[str] = []

    def press(person, *keys):
        pressed.extend(keys)
        person.strike(*keys)

    mira.go("/admin/queue/")
    press(mira, "n")
    mira.sees("Yours until")
    before, after = mira.page.locator("table.diff tr.changed").first.locator("td").all()
    expect(before.locator("mark .figure-changed")).to_have_text("1,500")
    expect(after.locator("mark .figure-changed")).to_have_text("3,000")
    press(mira, "p")
    expect(mira.page.locator("#corroborate-rationale")).to_be_focused()
    mira.page.keyboard.type(" Seen on both pages.")
    press(mira, "Control+Enter")
    mira.sees("Proposed: corroborated.")
    assert len(pressed) <= MOST_KEYS
    mira.sees("another person signs it off")

    tomas = sign_in("tomas", viewport=WIDE)
    tomas.go(f"/admin/claims/claim/{flagged.reference}/")
    press(tomas, "g")
    tomas.sees("2 independent origins: Harbour Agency, Coast Guard. Seen on both pages.")
    press(tomas, "j", "g", "j", "g", "Control+Enter")
    tomas.sees("Signed off: the claim is corroborated.")
    assert fresh(flagged).status == ClaimStatus.CORROBORATED

    entry = LedgerEntry.objects.get(kind=EntryKind.STATUS_CHANGED, claim_ref=flagged.reference)
    tomas.go(f"/admin/claims/claim/{flagged.reference}/")
    line = tomas.page.locator(".history li", has_text=f"entry {entry.seq}")
    expect(line).to_contain_text("Corroborated")
    expect(line).to_contain_text("Seen on both pages.")
