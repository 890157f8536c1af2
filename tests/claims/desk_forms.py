"""Every kind of form of the desk, ready to be sent: by its name, the address and what is sent.

Each call makes what the form is about anew, so that a form can be sent on twins.
"""

import hashlib
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.admin.pages.claim import STEPS
from claims.models import Claim, Flag, LedgerEntry, Proposal, Review
from claims.services import claims, proposals, reviews, status
from claims.services.articles import add_article
from claims.states import ClaimLinkKind, ClaimStatus, CloseReason, FlagKind, Ground
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

NUMBERS = count(1)
NEW = (
    "The bridge at Antonivka was hit on Monday.",
    "Grain exports fell by a third in May.",
    "The minister resigned over the ferry contract.",
    "Twelve villages are without water.",
)


def signed_in(cast, who="ada"):
    """A browser of somebody signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(cast.users[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def supported(cast):
    number = next(NUMBERS)
    claim = make_claim(cast, f"Claim {number}.")
    for name in ("one", "two"):
        url = f"https://{name}{number}.example.org/"
        make_evidence(cast, claim, origin=make_origin(cast, f"{name} {number}"), url=url)
    return fresh(claim)


def proposed(cast):
    claim = supported(cast)
    proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )
    return fresh(claim)


def corroborated(cast):
    claim = proposed(cast)
    proposal = Proposal.objects.get(claim=claim)
    return proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)


def disputed(cast):
    claim = supported(cast)
    return status.decide(
        cast.cleo,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="They differ.",
        seen=claim.revision,
    )


def flagged(cast, claim=None):
    claim = claim or make_claim(cast, f"Claim {next(NUMBERS)}.")
    return reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")


def lowered(cast):
    claim = corroborated(cast)
    return status.decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.REPORTED,
        ground=Ground.SUPPORT_LOST,
        rationale="Gone.",
        seen=claim.revision,
    )


def closed(cast):
    claim = supported(cast)
    return claims.close(
        cast.ada, claim.pk, reason=CloseReason.MISTAKE, note="A mistake.", seen=claim.revision
    )


def step(slug, prepare, **values):
    """A form of the claim's page, on a claim made ready for it."""

    def make(cast):
        claim = fresh(prepare(cast))
        sent = {"revision": claim.revision, **values}
        if "rationale" in STEPS[slug].base_fields:
            sent |= {"rationale": "Because."}
        proposal = Proposal.objects.filter(claim=claim, state="open").first()
        if proposal:
            sent |= {"proposal": proposal.reference}
        return reverse("admin:claims_claim_step", args=[claim.reference, slug]), sent

    return make


def plan(slug, **values):
    def make(cast):
        review = Review.objects.get(claim=flagged(cast), ended_at=None)
        named = {"PE": cast.users["ben"].reference}
        sent = {name: named.get(value, value) for name, value in values.items()}
        was = {"priority": "2"}.get(slug, "")
        return reverse("admin:claims_review_step", args=[review.reference, slug]), {
            **sent,
            "was": was,
        }

    return make


def evidence(slug, **values):
    def make(cast):
        claim = supported(cast)
        row = claim.evidence.order_by("pk").first()
        where = reverse("admin:claims_evidence_page", args=[claim.reference, row.reference])
        return where, {"step": slug, "revision": claim.revision, **values}

    return make


def answer_of_a_cause(cast):
    claim = flagged(cast)
    name = claim.reference
    sent = {
        f"{name}-answer": "stands",
        f"{name}-rationale": "It stands.",
        f"{name}-revision": claim.revision,
    }
    cause = Flag.objects.get(claim=claim).cause
    return reverse("admin:claims_cause", args=[cause]), sent


def many(cast):
    chosen = [supported(cast) for _ in range(3)]
    rows = [f"{claim.reference}:{claim.revision}" for claim in chosen]
    last = LedgerEntry.objects.order_by("-seq").first().seq
    sent = {"act": "close", "stage": "do", "row": rows, "seq": last}
    return reverse("admin:claims_bulk"), {**sent, "reason": "mistake", "why": "Mistakes."}


def imported(cast):
    data = f"statement\nImported {next(NUMBERS)}.\nImported {next(NUMBERS)}.\n".encode()
    client = signed_in(cast)
    file = SimpleUploadedFile("claims.csv", data)
    client.post(
        reverse("admin:claims_import"), {"file": file, "desk": "world", "visibility": "open"}
    )
    cast.cookies = client.cookies
    return reverse("admin:claims_import_rows"), {"sha256": hashlib.sha256(data).hexdigest()}


def edited(cast):
    claim = supported(cast)
    sent = {
        "step": "words",
        "revision": claim.revision,
        "statement": f"Other words {next(NUMBERS)}.",
        "kind": "fact",
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
    }
    return reverse("admin:claims_claim_edit", args=[claim.reference]), sent


def dated(cast):
    claim = supported(cast)
    sent = {"step": "dates", "revision": claim.revision, "priority": "1"}
    return reverse("admin:claims_claim_edit", args=[claim.reference]), sent


def signed_off(cast):
    claim = proposed(cast)
    proposal = Proposal.objects.get(claim=claim)
    ticks = {f"seen-{row.reference}": "on" for row in claim.evidence.all()}
    sent = {"proposal": proposal.reference, "version": proposal.version, **ticks}
    where = reverse("admin:claims_sign_off", args=[claim.reference])
    return where, {"revision": claim.revision, **sent}


def placed(cast):
    words = f"Words number {next(NUMBERS)}"
    article = add_article(cast.ada, desk=cast.desk, text=f"{words}.", values={"title": "Text"})
    return step("place", supported, article=article.reference, words=words)(cast)


def new_claim(cast):
    sent = {
        "desk": "world",
        "statement": NEW[next(NUMBERS) % len(NEW)],
        "kind": "fact",
        "language": "en",
        "visibility": "open",
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
    }
    return reverse("admin:claims_claim_new"), sent


def treated(cast):
    row = supported(cast).evidence.first()
    return reverse("admin:claims_source_step", args=[row.source.reference, "treatment"]), {
        "is_not_fetched": "on"
    }


def new_evidence(cast):
    claim = supported(cast)
    sent = {
        "revision": claim.revision,
        "url": f"https://third{next(NUMBERS)}.example.org/",
        "quote": "about 1,500 soldiers",
        "stance": "supports",
        "credibility": "6",
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
    }
    return reverse("admin:claims_evidence_new", args=[claim.reference]), sent


def merged(cast):
    claim, kept = supported(cast), make_claim(cast, f"Claim {next(NUMBERS)}.")
    sent = {"revision": claim.revision, "into": kept.reference, "note": "The same."}
    return reverse("admin:claims_claim_merge", args=[claim.reference]), sent


def split(cast):
    claim = supported(cast)
    parts = {f"part-{n}-statement": f"Part {next(NUMBERS)}." for n in (1, 2)}
    kinds = {f"part-{n}-kind": "fact" for n in (1, 2)}
    sent = {"revision": claim.revision, "count": "2", "note": "Two in one.", **parts, **kinds}
    return reverse("admin:claims_claim_split", args=[claim.reference]), sent


def linked(cast):
    claim, other = supported(cast), make_claim(cast, f"Claim {next(NUMBERS)}.")
    sent = {"revision": claim.revision, "kind": "updates", "to": other.reference}
    return reverse("admin:claims_claim_links", args=[claim.reference]), sent


def unlinked(cast):
    where, sent = linked(cast)
    claim = fresh(Claim.objects.order_by("-pk")[1])
    claims.link(cast.ada, claim.pk, kind=ClaimLinkKind.UPDATES, to=sent["to"])
    return where, {**sent, "step": "unlink", "note": "Of another month."}


FORMS = {
    "comment": step("comment", supported, text="Somebody should call them."),
    "new claim": new_claim,
    "new evidence": new_evidence,
    "treatment": treated,
    "dates": dated,
    "stands": step("stands", flagged),
    "propose that it stands": step(
        "propose-stands", lambda cast: flagged(cast, corroborated(cast))
    ),
    "lower": step("lower", corroborated, ground="support_lost"),
    "dispute": step("dispute", corroborated, ground="conflicting_accounts"),
    "propose corroborated": step("corroborate", supported, ground="independent_origins"),
    "propose reported": step("propose-reported", disputed, ground="single_origin"),
    "propose shown false": step("propose-false", disputed, ground="shown_false"),
    "sign off": signed_off,
    "withdraw the proposal": step("withdraw-proposal", proposed, reason="Too early."),
    "undo": step("undo", lowered),
    "close": step("close", supported, reason="mistake", note="A mistake."),
    "reopen": step("reopen", closed, note="It comes up again."),
    "ask for a review": step("flag", supported, kind="tip", detail="Look."),
    "hide": step("visibility", supported, to="restricted"),
    "place in an article": placed,
    "merge": merged,
    "split": split,
    "link": linked,
    "take a link back": unlinked,
    "edit": edited,
    "assign": plan("assign", to="PE"),
    "due": plan("due", due_at="2040-01-01T10:00"),
    "urgency": plan("priority", priority="1"),
    "withdraw evidence": evidence("withdraw", reason="Not its words."),
    "answer a change": answer_of_a_cause,
    "many at once": many,
    "import": imported,
}
WHO = {"sign off": "ben", "dispute": "cleo", "hide": "cleo", "propose shown false": "cleo"}
