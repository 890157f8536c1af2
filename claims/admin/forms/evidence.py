"""Forms that link evidence, grade it, attest it, withdraw it."""

from typing import Any

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told, permanence_of
from claims.admin.forms.figures import Day, figure_rows, figures_in
from claims.admin.forms.origins import OriginField, named, origin_reference
from claims.models import Claim, Evidence
from claims.models.fields import read_reference
from claims.present.words import label
from claims.services import evidence as service
from claims.services import proposals
from claims.states import DisputeKind, Stance
from claims.types import Actor

CREDIBILITY_WORDS = (
    (1, "1, confirmed by other sources"),
    (2, "2, probably true"),
    (3, "3, possibly true"),
    (4, "4, doubtful"),
    (5, "5, improbable: counts zero"),
    (6, "6, cannot be judged"),
)


class AddressInput(forms.TextInput):
    """A field for an address; one that holds a password is not shown again."""

    @override
    def format_value(self, value: Any) -> str | None:
        place = str(value or "").partition("://")[2].partition("/")[0]
        return None if "@" in place else super().format_value(value)


class EvidenceFields(forms.Form):
    """What evidence says, from whom it comes, and how it is graded."""

    quote = forms.CharField(
        label="Quote",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The words on the page, to the letter and in their own language. "
        "The watch finds them and looks for them for as long as the claim lives.",
    )
    stance = forms.ChoiceField(
        label="Stance", choices=[(stance.value, label(stance)) for stance in Stance]
    )
    dispute_kind = forms.ChoiceField(
        label="If it disputes, it is a",
        required=False,
        choices=[("", "–"), *((kind.value, label(kind)) for kind in DisputeKind)],
    )
    origin = OriginField(
        label="Information comes from",
        help_text="Who knows it, not who prints it. Empty: unknown, and it cannot count.",
    )
    relays = OriginField(
        label="It repeats",
        help_text="Another piece of evidence (EV-7K2M9Q) or an origin: a copy adds no origin.",
    )
    is_primary_record = forms.BooleanField(
        label="Primary record of the act",
        required=False,
        help_text="The letter, the vote, the official return, own words on tape.",
    )
    credibility = forms.TypedChoiceField(
        label="Credibility",
        coerce=int,
        choices=CREDIBILITY_WORDS,
        initial=6,
        help_text="Of this information, whoever says it. 6 means unknown, not bad.",
    )
    translation = forms.CharField(
        label="Translation", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    language = forms.CharField(label="Language of the quote", max_length=16, required=False)
    locator = forms.CharField(
        label="Where in it",
        max_length=300,
        required=False,
        help_text="Page, minute, paragraph: what the quote alone does not tell.",
    )


class EvidenceForm(EvidenceFields, ClaimForm):
    """The fields of evidence, read into what the services take."""

    SAYS = {"relays_evidence": "relays", "relays_origin": "relays"}

    def clean_origin(self) -> str:
        """Find the origin."""
        return origin_reference(self.actor, self.cleaned_data["origin"])

    def clean_relays(self) -> dict[str, str]:
        """Tell evidence from an origin by the reference."""
        typed = self.cleaned_data["relays"]
        evidence = read_reference(typed.split(" ")[0], "EV") or ""
        origin = "" if evidence else origin_reference(self.actor, typed)
        return {"relays_evidence": evidence, "relays_origin": origin}

    def values(self) -> dict[str, Any]:
        """Return the fields in the services' words."""
        given = {name: self.cleaned_data[name] for name in EvidenceFields.base_fields}
        relays: dict[str, str] = given.pop("relays")
        return given | relays


class AddEvidence(EvidenceForm):
    """A page, new or known, becomes evidence."""

    slug = "add-evidence"
    title = "Add evidence"
    button = "Add the evidence"

    url = forms.CharField(
        label="Address of the page",
        max_length=2048,
        widget=AddressInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="http or https. The watch fetches it at its next round.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.order_fields(["url"])
        self.fields["quote"].required = True
        self.figures = figure_rows(data)

    @override
    def is_valid(self) -> bool:
        """Check the rows of figures too."""
        return all([super().is_valid(), self.figures.is_valid()])

    @override
    def carry_out(self) -> Told:
        """Link it."""
        service.add_evidence(
            self.actor,
            self.claim.pk,
            url=self.cleaned_data["url"],
            values=self.values(),
            figures=figures_in(self.figures),
        )
        return "Added. Its quote counts once the watch has found it on the page."


class OneEvidence(ClaimForm):
    """A form on one piece of evidence."""

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, row: Evidence, **options: Any
    ) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.row = row


class Grade(OneEvidence, EvidenceForm):
    """Change quote, origin or grades at once."""

    slug = "grade"
    title = "Quote, origin and grades"
    button = "Save"

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, row: Evidence, **options: Any
    ) -> None:
        options.setdefault("initial", fields_of(row))
        super().__init__(data, actor=actor, claim=claim, row=row, **options)

    def changed(self) -> dict[str, Any]:
        """Return what differs from the record."""
        return {
            name: new for name, new in self.values().items() if new != _on_record(self.row, name)
        }

    @override
    def carry_out(self) -> Told:
        """Change it."""
        service.edit_evidence(self.actor, self.row.reference, values=self.changed(), seen=self.seen)
        return "Saved."


class ProposeGrade(Grade):
    """The same where a corroborated claim counts this evidence: it takes two people."""

    slug = "propose-grade"
    title = "Propose other grades"
    button = "Propose this edit"
    lead = "A corroborated claim counts this evidence: its edit waits for another person."

    rationale = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, row: Evidence, **options: Any
    ) -> None:
        super().__init__(data, actor=actor, claim=claim, row=row, **options)
        self.fields["rationale"].help_text = permanence_of(claim)

    @override
    def carry_out(self) -> Told:
        """Propose the edit."""
        proposals.propose_edit(
            self.actor,
            self.claim.pk,
            payload={"evidence": {self.row.reference: self.changed()}},
            rationale=self.cleaned_data["rationale"],
            seen=self.seen,
        )
        return "Proposed. The evidence stays as it is until another person signs off."


class Attest(OneEvidence):
    """A person saw or heard it, and says so by name."""

    slug = "attest"
    title = "Attest the quote"
    button = "I saw or heard it"
    lead = "Where the watch cannot look: you say in your own name that you saw or heard the quote."
    SAYS = {"on": "attested_on"}

    attested_on = forms.DateField(label="On", widget=Day())
    note = forms.CharField(
        label="How, and where a capture lies", widget=forms.Textarea(attrs={"rows": 2})
    )

    @override
    def carry_out(self) -> Told:
        """Attest it."""
        given = self.cleaned_data
        service.attest(self.actor, self.row.reference, on=given["attested_on"], note=given["note"])
        return "Attested in your name."


class Withdraw(OneEvidence):
    """It no longer speaks for or against the claim; it stays on record."""

    slug = "withdraw"
    title = "Withdraw this evidence"
    button = "Withdraw it"
    lead = "Takes effect at once. The evidence stays on record, struck through, with the reason."

    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    @override
    def carry_out(self) -> Told:
        """Withdraw it."""
        service.withdraw_evidence(
            self.actor, self.row.reference, reason=self.cleaned_data["reason"]
        )
        return "Withdrawn."


def fields_of(row: Evidence) -> dict[str, Any]:
    """Return what the form shows of evidence on record."""
    shown = {
        name: getattr(row, name)
        for name in EvidenceFields.base_fields
        if name not in {"origin", "relays"}
    }
    relayed = row.relays_evidence.reference if row.relays_evidence else named(row.relays_origin)
    return shown | {"origin": named(row.origin), "relays": relayed}


def _on_record(row: Evidence, name: str) -> Any:
    """Return a field as the services name it: references for rows, empty for none."""
    value = getattr(row, name)
    if name in {"origin", "relays_origin", "relays_evidence"}:
        return value.reference if value else ""
    return value
