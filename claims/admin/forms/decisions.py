"""Forms that decide on a claim, propose, or take back; signing off has `forms.sign_off`."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from typing_extensions import override

from claims.access import may
from claims.admin.forms.base import ClaimForm, Numbered, Reasoned, Told, choose, ground_choices
from claims.models import Claim
from claims.present.words import label
from claims.queries.opinion import opinion_on
from claims.rules import Opinion
from claims.services import proposals, reviews, status
from claims.states import GROUNDS, Basis, ClaimStatus, Ground, Verb
from claims.types import Actor


class Stands(Reasoned):
    """The review ends, or the first one is done; the status stays, perhaps on a better ground."""

    slug = "stands"
    title = "It stands"
    button = "It stands"
    lead = "Answers every open flag: the status stands, because of what you write."
    key = "s"

    ground = forms.ChoiceField(label="Ground", required=False, widget=Numbered())

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.order_fields(["ground", "rationale"])
        same = f"as it is: {label(Ground(claim.ground))}"
        better = tuple(
            ground
            for ground in GROUNDS[ClaimStatus(claim.status)]
            if ground not in {claim.ground, Ground.NOT_REVIEWED, Ground.SHOWN_FALSE}
        )
        choose(self.fields["ground"], [("", same), *ground_choices(better)])

    @override
    def carry_out(self) -> Told:
        """End the review."""
        given = self.cleaned_data
        reviews.stands(
            self.actor,
            self.claim.pk,
            rationale=given["rationale"],
            seen=self.seen,
            ground=Ground(given["ground"]) if given["ground"] else None,
        )
        return "Reviewed: the status stands."


class ProposeStands(Reasoned):
    """The same for a corroborated claim, which takes two people."""

    slug = "propose-stands"
    title = "Propose that it stands"
    button = "Propose that it stands"
    lead = "The claim is corroborated: that it stands although it was flagged takes two people."
    key = "s"

    @override
    def carry_out(self) -> Told:
        """Propose it."""
        why = self.cleaned_data["rationale"]
        proposals.propose_stands(self.actor, self.claim.pk, rationale=why, seen=self.seen)
        return "Proposed. Another person signs it off."


class StatusForm(Reasoned):
    """A form that names a ground of one target status.

    `grounds` are those offered now; the first one is chosen where `likely` says so.
    """

    to: ClassVar[ClaimStatus]
    ground = forms.ChoiceField(label="Ground", widget=Numbered())

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        claim: Claim,
        grounds: tuple[Ground, ...] = (),
        likely: Ground | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.order_fields(["ground", "rationale"])
        # Any ground of the status may be handed in: that it does not apply now is for the rules
        # to say. The list offers those that do.
        offered = grounds or tuple(g for g in GROUNDS[self.to] if g is not Ground.NOT_REVIEWED)
        choose(
            self.fields["ground"],
            ground_choices(GROUNDS[self.to]),
            offered=ground_choices(offered),
        )
        self.fields["ground"].initial = offered[0] if len(offered) == 1 else likely

    def chosen(self) -> dict[str, Any]:
        """Return what the status services take."""
        return {
            "to": self.to,
            "ground": Ground(self.cleaned_data["ground"]),
            "rationale": self.cleaned_data["rationale"],
            "seen": self.seen,
        }


class Lower(StatusForm):
    """Corroborated goes back to reported, at once."""

    slug = "lower"
    title = "Lower to reported"
    button = "Lower to reported"
    lead = "Takes effect at once and answers every open flag."
    key = "l"
    to = ClaimStatus.REPORTED

    @override
    def carry_out(self) -> Told:
        """Lower it."""
        status.decide(self.actor, self.claim.pk, **self.chosen())
        return "The claim is reported now. You can undo this for 15 minutes."


class Dispute(StatusForm):
    """Reported or corroborated becomes disputed, at once."""

    slug = "dispute"
    title = "Dispute"
    button = "Dispute"
    lead = "Takes effect at once. The ground “shown false” follows when another person signs it."
    key = "d"
    to = ClaimStatus.DISPUTED

    @override
    def carry_out(self) -> Told:
        """Dispute it."""
        now = status.decide(self.actor, self.claim.pk, **self.chosen())
        if now.ground != self.cleaned_data["ground"]:
            return "The claim is disputed. That it is shown false waits for another person."
        return "The claim is disputed now."


class Propose(StatusForm):
    """A change of status that takes two people."""

    @override
    def carry_out(self) -> Told:
        """Propose it."""
        proposals.propose(self.actor, self.claim.pk, **self.chosen())
        return f"Proposed: {label(self.to)}. Nothing changes until another person signs it off."


class Corroborate(Propose):
    """Reported or disputed may become corroborated."""

    slug = "corroborate"
    title = "Propose corroborated"
    button = "Propose corroborated"
    lead = "Another person must sign it off; until then the status stays."
    key = "p"
    to = ClaimStatus.CORROBORATED

    def clean_rationale(self) -> str:
        """Refuse the rule's words as the reason for going against the rule."""
        why: str = self.cleaned_data["rationale"]
        is_override = self.data.get("ground") == Ground.EDITOR_OVERRIDE
        if is_override and why == opinion_on(self.claim.pk).sentence:
            raise forms.ValidationError("An override needs a reason in your own words.")
        return why


class ProposeReported(Propose):
    """Disputed may go back to reported."""

    slug = "propose-reported"
    title = "Propose reported"
    button = "Propose reported"
    lead = "A dispute is lifted by two people; until the sign-off the claim stays disputed."
    key = "l"
    to = ClaimStatus.REPORTED


class ProposeFalse(Propose):
    """A dispute may be put on the ground *shown false*."""

    slug = "propose-false"
    title = "Propose: shown false"
    button = "Propose: shown false"
    lead = "The claim stays disputed; the stronger ground takes another person."
    key = "f"
    to = ClaimStatus.DISPUTED


class WithdrawProposal(ClaimForm):
    """The proposer, or an editor, takes the proposal back."""

    slug = "withdraw-proposal"
    title = "Withdraw the proposal"
    button = "Withdraw the proposal"
    lead = "The claim goes back to the queue."
    key = "w"
    KEPT = ("reason",)

    proposal = forms.CharField(max_length=9, widget=forms.HiddenInput)
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    @override
    def carry_out(self) -> Told:
        """Withdraw it."""
        given = self.cleaned_data
        proposals.withdraw(self.actor, given["proposal"], reason=given["reason"])
        return "The proposal is withdrawn; the claim is back in the queue."


class Undo(ClaimForm):
    """A slip of one's own hand."""

    slug = "undo"
    title = "Undo"
    button = "Undo: corroborated again"
    lead = "A slip of the hand: for 15 minutes, and to exactly what was signed off."
    key = "z"

    @override
    def carry_out(self) -> Told:
        """Undo it."""
        status.undo(self.actor, self.claim.pk, seen=self.seen)
        return "Undone: the claim is corroborated as it was signed off."


def open_grounds(actor: Actor, claim: Claim, opinion: Opinion) -> tuple[Ground, ...]:
    """Return the grounds on which this person may propose corroborated now."""
    grounds = tuple(opinion.grounds[ClaimStatus.CORROBORATED])
    return (*grounds, Ground.EDITOR_OVERRIDE) if may(actor, Verb.OVERRIDE, claim) else grounds


def lost_words(claim: Claim, opinion: Opinion) -> str:
    """Return the rules' reason to go back to reported; nothing while the basis is not lost."""
    if claim.basis != Basis.LOST:
        return ""
    return f"{capfirst(claim.basis_reason)}. {opinion.sentence}"
