"""The form that makes several claims of one: a few words, figures and evidence for each part."""

from collections.abc import Sequence
from typing import Any

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told, choose
from claims.admin.forms.claim import ClaimWords
from claims.admin.forms.merge import Ticks, evidence_choices
from claims.models import Claim
from claims.present.figures import figure_words
from claims.queries.resting import figure_value
from claims.services.split import FEWEST_PARTS, MOST_PARTS, Part, split
from claims.types import Actor, FigureValue

Choices = Sequence[tuple[str, str]]


class PartForm(forms.Form):
    """One part: what it says, and what it takes of the old claim."""

    label_suffix = ""

    statement = forms.CharField(label="Statement", widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label="Kind")
    figures = Ticks(label="Figures", required=False)
    evidence = Ticks(label="Evidence", required=False)

    def __init__(
        self, data: Any = None, *, number: int, figures: Choices, evidence: Choices, kind: str
    ) -> None:
        prefix = f"part-{number}"
        super().__init__(data, prefix=prefix, auto_id=f"{prefix}-%s", initial={"kind": kind})
        self.number = number
        self.fields["statement"].required = number <= FEWEST_PARTS
        kinds = ClaimWords.base_fields["kind"]
        choose(self.fields["kind"], list(getattr(kinds, "choices", ())))
        for name, choices in (("figures", figures), ("evidence", evidence)):
            field = self.fields[name]
            assert isinstance(field, Ticks)  # noqa: S101 - for the type checker
            field.offer(choices)


class Split(ClaimForm):
    """The claim says several things: each becomes a claim of its own."""

    slug = "split"
    title = "Split into several claims"
    button = "Split"
    KEPT = ("note",)

    count = forms.IntegerField(
        min_value=FEWEST_PARTS, max_value=MOST_PARTS, widget=forms.HiddenInput
    )
    note = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        claim: Claim,
        count: int = FEWEST_PARTS,
        **options: Any,
    ) -> None:
        super().__init__(data, actor=actor, claim=claim, initial={"count": count}, **options)
        rows = claim.figures.filter(ended_at__isnull=True).order_by("pk")
        self.figures: dict[str, FigureValue] = {
            str(number): figure_value(row) for number, row in enumerate(rows, 1)
        }
        figures = [(number, figure_words(value)) for number, value in self.figures.items()]
        evidence = evidence_choices(claim)
        self.part_forms = [
            PartForm(data, number=number, figures=figures, evidence=evidence, kind=claim.kind)
            for number in range(1, count + 1)
        ]

    @override
    def is_valid(self) -> bool:
        """Check the parts too."""
        return all([super().is_valid(), *(part.is_valid() for part in self.part_forms)])

    def forget_errors(self) -> None:
        """Show what was sent as it is, refused or not: more of it is to come."""
        for form in (self, *self.part_forms):
            form.errors.clear()

    @override
    def carry_out(self) -> Told:
        """Split it; parts left empty are none."""
        filled = [form for form in self.part_forms if form.cleaned_data["statement"]]
        parts = [self._part(form) for form in filled]
        note, seen = self.cleaned_data["note"], self.seen
        made = split(self.actor, self.claim.pk, parts=parts, note=note, seen=seen)
        names = ", ".join(part.reference for part in made)
        return f"{self.claim.reference} is split: {names}."

    def _part(self, form: PartForm) -> Part:
        given = form.cleaned_data
        old = self.claim
        return Part(
            values={
                "statement": given["statement"],
                "kind": given["kind"],
                "claimant": old.claimant.reference if old.claimant else "",
                "claimant_text": old.claimant_text,
                "as_of_on": old.as_of_on,
            },
            figures=[self.figures[number] for number in given["figures"]],
            evidence=given["evidence"],
        )


def parts_asked(data: Any) -> int:
    """Return how many parts a sent form has, one more where that was asked for."""
    typed = str(data.get("count", ""))
    count = int(typed) if typed in {str(n) for n in range(FEWEST_PARTS, MOST_PARTS + 1)} else 0
    more = 1 if data.get("more") == "1" else 0
    return min(MOST_PARTS, max(FEWEST_PARTS, count + more))
