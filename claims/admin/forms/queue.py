"""Forms of the queue: what it shows, and who does a review, by when, how urgently."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from typing_extensions import override

from claims.admin.forms.base import DeskForm, Told, choose
from claims.errors import RecordError
from claims.models import Review, User
from claims.present.words import label
from claims.queries.queue import Wanted, Whose
from claims.services.plans import PLANNED, PlanMoved, change_plan
from claims.services.saved_views import MOST_NAME, save_view
from claims.states import ClaimStatus, FlagKind
from claims.types import Actor

WHOSE = [
    (Whose.ANYBODY.value, "anybody's"),
    (Whose.MINE.value, "mine"),
    (Whose.NOBODY.value, "nobody's yet"),
]
PRIORITIES = [(1, "high"), (2, "usual"), (3, "low")]


class Filters(forms.Form):
    """Which reviews the queue shows; an address anybody of the desk can be sent."""

    label_suffix = ""
    desk = forms.ChoiceField(label="Desk", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "any"), *((status.value, label(status)) for status in ClaimStatus)],
    )
    flag = forms.ChoiceField(
        label="Flagged as",
        required=False,
        choices=[("", "anything"), *((kind.value, label(kind)) for kind in FlagKind)],
    )
    whose = forms.ChoiceField(label="Whose", required=False, choices=WHOSE)
    overdue = forms.BooleanField(
        label="Overdue only", required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )

    def __init__(self, wanted: Wanted, *, desks: Iterable[tuple[str, str]]) -> None:
        initial = {
            "desk": wanted.desk,
            "status": wanted.status or "",
            "flag": wanted.flag or "",
            "whose": wanted.whose,
            "overdue": wanted.is_overdue,
        }
        super().__init__(initial=initial, auto_id="filter-%s")
        known = list(desks)
        choose(self.fields["desk"], [("", "all of mine"), *known])
        if len(known) < 2:  # noqa: PLR2004 - a choice begins with two
            del self.fields["desk"]


class NameView(DeskForm):
    """Keep what the queue shows now under a name."""

    slug = "view"
    button = "Keep this view"

    name = forms.CharField(
        label="Name of this view",
        max_length=MOST_NAME,
        help_text="For yourself; the same name again replaces it.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, wanted: Wanted) -> None:
        super().__init__(data, auto_id="view-%s")
        self.actor = actor
        self.wanted = wanted

    def carry_out(self) -> Told:
        """Keep it."""
        name = self.cleaned_data["name"]
        save_view(self.actor, name=name, query=self.wanted.query)
        return f"Kept as “{name}”."


class PlanForm(DeskForm):
    """A form on one open review: it sets one part of the plan, and carries how that was.

    Rendered again after a refusal it carries how it is now: what changed is told beside.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[str] = ""
    part: ClassVar[str] = ""

    was = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, actor: Actor, review: Review, colleagues: Iterable[User]
    ) -> None:
        now = {**self.now(review), "was": PLANNED[self.part](review)}
        super().__init__(data, initial=now, auto_id=f"{self.slug}-%s")
        self.actor = actor
        self.review = review
        self.offer(list(colleagues))

    @override
    def refuse(self, error: RecordError) -> int:
        """Take a plan that moved for what it is: somebody was faster."""
        status = super().refuse(error)
        return HTTPStatus.CONFLICT if isinstance(error, PlanMoved) else status

    def shown_again(self, review: Review) -> None:
        """Carry how it is now, the input kept."""
        given: Any = self.data
        sent = given.copy()
        sent["was"] = PLANNED[self.part](review)
        self.data = sent

    def change(self, to: Any) -> Review:
        """Set the part, if it is still as its reader saw it.

        Raises:
            RecordError: the service's own refusal.
        """
        was = self.cleaned_data["was"]
        return change_plan(self.actor, self.review.reference, part=self.part, to=to, was=was)

    @staticmethod
    def now(review: Review) -> dict[str, object]:
        """Return how it stands."""
        raise NotImplementedError

    def offer(self, colleagues: list[User]) -> None:
        """Fill lists that depend on the desk."""

    def carry_out(self) -> Told:
        """Call the service.

        Raises:
            RecordError: the service's own refusal.
        """
        raise NotImplementedError


class Assign(PlanForm):
    """Whose review it is."""

    slug = "assign"
    part = "to"
    title = "Whose it is"
    button = "Assign"

    to = forms.ChoiceField(
        label="Assigned to",
        required=False,
        help_text="“Take next” leaves it to them. Kept on record.",
    )

    @staticmethod
    @override
    def now(review: Review) -> dict[str, object]:
        return {"to": review.assignee.reference if review.assignee else ""}

    @override
    def offer(self, colleagues: list[User]) -> None:
        people = [(person.reference, str(person)) for person in colleagues]
        choose(self.fields["to"], [("", "nobody"), *people])

    @override
    def carry_out(self) -> Told:
        """Assign it."""
        review = self.change(self.cleaned_data["to"])
        return f"Assigned to {review.assignee or 'nobody'}."


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Due(PlanForm):
    """When it is to be done."""

    slug = "due"
    part = "due_at"
    title = "Due"
    button = "Set the due time"

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

    @staticmethod
    @override
    def now(review: Review) -> dict[str, object]:
        return {"due_at": review.due_at}

    @override
    def carry_out(self) -> Told:
        """Set it."""
        due_at = self.cleaned_data["due_at"]
        self.change(due_at)
        return "The due time is set." if due_at else "It has no due time any more."


class Priority(PlanForm):
    """How urgent its claim is."""

    slug = "priority"
    part = "priority"
    title = "Urgency"
    button = "Set the urgency"

    priority = forms.TypedChoiceField(label="Urgency", coerce=int, choices=PRIORITIES)

    @staticmethod
    @override
    def now(review: Review) -> dict[str, object]:
        return {"priority": review.claim.priority}

    @override
    def carry_out(self) -> Told:
        """Set it."""
        priority = self.cleaned_data["priority"]
        self.change(priority)
        return f"Urgency: {dict(PRIORITIES)[priority]}."


PLAN: dict[str, type[PlanForm]] = {form.slug: form for form in (Assign, Due, Priority)}
