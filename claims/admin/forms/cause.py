"""The answer to one of the claims that one event flagged."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.db import OperationalError
from typing_extensions import override

from claims.access import may
from claims.admin.forms.base import MOST_INTEGER, DeskForm, Told, permanence_of
from claims.errors import NotFound, RecordError
from claims.present.words import label
from claims.queries.causes import Touched
from claims.rules import why_not_disputed
from claims.services import proposals, reviews, status
from claims.states import GROUNDS, ClaimStatus, Ground, Verb
from claims.types import Actor


class Answer(StrEnum):
    """What a person says to a flagged claim."""

    LEAVE = ""
    STANDS = "stands"
    LOWER = "lower"
    DISPUTE = "dispute"


TARGETS: Mapping[Answer, ClaimStatus] = {
    Answer.LOWER: ClaimStatus.REPORTED,
    Answer.DISPUTE: ClaimStatus.DISPUTED,
}
KEYS: Mapping[Answer, str] = {
    Answer.STANDS: "s",
    Answer.LOWER: "l",
    Answer.DISPUTE: "d",
    Answer.LEAVE: "x",
}


class Choice(forms.RadioSelect):
    """The answers side by side, each with the key that chooses it in its row."""

    @override
    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        key = KEYS[Answer(str(value))]
        option["attrs"] |= {"data-row-key": key}
        return option | {"key": key}


class CauseAnswer(DeskForm):
    """One row of the page: stands, lower, dispute, or leave it for later.

    Its fields carry the claim's reference, so that many rows go in one form. `WHY_ALL` is a field
    beside them: the reason of every row that gives none of its own.
    """

    WHY_ALL: ClassVar[str] = "why"
    SAYS: ClassVar[Mapping[str, str]] = {}

    answer = forms.ChoiceField(label="Answer", required=False, widget=Choice())
    ground = forms.ChoiceField(label="Ground", required=False)
    rationale = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-row-key": "r"}),
    )
    revision = forms.IntegerField(
        min_value=0, max_value=MOST_INTEGER, required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, actor: Actor, touched: Touched) -> None:
        super().__init__(data, prefix=touched.claim.reference)
        self.actor = actor
        self.touched = touched
        self.claim = touched.claim
        self.refusals: dict[Answer, str] = self._refusals()
        offered = [at for at in self._moves() if at not in self.refusals]
        self._choose("answer", [(at.value, self._word(at)) for at in (*offered, Answer.LEAVE)])
        self._choose("ground", self._grounds(offered))
        self.fields["rationale"].help_text = permanence_of(self.claim)

    @property
    def is_corroborated(self) -> bool:
        """Whether that it stands takes a second person."""
        return self.claim.status == ClaimStatus.CORROBORATED

    @property
    def needs_ground(self) -> str:
        """Say which of the answers offered need a ground."""
        words = {Answer.LOWER: "to lower", Answer.DISPUTE: "to dispute"}
        return " or ".join(words[at] for at in self._moves() if at in words.keys() - self.refusals)

    def _moves(self) -> tuple[Answer, ...]:
        match ClaimStatus(self.claim.status):
            case ClaimStatus.CORROBORATED:
                return (Answer.STANDS, Answer.LOWER, Answer.DISPUTE)
            case ClaimStatus.REPORTED:
                return (Answer.STANDS, Answer.DISPUTE)
            case ClaimStatus.DISPUTED:
                return (Answer.STANDS,)

    def _refusals(self) -> dict[Answer, str]:
        """Say what cannot be answered now, and why."""
        found: dict[Answer, str] = {}
        is_editor = may(self.actor, Verb.OVERRIDE, self.claim)
        reason = why_not_disputed(self.touched.opinion, is_editor=is_editor)
        if reason and Answer.DISPUTE in self._moves():
            found[Answer.DISPUTE] = reason
        if self.is_corroborated and self.touched.proposal is not None:
            found[Answer.STANDS] = "A proposal is open: it is signed off or withdrawn first."
        return found

    def _word(self, answer: Answer) -> str:
        stands = "Propose that it stands" if self.is_corroborated else "It stands"
        return {
            Answer.STANDS: stands,
            Answer.LOWER: "Lower to reported",
            Answer.DISPUTE: "Dispute",
            Answer.LEAVE: "Leave it for now",
        }[answer]

    def _grounds(self, offered: list[Answer]) -> list[Any]:
        groups = [
            (f"{self._word(at)}, because:", [(item.value, label(item)) for item in grounds])
            for at in offered
            if (grounds := self._grounds_of(at))
        ]
        return [("", "as it is"), *groups] if groups else []

    def _grounds_of(self, answer: Answer) -> tuple[Ground, ...]:
        """Return what an answer may rest on; for *stands*, a better ground of the same status."""
        if answer in TARGETS:
            return tuple(at for at in GROUNDS[TARGETS[answer]] if at is not Ground.NOT_REVIEWED)
        if answer is Answer.LEAVE or self.is_corroborated:
            return ()
        passed_over = {self.claim.ground, Ground.NOT_REVIEWED, Ground.SHOWN_FALSE}
        return tuple(at for at in GROUNDS[ClaimStatus(self.claim.status)] if at not in passed_over)

    def _choose(self, name: str, choices: list[Any]) -> None:
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    @property
    def chosen(self) -> Answer:
        """What was answered; *leave* where the row was not sent at all."""
        return Answer(self.cleaned_data.get("answer") or "")

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for ground and reason where the answer needs them."""
        given = self.cleaned_data
        if self.errors or not given.get("answer"):
            return given
        if given.get("revision") is None:
            self.add_error(None, "This row came without its revision: load the page again.")
        given["rationale"] = given["rationale"] or str(self.data.get(self.WHY_ALL, "")).strip()
        if not given["rationale"]:
            self.add_error("rationale", "Say why in a few words, here or for all rows above.")
        ground = given.get("ground") or ""
        is_needed = self.chosen in TARGETS
        if (ground or is_needed) and ground not in set(self._grounds_of(self.chosen)):
            self.add_error("ground", f"Choose a ground of “{self._word(self.chosen)}”.")
        return given

    def answer_claim(self) -> tuple[Told, int]:
        """Carry out the row's answer, in a transaction of its own; never raises a refusal.

        Returns:
            What to say, empty where it was refused (then the errors say why), and the status.
        """
        try:
            return self._carry_out(), HTTPStatus.OK
        except NotFound as error:
            self.add_error(None, str(error))
            return "", HTTPStatus.CONFLICT
        except RecordError as error:
            return "", self.refuse(error)
        except OperationalError:
            self.add_error(
                None, "The database did not answer in time: nothing was written for this claim."
            )
            return "", HTTPStatus.SERVICE_UNAVAILABLE

    def _carry_out(self) -> Told:
        given = self.cleaned_data
        common = {"rationale": given["rationale"], "seen": int(given["revision"])}
        if self.chosen in TARGETS:
            to, ground = TARGETS[self.chosen], Ground(given["ground"])
            now = status.decide(self.actor, self.claim.pk, to=to, ground=ground, **common)
            waits = "" if now.ground == ground else "; that it is shown false waits for sign-off"
            return f"{label(to)} now{waits}"
        if self.is_corroborated:
            proposals.propose_stands(self.actor, self.claim.pk, **common)
            return "proposed that it stands; another person signs it off"
        better = Ground(given["ground"]) if given.get("ground") else None
        reviews.stands(self.actor, self.claim.pk, ground=better, **common)
        return "stands"
