"""Forms that make one claim of two, several of one, or say how two stand to each other."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told, choose
from claims.models import Claim, Evidence
from claims.models.fields import read_reference
from claims.present.words import label
from claims.services.claims import link
from claims.services.merge import merge
from claims.services.unlinking import unlink
from claims.states import ClaimLinkKind, Stance
from claims.types import Actor

MOST_REFERENCE = 20
EXAMPLE = "Its reference, as ST-7K2M9Q."


class ReferenceField(forms.CharField):
    """A claim by its reference, offered from the page's list while one types."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", MOST_REFERENCE)
        options.setdefault("help_text", EXAMPLE)
        super().__init__(widget=forms.TextInput(attrs={"list": "claims"}), **options)

    @override
    def clean(self, value: Any) -> str:
        """Return the reference as the record writes it, whatever a person typed."""
        typed: str = super().clean(value)
        return read_reference(typed, "ST") or typed[:9]


class Ticks(forms.MultipleChoiceField):
    """Any of a few things, one tick each."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Set what may be ticked."""
        self.choices = choices


def evidence_choices(claim: Claim) -> list[tuple[str, str]]:
    """Return a claim's live evidence as choices: reference, and what a person knows it by."""
    rows = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True)
    return [
        (
            row.reference,
            f"{row.reference}, {label(Stance(row.stance))}: {row.source} “{row.quote[:160]}”",
        )
        for row in rows.select_related("source").order_by("pk")
    ]


class Merge(ClaimForm):
    """The claim is a duplicate: another one stands for it from now on."""

    slug = "merge"
    title = "Merge into another claim"
    button = "Merge"
    KEPT = ("note",)

    into = ReferenceField(label="The claim that stays")
    evidence = Ticks(
        label="Evidence it takes over",
        required=False,
        help_text="It keeps its own status whatever it takes; a proposal that waits is then void.",
    )
    note = forms.CharField(label="Why they are the same", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        _offer(self.fields["evidence"], evidence_choices(claim))

    @override
    def carry_out(self) -> Told:
        """Merge them."""
        given = self.cleaned_data
        kept = merge(
            self.actor,
            self.claim.pk,
            into=given["into"],
            note=given["note"],
            evidence=given["evidence"],
            seen=self.seen,
        )
        return f"{self.claim.reference} is closed: {kept.reference} stands for it."


class Link(ClaimForm):
    """How the claim stands to another."""

    slug = "link"
    title = "Link to another claim"
    button = "Link"
    OFFERED: ClassVar = (ClaimLinkKind.UPDATES, ClaimLinkKind.FOLLOWS, ClaimLinkKind.PART_OF)

    kind = forms.ChoiceField(label="This claim")
    to = ReferenceField(label="The other claim")

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        choose(self.fields["kind"], [(kind.value, label(kind)) for kind in self.OFFERED])

    @override
    def carry_out(self) -> Told:
        """Link them."""
        kind = ClaimLinkKind(self.cleaned_data["kind"])
        made = link(self.actor, self.claim.pk, kind=kind, to=self.cleaned_data["to"])
        return f"Linked: it {label(kind)} {made.other.reference}."


class Unlink(ClaimForm):
    """The claim does not stand to the other like that, or no longer."""

    slug = "unlink"
    title = "Link to another claim"
    button = "Take the link back"
    KEPT = ("note",)

    kind = forms.ChoiceField(
        choices=[(kind.value, label(kind)) for kind in ClaimLinkKind], widget=forms.HiddenInput
    )
    to = forms.CharField(max_length=MOST_REFERENCE, widget=forms.HiddenInput)
    note = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    def is_of(self, kind: str, other: str) -> bool:
        """Tell whether this form, as it was sent, is about that link."""
        return (self.data.get("kind"), self.data.get("to")) == (kind, other)

    @override
    def carry_out(self) -> Told:
        """Take the link back."""
        kind, other = ClaimLinkKind(self.cleaned_data["kind"]), self.cleaned_data["to"]
        note = self.cleaned_data["note"]
        unlink(self.actor, self.claim.pk, kind=kind, to=other, note=note)
        return f"Taken back: that it {label(kind)} {other}. It stays in the history."


def _offer(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    assert isinstance(field, Ticks)  # noqa: S101 - for the type checker
    field.offer(choices)
