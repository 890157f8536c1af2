"""Forms for a claim's own words: edited, or an edit proposed."""

from dataclasses import replace
from typing import Any

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told, permanence_of
from claims.admin.forms.figures import Day, as_json, figure_rows, figures_in
from claims.admin.forms.origins import OriginField, named, origin_reference
from claims.models import Claim
from claims.queries.resting import figure_value
from claims.services import proposals
from claims.services.claims import edit_claim
from claims.states import ClaimKind
from claims.types import Actor

KIND_HELP = (
    "A fact never contains who says it; opinions and forecasts are always statements, "
    "and the most that can be shown of a statement is that it was said."
)


MOST_TOPIC = 60


class TopicField(forms.CharField):
    """One short word that claims are filtered by, offered from the page's list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Topic",
            max_length=MOST_TOPIC,
            required=False,
            widget=forms.TextInput(attrs={"list": "topics", "autocapitalize": "off"}),
            help_text="One short word to filter by, as “elections” or “black-sea”.",
            **options,
        )


class ClaimWords(forms.Form):
    """What a claim says."""

    statement = forms.CharField(
        label="Statement",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One checkable statement, as short as it can be said.",
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            (ClaimKind.FACT.value, "fact: it is so"),
            (ClaimKind.STATEMENT.value, "statement: it was said"),
        ],
        help_text=KIND_HELP,
    )
    claimant = OriginField(label="Said by", help_text="An origin on record, by name.")
    claimant_text = forms.CharField(
        label="As the article names them",
        max_length=300,
        required=False,
        help_text="As “South Korean media”; also where the speaker is unknown.",
    )
    as_of_on = forms.DateField(label="As of", required=False, widget=Day())


def words_of(claim: Claim) -> dict[str, object]:
    """Return what the form shows of a claim on record."""
    return {
        "statement": claim.statement,
        "kind": claim.kind,
        "claimant": named(claim.claimant),
        "claimant_text": claim.claimant_text,
        "as_of_on": claim.as_of_on,
    }


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as a payload keeps them: dates as ISO text."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


class EditClaim(ClaimWords, ClaimForm):
    """Change a claim's words and figures at once."""

    slug = "words"
    title = "Words and figures"
    button = "Save"

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        options.setdefault("initial", words_of(claim))
        super().__init__(data, actor=actor, claim=claim, **options)
        live = claim.figures.filter(ended_at__isnull=True).order_by("pk")
        self.had = [figure_value(row) for row in live]
        self.figures = figure_rows(data, had=self.had)

    @override
    def is_valid(self) -> bool:
        """Check the rows of figures too."""
        return all([super().is_valid(), self.figures.is_valid()])

    def clean_claimant(self) -> str:
        """Find who said it."""
        return origin_reference(self.actor, self.cleaned_data["claimant"])

    def payload(self) -> dict[str, object]:
        """Return what differs from the record."""
        given = {name: self.cleaned_data[name] for name in ClaimWords.base_fields}
        had = words_of(self.claim) | {
            "claimant": self.claim.claimant.reference if self.claim.claimant else ""
        }
        changed = {name: value for name, value in given.items() if value != had[name]}
        payload: dict[str, object] = {"claim": plain_values(changed)} if changed else {}
        figures = figures_in(self.figures)
        if figures != [replace(value, text="") for value in self.had]:
            payload["figures"] = as_json(figures)
        return payload

    @override
    def carry_out(self) -> Told:
        """Edit the claim."""
        edit_claim(self.actor, self.claim.pk, payload=self.payload(), seen=self.seen)
        return "Saved."


class ProposeWords(EditClaim):
    """The same for a corroborated claim: the old words stay until another person signs off."""

    slug = "propose-words"
    title = "Propose other words or figures"
    button = "Propose this edit"
    lead = "The claim is corroborated: the old words stay until another person signs off."

    rationale = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.fields["rationale"].help_text = permanence_of(claim)

    @override
    def carry_out(self) -> Told:
        """Propose the edit."""
        proposals.propose_edit(
            self.actor,
            self.claim.pk,
            payload=self.payload(),
            rationale=self.cleaned_data["rationale"],
            seen=self.seen,
        )
        return "Proposed. The old words stay until another person signs off."


class Dates(ClaimForm):
    """When the claim is due, how urgent, of which topic: changed at once whatever its status."""

    slug = "dates"
    title = "Dates, urgency and topic"
    button = "Save these"

    expected_by_on = forms.DateField(
        label="Expected by", required=False, widget=Day(), help_text="Of a forecast."
    )
    review_by_on = forms.DateField(
        label="Review by", required=False, widget=Day(), help_text="Flagged on that day."
    )
    priority = forms.TypedChoiceField(
        label="Urgency", coerce=int, choices=[(1, "high"), (2, "usual"), (3, "low")]
    )
    topic = TopicField()

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        initial = {name: getattr(claim, name) for name in self.base_fields if name != "revision"}
        super().__init__(data, actor=actor, claim=claim, initial=initial, **options)

    @override
    def carry_out(self) -> Told:
        """Save them."""
        values = {name: self.cleaned_data[name] for name in self.fields if name != "revision"}
        payload = {"claim": plain_values(values)}
        edit_claim(self.actor, self.claim.pk, payload=payload, seen=self.seen)
        return "Saved."
