"""Random histories by real service calls: what the rules refuse is simply not done."""

import random
from collections.abc import Callable, Iterator

from django.db import transaction

from claims.errors import RecordError
from claims.models import Claim, Evidence, Proposal
from claims.queries.version import version_of
from claims.services import claims, proposals, reviews, status
from claims.services.articles import add_appearance, add_article
from claims.services.evidence import withdraw_evidence
from claims.services.ledger import recording
from claims.services.merge import merge
from claims.services.settle import lock_claim, settle
from claims.states import (
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    ProposalState,
    Verb,
    Visibility,
)
from claims.types import MACHINE, Actor
from tests.claims.cast import Cast, make_claim, make_evidence

TOPICS = ("", "war", "budget")
GROUNDS = {
    ClaimStatus.REPORTED: (Ground.SINGLE_ORIGIN, Ground.SUPPORT_LOST),
    ClaimStatus.DISPUTED: (Ground.CONFLICTING_ACCOUNTS, Ground.SHOWN_FALSE),
    ClaimStatus.CORROBORATED: (Ground.EDITOR_OVERRIDE,),
}
WHY = "Because of what the two of them said."


class History:
    """A record that lives: each step is one act of a person, or of the watch, on one claim."""

    def __init__(self, cast: Cast, *, seed: int) -> None:
        self.cast = cast
        self.dice = random.Random(seed)  # noqa: S311 - chances, not secrets

    def live(self, steps: int) -> Iterator[str]:
        """Do `steps` things, each in a transaction of its own; give the name of each."""
        acts: list[Callable[..., object]] = [
            *(self.open, self.flag, self.flag, self.stand, self.decide, self.decide, self.propose),
            *(self.propose, self.sign_off, self.sign_off, self.give_up, self.send_back, self.close),
            *(self.reopen, self.show, self.edit, self.link, self.withdraw, self.undo, self.print),
            *(self.ask, self.merge, self.propose_stands),
        ]
        for number in range(steps):
            act = self.open if number < 4 else self.dice.choice(acts)
            claim = self.dice.choice(Claim.objects.order_by("pk")) if number >= 4 else None
            try:
                with transaction.atomic():
                    act(claim)
            except RecordError:
                continue
            yield act.__name__

    def _worker(self, claim: Claim) -> Actor:
        if claim.desk.slug == "sport":
            return self.cast.omar
        return self.dice.choice([self.cast.ada, self.cast.ben, self.cast.cleo])

    def open(self, _: Claim | None) -> None:
        values = {"topic": self.dice.choice(TOPICS), "priority": self.dice.choice([1, 2, 3])}
        seen = self.dice.choice([Visibility.OPEN, Visibility.OPEN, Visibility.RESTRICTED])
        text = f"Claim {Claim.objects.count()} was made."
        if self.dice.random() < 0.3:
            at = self.cast.other_desk
            values["statement"] = text
            claims.open_claim(self.cast.omar, desk=at, values=values, visibility=seen)
        else:
            make_claim(self.cast, text, visibility=seen, **values)

    def flag(self, claim: Claim) -> None:
        evidence = Evidence.objects.filter(claim=claim).first()
        source = evidence.source if evidence else None
        with recording(MACHINE) as record:
            locked = lock_claim(MACHINE, claim.pk, verb=Verb.SEE)
            kind = self.dice.choice([FlagKind.QUOTE_ALTERED, FlagKind.RETRACTION])
            cause = reviews.Cause(source=source, is_stealth=self.dice.random() < 0.5)
            reviews.raise_flag(locked, kind, record=record, cause=cause)
            settle(locked, record=record)

    def ask(self, claim: Claim) -> None:
        reviews.ask_for_review(self.cast.ben, claim.pk, kind=FlagKind.TIP, detail=WHY)

    def stand(self, claim: Claim) -> None:
        reviews.stands(self._worker(claim), claim.pk, rationale=WHY, seen=claim.revision)

    def decide(self, claim: Claim) -> None:
        to = self.dice.choice([ClaimStatus.REPORTED, ClaimStatus.DISPUTED])
        ground = self.dice.choice(GROUNDS[to])
        actor = self.cast.cleo if claim.desk.slug == "world" else self.cast.omar
        status.decide(actor, claim.pk, to=to, ground=ground, rationale=WHY, seen=claim.revision)

    def undo(self, claim: Claim) -> None:
        status.undo(self.cast.cleo, claim.pk, seen=claim.revision)

    def propose(self, claim: Claim) -> None:
        most = [ClaimStatus.CORROBORATED, ClaimStatus.CORROBORATED, ClaimStatus.REPORTED]
        self.propose_to(claim, self.dice.choice(most))

    def propose_to(self, claim: Claim, to: ClaimStatus) -> None:
        actor, ground = self.cast.cleo, self.dice.choice(GROUNDS[to])
        seen = Claim.objects.get(pk=claim.pk).revision
        proposals.propose(actor, claim.pk, to=to, ground=ground, rationale=WHY, seen=seen)

    def propose_stands(self, claim: Claim) -> None:
        proposals.propose_stands(self.cast.cleo, claim.pk, rationale=WHY, seen=claim.revision)

    def _proposal(self) -> Proposal | None:
        waiting = list(Proposal.objects.filter(state=ProposalState.OPEN).order_by("pk"))
        return self.dice.choice(waiting) if waiting else None

    def sign_off(self, _: Claim) -> None:
        if proposal := self._proposal():
            version = version_of(proposal.claim)
            proposals.sign_off(self.cast.ben, proposal.reference, version=version)

    def give_up(self, _: Claim) -> None:
        if proposal := self._proposal():
            proposals.withdraw(self.cast.cleo, proposal.reference, reason=WHY)

    def send_back(self, _: Claim) -> None:
        if proposal := self._proposal():
            proposals.send_back(self.cast.ben, proposal.reference, note=WHY)

    def close(self, claim: Claim) -> None:
        if self.dice.random() < 0.5:
            reason = self.dice.choice([CloseReason.MISTAKE, CloseReason.NO_LONGER_FOLLOWED])
            actor = self._worker(claim)
            claims.close(actor, claim.pk, reason=reason, note=WHY, seen=claim.revision)

    def merge(self, claim: Claim) -> None:
        other = self.dice.choice(Claim.objects.order_by("pk"))
        if self.dice.random() < 0.3:
            actor = self._worker(claim)
            merge(actor, claim.pk, into=other.reference, note=WHY, seen=claim.revision)

    def reopen(self, claim: Claim) -> None:
        claims.reopen_claim(self._worker(claim), claim.pk, note=WHY, seen=claim.revision)

    def show(self, claim: Claim) -> None:
        claims.set_visibility(
            self.cast.cleo, claim.pk, to=self.dice.choice(list(Visibility)), seen=claim.revision
        )

    def edit(self, claim: Claim) -> None:
        values = {"topic": self.dice.choice(TOPICS), "priority": self.dice.choice([1, 2, 3])}
        claims.edit_claim(
            self._worker(claim), claim.pk, payload={"claim": values}, seen=claim.revision
        )

    def link(self, claim: Claim) -> None:
        if claim.desk.slug == "world":
            stance = self.dice.choice(["supports", "disputes"])
            make_evidence(self.cast, claim, stance=stance)

    def withdraw(self, claim: Claim) -> None:
        if row := Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True).first():
            withdraw_evidence(self._worker(claim), row.reference, reason=WHY)

    def print(self, claim: Claim) -> None:
        text = f"It is said that {claim.statement}"
        values = {"title": "An article"}
        article = add_article(self.cast.ada, desk=self.cast.desk, text=text, values=values)
        add_appearance(self._worker(claim), claim.pk, article=article.reference, start=0, end=9)
