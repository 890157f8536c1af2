"""What the desk's forms share: marks of what was seen, and refusals told where they belong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst

from claims.errors import (
    AlreadyExists,
    InvalidInput,
    NotAllowed,
    NotFound,
    RecordError,
    RevisionMoved,
)
from claims.models import Claim
from claims.present.words import label
from claims.states import Ground, Visibility
from claims.types import Actor

MOST_INTEGER = 2**31 - 1
RATIONALE_ROWS = 4

Told = str
"""One sentence for the person, once the service has done its work."""


class DeskForm(forms.Form):
    """A form that calls one service with what it parsed.

    `SAYS` maps the field a service names to the field of this form where that is another word.
    """

    SAYS: ClassVar[Mapping[str, str]] = {}
    button: ClassVar[str] = ""
    use_required_attribute = True
    label_suffix = ""

    def refuse(self, error: RecordError) -> int:
        """Tell a service's refusal at its field or above the form; return the HTTP status.

        Raises:
            NotFound: passed on; the page then is 404.
        """
        if isinstance(error, NotFound):
            raise error
        if isinstance(error, InvalidInput):
            self._tell(error)
            return HTTPStatus.UNPROCESSABLE_ENTITY
        self.add_error(None, str(error))
        if isinstance(error, NotAllowed):
            return HTTPStatus.FORBIDDEN
        is_overtaken = isinstance(error, (RevisionMoved, AlreadyExists))
        return HTTPStatus.CONFLICT if is_overtaken else HTTPStatus.UNPROCESSABLE_ENTITY

    def _tell(self, error: InvalidInput) -> None:
        name = self.SAYS.get(error.field, error.field)
        if name in self.fields:
            self.add_error(name, capfirst(error.reason))
        else:
            self.add_error(None, capfirst(str(error)))


class ClaimForm(DeskForm):
    """A form on one claim; it carries the revision and the last entry its reader saw.

    Rendered again after a refusal it carries the present ones: what changed is told beside.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""

    revision = forms.IntegerField(min_value=0, max_value=MOST_INTEGER, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s", **options)
        self.actor = actor
        self.claim = claim

    @property
    def seen(self) -> int:
        """The revision its reader saw."""
        return int(self.cleaned_data["revision"])

    def carry_out(self) -> Told:
        """Call the service.

        Raises:
            RecordError: the service's own refusal.
        """
        raise NotImplementedError


def permanence_of(claim: Claim) -> str:
    """Say who will read a rationale, and for how long."""
    readers = (
        "shown to other desks"
        if claim.visibility == Visibility.OPEN
        else "shown to other desks once the claim is opened to them"
    )
    return f"Kept for good, {readers}."


class Reasoned(ClaimForm):
    """A form that asks why; the answer stays on record."""

    rationale = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": RATIONALE_ROWS}), strip=True
    )

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.fields["rationale"].help_text = permanence_of(claim)


def ground_choices(grounds: tuple[Ground, ...]) -> list[tuple[str, str]]:
    """Return grounds with their plain words."""
    return [(ground.value, label(ground)) for ground in grounds]


def choose(
    field: forms.Field,
    choices: Sequence[tuple[str, str]],
    *,
    offered: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Set what a choice field takes, and what its list offers where that is less."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    assert isinstance(field.widget, forms.Select)  # noqa: S101 - for the type checker
    field.choices = choices
    field.widget.choices = choices if offered is None else offered


def attempt(form: ClaimForm) -> tuple[Told, int]:
    """Carry a form out; return what to say, or an empty sentence and the status of the refusal."""
    if not form.is_valid():
        return "", HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return form.carry_out(), HTTPStatus.OK
    except RecordError as error:
        return "", form.refuse(error)
