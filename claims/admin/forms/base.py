"""What the desk's forms share: marks of what was seen, and refusals told where they belong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from typing_extensions import override

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
from claims.services import fields
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

    Rendered again after a refusal it carries the present ones: what changed is told beside. `key`
    opens it on the page; `KEPT` names its fields that stay on record for good, and say so.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    key: ClassVar[str] = ""
    KEPT: ClassVar[tuple[str, ...]] = ()

    revision = forms.IntegerField(min_value=0, max_value=MOST_INTEGER, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s", **options)
        self.actor = actor
        self.claim = claim
        for name in self.KEPT:
            told = str(self.fields[name].help_text)
            self.fields[name].help_text = f"{told} {permanence_of(claim)}".strip()

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what cannot stay on record as it was typed."""
        for name in self.KEPT:
            try:
                typed = self.cleaned_data.get(name, "")
                self.cleaned_data[name] = fields.text_of(name, typed, most=fields.MOST_NOTE)
            except InvalidInput as error:
                self._tell(error)
        return self.cleaned_data

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


class Numbered(forms.RadioSelect):
    """A short list whose choices are picked by their number."""

    @override
    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        number = int(option["index"]) + 1
        option["attrs"] |= {"data-number": number}
        return option | {"number": number}


OWN_RULE = "These are the rule's own words; change them as you like."


class Reasoned(ClaimForm):
    """A form that asks why; the answer stays on record.

    `rule` is the sentence of the rules that may stand as the reason, where they have one.
    """

    KEPT = ("rationale",)

    rationale = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": RATIONALE_ROWS}), strip=True
    )

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, rule: str = "", **options: Any
    ) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        if rule and data is None:
            why = self.fields["rationale"]
            why.initial = rule
            why.help_text = f"{OWN_RULE} {why.help_text}"
            why.widget.attrs["class"] = "rule-words"


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
    assert isinstance(field.widget, forms.widgets.ChoiceWidget)  # noqa: S101 - the same
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
