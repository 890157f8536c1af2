"""Forms of the acts on many claims: what each asks for besides the claims."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from typing_extensions import override

from claims.admin.forms.base import DeskForm, choose, ground_choices
from claims.admin.forms.queue import PRIORITIES, Moment
from claims.models import User
from claims.present.words import label
from claims.services.bulk import Act, Order
from claims.states import GROUNDS, ClaimStatus, CloseReason, Ground, Visibility

KEPT = "Kept for good with each claim, shown to other desks."


class BulkForm(DeskForm):
    """One act; `word` names it in the list of acts, `lead` says what it does."""

    act: ClassVar[Act]
    word: ClassVar[str]
    lead: ClassVar[str] = ""

    def __init__(self, data: Any = None, *, colleagues: Iterable[User] = ()) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.offer(list(colleagues))

    def offer(self, colleagues: list[User]) -> None:
        """Fill lists that depend on the desk."""

    def order(self) -> Order:
        """Return what is to be done."""
        return Order(self.act, **self.cleaned_data)

    def answers(self) -> list[tuple[str, str]]:
        """Return what was filled in, with the labels and words of the form."""
        return [(str(field.label), self._said(field)) for field in self if field.value()]

    def _said(self, field: forms.BoundField) -> str:
        given = str(field.value())
        if isinstance(field.field, forms.ChoiceField):
            words: dict[Any, Any] = dict(list(field.field.choices))  # type: ignore[arg-type]  # pairs, as filled above
            return str(words.get(given) or words.get(field.field.clean(given), given))
        return given.replace("T", " ") if isinstance(field.field, forms.DateTimeField) else given


class Reasoned(BulkForm):
    """An act that asks why."""

    why = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}), strip=True, help_text=KEPT
    )


class Grounded(Reasoned):
    """An act that names a ground of one status."""

    to: ClassVar[ClaimStatus]
    ground = forms.TypedChoiceField(label="Ground", coerce=Ground)
    field_order = ("ground", "why")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        grounds = tuple(at for at in GROUNDS[self.to] if at is not Ground.NOT_REVIEWED)
        # Words, not members: what is filled in is compared with what a browser sends.
        choose(self.fields["ground"], ground_choices(grounds))


class AssignMany(BulkForm):
    """Whose the open reviews are."""

    act = Act.ASSIGN
    word = "Assign their reviews"
    lead = "Whose each open review is, until that changes."

    to = forms.ChoiceField(label="Assigned to", required=False)

    @override
    def offer(self, colleagues: list[User]) -> None:
        people = [(person.reference, str(person)) for person in colleagues]
        choose(self.fields["to"], [("", "nobody"), *people])

    @override
    def answers(self) -> list[tuple[str, str]]:
        return super().answers() or [("Assigned to", "nobody")]


class GiveBackMany(BulkForm):
    """What one has taken, or was assigned, is anybody's again."""

    act = Act.GIVE_BACK
    word = "Give their reviews back"
    lead = "What you have taken, or was assigned to you, is anybody's again."


class PriorityMany(BulkForm):
    """How urgent the claims are."""

    act = Act.PRIORITY
    word = "Set the urgency"

    priority = forms.TypedChoiceField(label="Urgency", coerce=int, choices=PRIORITIES)


class DueMany(BulkForm):
    """When the open reviews are to be done."""

    act = Act.DUE
    word = "Set the due time"

    due_at = forms.DateTimeField(
        label="To be done by",
        required=False,
        widget=Moment(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        zone = timezone.get_current_timezone_name()
        self.fields["due_at"].help_text = f"In the desk's time ({zone}). Empty: no due time."

    @override
    def answers(self) -> list[tuple[str, str]]:
        return super().answers() or [("To be done by", "no due time")]


class StandsMany(Reasoned):
    """The reviews end, and the statuses stand."""

    act = Act.STANDS
    word = "They stand"
    lead = "Answers every open flag. Of a corroborated claim it is proposed: that takes two people."


class LowerMany(Grounded):
    """Corroborated claims go back to reported, at once."""

    act = Act.LOWER
    word = "Lower to reported"
    lead = "Takes effect at once, and answers every open flag of each claim."
    to = ClaimStatus.REPORTED


class DisputeMany(Grounded):
    """Claims become disputed, at once."""

    act = Act.DISPUTE
    word = "Dispute"
    lead = "Takes effect at once. The ground “shown false” follows when another person signs it."
    to = ClaimStatus.DISPUTED


class CorroborateMany(Grounded):
    """Corroborated is proposed, claim by claim."""

    act = Act.CORROBORATE
    word = "Propose corroborated"
    lead = "Another person must sign each off, one by one; until then nothing changes."
    to = ClaimStatus.CORROBORATED


class CloseMany(Reasoned):
    """The claims are no longer worked."""

    act = Act.CLOSE
    word = "Close"
    lead = "They keep status and history and leave the queue; a flag or a person reopens each."

    reason = forms.TypedChoiceField(
        label="Because",
        coerce=CloseReason,
        choices=[(reason.value, label(reason)) for reason in CloseReason],
    )
    field_order = ("reason", "why")


class LookMany(BulkForm):
    """The watch looks at all that is linked, in its next round."""

    act = Act.LOOK
    word = "Look at their sources now"
    lead = "The watch looks at every linked page in its next round."


class ShowToMany(BulkForm):
    """Who sees the claims."""

    act = Act.SHOW_TO
    word = "Change who sees them"
    lead = "A hidden claim does not exist for other desks, at any door."

    visibility = forms.TypedChoiceField(
        label="Seen by",
        coerce=Visibility,
        choices=[(v.value, label(v)) for v in Visibility],
    )


FORMS: dict[str, type[BulkForm]] = {
    form.act.value: form
    for form in (
        AssignMany,
        GiveBackMany,
        PriorityMany,
        DueMany,
        StandsMany,
        LowerMany,
        DisputeMany,
        CorroborateMany,
        CloseMany,
        LookMany,
        ShowToMany,
    )
}
