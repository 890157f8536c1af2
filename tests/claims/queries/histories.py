"""Random histories of a small desk, made by the services alone; the same seed, the same steps."""

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from claims.errors import RecordError
from claims.models import Article, Claim, Evidence, Origin, Proposal, Review, Source, Watch
from claims.queries.version import version_of
from claims.services import articles, claims, evidence, origins, proposals, reviews, status, work
from claims.services.hand_looks import HandLook, look_by_hand
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.services.merge import merge
from claims.services.source_merge import merge_source
from claims.services.sources import set_treatment
from claims.services.split import Part, split
from claims.services.uses import put_uses
from claims.states import (
    GROUNDS,
    ChangeKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    FlagKind,
    LinkState,
    NoticeKind,
    Outcome,
    ProposalState,
    QuoteState,
    Reliability,
    Stance,
    Visibility,
)
from claims.types import Assessment, FigureValue, LeasedWatch, Look, Notice, PageText, QuoteFinding
from tests.claims.cast import Cast

TEXT = "About 1,500 soldiers have arrived, says the NIS. Nobody else says so, and some deny it."
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WORDS = ("soldiers", "houses", "grain", "schools", "denials", "letters")


class History:
    """A desk at work: `step` does one thing at random, such as the record allows at that moment."""

    def __init__(self, cast: Cast, *, seed: int) -> None:
        self.cast = cast
        self.dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.made = 0
        self.people = (cast.ada, cast.ben, cast.cleo)
        self.article: Article | None = None
        for _ in range(3):
            self.open_claim()
            self.add_origin()
        for _ in range(5):
            self.add_evidence()
        self.add_place()

    def step(self) -> str:
        """Do one thing and return its name; what is refused is left, and another chosen."""
        while True:
            act = self.dice.choice(ACTS)
            try:
                act(self)
            except (RecordError, IndexError):
                continue
            return act.__name__

    def one(self, model, **having):
        rows = list(model.objects.filter(**having).order_by("pk"))
        return self.dice.choice(rows)

    def anybody(self):
        return self.dice.choice(self.people)

    def word(self) -> str:
        self.made += 1
        return f"{self.dice.choice(WORDS)} {self.made}"

    def figures(self) -> list[FigureValue]:
        value = Decimal(self.dice.randrange(1, 9000))
        return [FigureValue(value=value, unit=self.word())] * self.dice.randrange(2)

    def open_claim(self) -> None:
        values = {"statement": f"There are {self.word()}.", "claimant_text": self.word()}
        if Origin.objects.exists() and self.dice.random() < 0.5:
            values["claimant"] = self.one(Origin).reference
        shown = self.dice.choice((Visibility.OPEN, Visibility.OPEN, Visibility.RESTRICTED))
        claims.open_claim(
            self.anybody(),
            desk=self.cast.desk,
            values=values,
            figures=self.figures(),
            visibility=shown,
        )

    def edit_claim(self) -> None:
        claim = self.one(Claim)
        own = self.dice.choice(
            (
                {"statement": f"There were {self.word()}."},
                {"topic": "north-korea", "priority": 1},
                {"as_of_on": "2024-10-18", "review_by_on": "2031-01-01"},
                {"claimant": self.one(Origin).reference},
            )
        )
        payload: dict = {"claim": own}
        if self.dice.random() < 0.4:
            payload["figures"] = [{"value": "12", "unit": self.word(), "qualifier": "about"}]
        if claim.status == ClaimStatus.CORROBORATED:
            proposals.propose_edit(
                self.anybody(),
                claim.pk,
                payload=payload,
                rationale=self.word(),
                seen=claim.revision,
            )
        else:
            claims.edit_claim(self.anybody(), claim.pk, payload=payload, seen=claim.revision)

    def add_origin(self) -> None:
        values = {"name": f"Agency {self.word()}", "kind": "agency"}
        if Origin.objects.exists() and self.dice.random() < 0.4:
            values["part_of"] = self.one(Origin).reference
        desk = self.cast.desk if self.dice.random() < 0.3 else None
        origins.add_origin(self.anybody(), values=values, confidential_at=desk)

    def edit_origin(self) -> None:
        values = self.dice.choice(
            (
                {"reliability": self.dice.choice(list(Reliability)).value},
                {"name": f"Bureau {self.word()}"},
                {"part_of": self.one(Origin).reference},
            )
        )
        origins.edit_origin(self.anybody(), self.one(Origin).reference, values=values)

    def confirm_identity(self) -> None:
        origins.confirm_identity(self.cast.cleo, self.one(Origin, is_confidential=True).reference)

    def add_evidence(self) -> None:
        values = {
            "quote": f"about 1,500 {self.word()}",
            "translation": self.word(),
            "stance": self.dice.choice((Stance.SUPPORTS, Stance.SUPPORTS, Stance.DISPUTES)),
            "credibility": self.dice.randrange(1, 7),
        }
        chance = self.dice.random()
        if chance < 0.6:
            values["origin"] = self.one(Origin).reference
        elif chance < 0.8 and Evidence.objects.exists():
            values["relays_evidence"] = self.one(Evidence).reference
        elif chance < 0.9:
            values["relays_origin"] = self.one(Origin).reference
        evidence.add_evidence(
            self.anybody(),
            self.one(Claim).pk,
            values=values,
            url=f"https://page{self.dice.randrange(8)}.example.org/story",
            figures=self.figures(),
            note=self.word(),
        )

    def edit_evidence(self) -> None:
        row = self.one(Evidence)
        values = self.dice.choice(
            (
                {"quote": f"at least {self.word()}", "locator": self.word()},
                {"credibility": 2, "is_primary_record": True},
                {"figures": [{"value": "7", "unit": self.word()}]},
                {"relays_evidence": self.one(Evidence).reference},
                {"relays_evidence": "", "origin": self.one(Origin).reference},
            )
        )
        seen = row.claim.revision
        evidence.edit_evidence(self.anybody(), row.reference, values=values, seen=seen)

    def withdraw_evidence(self) -> None:
        row = self.one(Evidence, withdrawn_at=None)
        evidence.withdraw_evidence(self.anybody(), row.reference, reason=self.word())

    def attest(self) -> None:
        row = self.one(Evidence, withdrawn_at=None)
        evidence.attest(self.anybody(), row.reference, on=date(2024, 10, 18), note=self.word())

    def leased(self) -> LeasedWatch:
        """Lease a watched page, as if it were due."""
        source = self.one(Source, merged_into=None)
        Watch.objects.filter(source=source, due_at__isnull=False).update(due_at=LONG_AGO)
        return lease(
            1,
            only=[source.pk],
            lease_for=timedelta(minutes=3),
            pause=timedelta(0),
            per_host=10,
        )[0]

    def look(self) -> None:
        leased = self.leased()
        record_looks([self._seen(Source.objects.get(pk=leased.source_id), leased.token)])

    def _seen(self, source: Source, token: str) -> Look:
        notice = self.dice.choice((NoticeKind.NONE, NoticeKind.NONE, NoticeKind.RETRACTION))
        findings = tuple(
            QuoteFinding(row.pk, state, found=self.word() if state != QuoteState.STANDING else "")
            for row in Evidence.objects.filter(source=source, withdrawn_at=None).order_by("pk")
            for state in [self.dice.choice(("standing", "standing", "altered", "missing"))]
            for state in [QuoteState(state)]
        )
        text, link = (
            self.word(),
            self.dice.choice((LinkState.LIVE, LinkState.LIVE, LinkState.MOVED)),
        )
        return Look(
            source.pk,
            token,
            Outcome.CHANGED,
            status=200,
            final_url=source.url or "",
            link_state=link,
            link_reason=self.word() if link is not LinkState.LIVE else "",
            due_in_s=60,
            raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
            blob_size=len(text),
            page=PageText(text=text, title=self.dice.choice(("", f"The page of {text}"))),
            assessment=Assessment(
                changed=True,
                significant=self.dice.random() < 0.8,
                kind=ChangeKind.EDITORIAL,
                notice=Notice(notice, self.word() if notice is not NoticeKind.NONE else ""),
                quotes=findings,
            ),
        )

    def lose_page(self) -> None:
        leased = self.leased()
        lost = self.dice.choice((LinkState.GONE, LinkState.BLOCKED, LinkState.UNREACHABLE))
        look = Look(
            leased.source_id,
            leased.token,
            Outcome.GONE,
            status=404,
            due_in_s=60,
            link_state=lost,
            link_reason=self.word(),
        )
        record_looks([look])

    def look_by_hand(self) -> None:
        row = self.one(Evidence, withdrawn_at=None)
        outcome = self.dice.choice(
            (Outcome.SEEN_CHANGED, Outcome.SEEN_CHANGED, Outcome.SEEN_GONE, Outcome.SEEN_STANDING)
        )
        passages = {} if outcome is Outcome.SEEN_GONE else {row.reference: self.word()}
        if outcome is Outcome.SEEN_STANDING:
            passages = {row.reference: ""}
        seen = HandLook(outcome, timezone.localdate(), self.word(), passages)
        look_by_hand(self.anybody(), row.source.reference, look=seen)

    def ask_for_review(self) -> None:
        kind = self.dice.choice((FlagKind.TIP, FlagKind.COMPLAINT))
        reviews.ask_for_review(self.anybody(), self.one(Claim).pk, kind=kind, detail=self.word())

    def stands(self) -> None:
        claim = self.one(Claim)
        ground = self.dice.choice((None, *GROUNDS[ClaimStatus(claim.status)]))
        person, why = self.anybody(), self.word()
        if claim.status == ClaimStatus.CORROBORATED:
            proposals.propose_stands(person, claim.pk, rationale=why, seen=claim.revision)
        else:
            reviews.stands(person, claim.pk, rationale=why, seen=claim.revision, ground=ground)

    def decide(self) -> None:
        claim = self.one(Claim)
        to = self.dice.choice((ClaimStatus.DISPUTED, ClaimStatus.REPORTED))
        ground = self.dice.choice(GROUNDS[to])
        person = self.dice.choice((self.cast.cleo, self.anybody()))
        status.decide(
            person, claim.pk, to=to, ground=ground, rationale=self.word(), seen=claim.revision
        )

    def undo(self) -> None:
        claim = self.one(Claim)
        status.undo(self.anybody(), claim.pk, seen=claim.revision)

    def propose(self) -> None:
        claim = self.one(Claim)
        to = self.dice.choice(
            (ClaimStatus.CORROBORATED, ClaimStatus.CORROBORATED, ClaimStatus.REPORTED)
        )
        named = " ".join(Evidence.objects.values_list("reference", flat=True))
        proposals.propose(
            self.cast.cleo,
            claim.pk,
            to=to,
            ground=self.dice.choice(GROUNDS[to]),
            rationale=f"{self.word()} {named}",
            seen=claim.revision,
        )

    def end_proposal(self) -> None:
        row = self.one(Proposal, state=ProposalState.OPEN)
        match self.dice.randrange(5):
            case 0:
                proposals.send_back(self.anybody(), row.reference, note=self.word())
            case 1:
                proposals.withdraw(self.cast.cleo, row.reference, reason=self.word())
            case _:
                version = version_of(row.claim)
                proposals.sign_off(self.cast.ben, row.reference, version=version)

    def work(self) -> None:
        row = self.one(Review, ended_at=None)
        if self.dice.random() < 0.5:
            work.assign(self.anybody(), row.reference, to=self.cast.ben.reference)
        else:
            due_at = timezone.now() + timedelta(days=self.dice.randrange(1, 9))
            work.set_due(self.anybody(), row.reference, due_at=due_at)

    def close(self) -> None:
        claim = self.one(Claim, closed_at=None)
        if Claim.objects.filter(closed_at=None).count() < 3:
            raise IndexError
        claims.close(
            self.anybody(),
            claim.pk,
            reason=CloseReason.OVERTAKEN,
            note=self.word(),
            seen=claim.revision,
        )

    def reopen(self) -> None:
        claim = self.one(Claim, closed_at__isnull=False)
        claims.reopen_claim(self.anybody(), claim.pk, note=self.word(), seen=claim.revision)

    def link(self) -> None:
        kind = self.dice.choice(list(ClaimLinkKind))
        claims.link(self.anybody(), self.one(Claim).pk, kind=kind, to=self.one(Claim).reference)

    def merge(self) -> None:
        claim, kept = self.one(Claim, closed_at=None), self.one(Claim, closed_at=None)
        live = claim.evidence.filter(withdrawn_at=None).values_list("reference", flat=True)
        merge(
            self.anybody(),
            claim.pk,
            into=kept.reference,
            note=self.word(),
            seen=claim.revision,
            evidence=list(live),
        )

    def split(self) -> None:
        claim = self.one(Claim, closed_at=None)
        live = claim.evidence.filter(withdrawn_at=None).values_list("reference", flat=True)
        parts = [Part({"statement": f"Part {self.word()}."}, (), list(live)[:n]) for n in (1, 2)]
        split(self.anybody(), claim.pk, parts=parts, note=self.word(), seen=claim.revision)

    def merge_sources(self) -> None:
        gone, kept = self.one(Source, merged_into=None), self.one(Source, merged_into=None)
        merge_source(self.anybody(), gone.reference, into=kept.reference, reason=self.word())

    def treat(self) -> None:
        source = self.one(Source, merged_into=None)
        expected = not source.is_expected_to_change
        set_treatment(
            self.anybody(), source.reference, is_fetched=True, is_expected_to_change=expected
        )

    def show_to(self) -> None:
        claim = self.one(Claim)
        to = self.dice.choice((Visibility.OPEN, Visibility.RESTRICTED))
        claims.set_visibility(self.cast.cleo, claim.pk, to=to, seen=claim.revision)

    def add_place(self) -> None:
        if self.article is None:
            values = {"title": "What the NIS says", "external_id": "a-1"}
            self.article = articles.add_article(
                self.cast.ada, desk=self.cast.desk, text=TEXT, values=values, is_ours=True
            )
        start = self.dice.randrange(0, 40)
        articles.add_appearance(
            self.anybody(),
            self.one(Claim).pk,
            article=self.article.reference,
            start=start,
            end=start + self.dice.randrange(1, 30),
            cue=self.word(),
            hedges=(self.word(),),
        )

    def print_claims(self) -> None:
        seen = list(Claim.objects.order_by("pk").values_list("reference", flat=True))
        uses = [{"claim": name, "words": self.word()} for name in self.dice.sample(seen, 2)]
        put_uses(self.cast.ada, uses=uses, external_id="a-1")


ACTS: tuple[Callable[[History], None], ...] = (
    History.open_claim,
    History.edit_claim,
    History.edit_claim,
    History.add_origin,
    History.edit_origin,
    History.edit_origin,
    History.confirm_identity,
    History.add_evidence,
    History.add_evidence,
    History.edit_evidence,
    History.edit_evidence,
    History.withdraw_evidence,
    History.attest,
    History.attest,
    History.attest,
    History.look,
    History.look,
    History.look,
    History.look,
    History.lose_page,
    History.look_by_hand,
    History.ask_for_review,
    History.stands,
    History.stands,
    History.decide,
    History.undo,
    History.propose,
    History.propose,
    History.propose,
    History.end_proposal,
    History.end_proposal,
    History.end_proposal,
    History.work,
    History.close,
    History.reopen,
    History.link,
    History.merge,
    History.split,
    History.merge_sources,
    History.treat,
    History.show_to,
    History.add_place,
    History.print_claims,
)
