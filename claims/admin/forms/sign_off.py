"""Forms of the second person: sign off one proposal or several, or ask for changes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, DeskForm, Told
from claims.admin.forms.code import check_code, code_field
from claims.errors import ProposalVoid, RecordError
from claims.models import Claim
from claims.present.words import label
from claims.queries.sign_off import MOST_ROWS, SignOffPage, claims_proposed
from claims.services.proposals import send_back, sign_off
from claims.states import ClaimStatus
from claims.types import Actor

UNSEEN = "Tick this once you have looked at it."
_ROW = re.compile(
    r"(?P<reference>PR-[0-9A-Z]{6}):(?P<version>[0-9a-f]{64}):(?P<revision>[0-9]{1,9})"
)


class _OfProposal(ClaimForm):
    """A form on one proposal; what became of it meanwhile is a conflict."""

    proposal = forms.CharField(max_length=9, widget=forms.HiddenInput)

    @override
    def refuse(self, error: RecordError) -> int:
        """Tell a refusal."""
        status = super().refuse(error)
        return HTTPStatus.CONFLICT if isinstance(error, ProposalVoid) else status


class SignOff(_OfProposal):
    """The approval of the exact version on the page, each evidence ticked as seen."""

    slug = "sign-off"
    title = "Sign off"
    button = "Sign off"
    lead = "You approve exactly what this page shows. If any of it changes first, it is refused."

    version = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        page: SignOffPage,
        is_signer: bool,
        asks_code: bool,
    ) -> None:
        proposal = page.proposal.reference if page.proposal else ""
        seen = {"proposal": proposal, "version": page.version}
        super().__init__(data, actor=actor, claim=page.dossier.claim, initial=seen)
        self.gave_code = False
        # What was ticked on another version is void, and somebody else's not allowed, before it is
        # incomplete.
        is_current = data is None or data.get("version") == page.version
        is_asked = is_current and is_signer and page.is_open
        for reference in page.to_see:
            self.fields[f"seen-{reference}"] = forms.BooleanField(
                label="I have seen this",
                required=is_asked,
                error_messages={"required": UNSEEN},
                widget=forms.CheckboxInput(attrs={"data-row-key": "g", "data-open": ""}),
            )
        if asks_code and is_asked:
            self.fields["code"] = code_field()

    def tick(self, reference: str) -> BoundField | None:
        """Return the box that says a piece of evidence was seen; None where none is asked for."""
        name = f"seen-{reference}"
        return self[name] if name in self.fields else None

    @property
    def missed(self) -> list[str]:
        """The references of the evidence that was not ticked, once the form was sent."""
        return [name.removeprefix("seen-") for name in self.errors if name.startswith("seen-")]

    @override
    def carry_out(self) -> Told:
        """Check the code where one is asked for, and sign it off."""
        given = self.cleaned_data
        if "code" in self.fields:
            check_code(self.actor, given["code"])
            self.gave_code = True
        reference, version = given["proposal"], given["version"]
        now = sign_off(self.actor, reference, version=version, seen=self.seen)
        return f"Signed off: the claim is {label(ClaimStatus(now.status))}."


class SendBack(_OfProposal):
    """The proposer is asked for changes."""

    slug = "send-back"
    title = "Send back"
    button = "Send back"
    lead = "Ends the proposal; the claim goes back to the queue as its proposer's work."
    key = "b"
    KEPT = ("note",)

    note = forms.CharField(label="What should change", widget=forms.Textarea(attrs={"rows": 3}))

    @override
    def carry_out(self) -> Told:
        """Send it back."""
        given = self.cleaned_data
        send_back(self.actor, given["proposal"], note=given["note"])
        return "Sent back: its proposer is told, and has the review."


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of one ticked row; `refusal` is empty where it was signed off."""

    reference: str
    claim: Claim | None
    refusal: str


@dataclass(frozen=True, slots=True)
class _Ticked:
    """One row as its reader saw it."""

    reference: str
    version: str
    revision: int


class SignOffMany(DeskForm):
    """Several proposals, each bound to the version and revision its reader saw.

    A ticked row is the value `PR-...:version:revision` of the field `row`.
    """

    button: ClassVar[str] = "Sign off what is ticked"
    NONE: ClassVar[str] = "Tick at least one proposal."

    def __init__(self, data: Any = None, *, actor: Actor, asks_code: bool) -> None:
        super().__init__(data, auto_id="sign-%s")
        self.actor = actor
        self.gave_code = False
        if asks_code:
            self.fields["code"] = code_field()

    @property
    def ticked(self) -> Sequence[str]:
        """The values of the ticked rows, as sent."""
        return self.data.getlist("row")[:MOST_ROWS] if isinstance(self.data, QueryDict) else ()

    @override
    def clean(self) -> dict[str, Any]:
        """Read the ticked rows."""
        rows = list(self._rows())
        if not rows:
            raise forms.ValidationError(self.NONE)
        self.cleaned_data["rows"] = rows
        return self.cleaned_data

    def _rows(self) -> Iterator[_Ticked]:
        for value in dict.fromkeys(self.ticked):
            found = _ROW.fullmatch(value)
            if found:
                yield _Ticked(found["reference"], found["version"], int(found["revision"]))

    def sign(self) -> list[Signed]:
        """Sign off each ticked row in a transaction of its own; return what became of each.

        Raises:
            InvalidInput: field `code`; nothing was signed.
        """
        if "code" in self.fields:
            check_code(self.actor, self.cleaned_data["code"])
            self.gave_code = True
        ticked: list[_Ticked] = self.cleaned_data["rows"]
        claims = claims_proposed(self.actor, [row.reference for row in ticked])
        return [self._sign(row, claims.get(row.reference)) for row in ticked]

    def _sign(self, row: _Ticked, claim: Claim | None) -> Signed:
        refusal = ""
        try:
            sign_off(self.actor, row.reference, version=row.version, seen=row.revision)
        except RecordError as error:
            refusal = str(error)
        return Signed(row.reference, claim, refusal)
