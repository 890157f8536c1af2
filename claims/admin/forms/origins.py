"""Naming origins while filling in a form, and putting new ones on record."""

from typing import Any

from django import forms

from claims.admin.forms.base import DeskForm, choose
from claims.errors import InvalidInput
from claims.models import Desk, Origin
from claims.present.grades import RELIABILITY
from claims.present.words import label
from claims.queries.desk import origin_meant
from claims.services.origins import add_origin, confirm_identity, edit_origin
from claims.states import OriginKind, Reliability
from claims.types import Actor

NO_NAME = "The true name is never kept: write it in no field, here or elsewhere."


def named(origin: Origin | None) -> str:
    """Return an origin as it is written into a form: name and reference."""
    return f"{origin.name} ({origin.reference})" if origin else ""


class OriginField(forms.CharField):
    """An origin by name or reference, offered from the page's list while one types."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 320)
        super().__init__(
            required=False, widget=forms.TextInput(attrs={"list": "origins"}), **options
        )


def origin_reference(actor: Actor, typed: str) -> str:
    """Return the reference of the origin a person typed, empty for none.

    Raises:
        ValidationError: there is none, or several, of that name.
    """
    try:
        origin = origin_meant(actor, typed)
    except InvalidInput as error:
        raise forms.ValidationError(error.reason) from error
    return origin.reference if origin else ""


class OriginForm(DeskForm):
    """A person, outlet, agency, institution or collective that information comes from."""

    name = forms.CharField(label="Name", max_length=300)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[(kind.value, label(kind)) for kind in OriginKind],
        initial=OriginKind.OUTLET.value,
        help_text="A collective (“South Korean media”) names nobody: it cannot count.",
    )
    part_of = OriginField(label="Part of", help_text="As the NIS is part of the South Korean state")
    reliability = forms.ChoiceField(
        label="Reliability",
        choices=[(grade.sign, f"{grade.sign}, {grade.name}") for grade in RELIABILITY],
        initial=Reliability.F.value,
        help_text="Of the origin itself, whatever it says here. F means unknown, not bad.",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor

    def clean_part_of(self) -> str:
        """Find the origin it is part of."""
        return origin_reference(self.actor, self.cleaned_data["part_of"])


class NewOrigin(OriginForm):
    """The same, with the place for a confidential source."""

    button = "Put on record"

    confidential_at = forms.ChoiceField(
        label="Confidential",
        required=False,
        help_text=f"Then the name above is a pseudonym. {NO_NAME} It counts only once an editor of "
        "the desk has confirmed who it is; other desks read “a confidential source”.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        desks = Desk.objects.filter(slug__in=[slug for slug, _ in actor.roles]).order_by("name")
        yes = [(desk.slug, f"yes, known to {desk.name} only") for desk in desks]
        choose(self.fields["confidential_at"], [("", "no: its name may be known"), *yes])

    def save(self) -> Origin:
        """Put the origin on record.

        Raises:
            RecordError: the service's own refusal.
        """
        values = dict(self.cleaned_data)
        desk = Desk.objects.filter(slug=values.pop("confidential_at") or "").first()
        return add_origin(self.actor, values=values, confidential_at=desk)


class EditOrigin(OriginForm):
    """Change what is on record of an origin; every claim that rests on it is judged again."""

    button = "Save"

    def __init__(self, data: Any = None, *, actor: Actor, origin: Origin) -> None:
        initial = {
            "name": origin.name,
            "kind": origin.kind,
            "part_of": named(origin.part_of),
            "reliability": origin.reliability,
            "note": origin.note,
        }
        super().__init__(data, actor=actor, initial=initial)
        self.origin = origin
        if origin.is_confidential:
            self.fields["name"].label = "Pseudonym"
            self.fields[
                "name"
            ].help_text = f"{NO_NAME} Another pseudonym or kind has to be confirmed anew."

    def save(self) -> Origin:
        """Write the change.

        Raises:
            RecordError: the service's own refusal.
        """
        return edit_origin(self.actor, self.origin.reference, values=self.cleaned_data)


class ConfirmIdentity(DeskForm):
    """An editor says that they know who a confidential origin is."""

    slug = "confirm"
    button = "I know who it is, and confirm it"

    def __init__(self, data: Any = None, *, actor: Actor, origin: Origin) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s")
        self.actor = actor
        self.origin = origin

    def save(self) -> Origin:
        """Confirm it.

        Raises:
            RecordError: the service's own refusal.
        """
        return confirm_identity(self.actor, self.origin.reference)
