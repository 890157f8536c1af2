"""Forms on one piece of evidence: grade it, attest it, withdraw it."""

from dataclasses import replace
from typing import Any

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told, choose, permanence_of
from claims.admin.forms.evidence_fields import SELECTOR, EvidenceFields, EvidenceForm
from claims.admin.forms.figures import Day, as_json, figure_rows, figures_in
from claims.admin.forms.origins import named
from claims.models import Claim, Evidence, Snapshot
from claims.queries.resting import figure_value
from claims.services import evidence as service
from claims.services import proposals
from claims.states import SnapshotKind
from claims.types import Actor, FigureValue

MOST_CAPTURES = 50


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
        del self.fields["own_word"]
        self.had = figures_of(row)
        self.figures = figure_rows(data, had=self.had)
        self.figures.auto_id = f"{self.slug}-%s"

    @override
    def is_valid(self) -> bool:
        """Check the rows of figures too."""
        return all([super().is_valid(), self.figures.is_valid()])

    @override
    def clean(self) -> dict[str, Any]:
        """Look for another quote on the page; the same one keeps its place."""
        super().clean()
        if self.cleaned_data.get("quote") == self.row.quote and not self._is_picked_anew():
            self.keep_selector(self.row.prefix, self.row.suffix)
        else:
            self.check_passage(self.row.source)
        return self.cleaned_data

    def _is_picked_anew(self) -> bool:
        """Whether the same words were picked at another place."""
        given = self.selector()
        return any(given.values()) and given != {
            "prefix": self.row.prefix,
            "suffix": self.row.suffix,
        }

    def changed(self) -> dict[str, Any]:
        """Return what differs from the record."""
        differs: dict[str, Any] = {
            name: new for name, new in self.values().items() if new != _on_record(self.row, name)
        }
        figures = [_with_words(figure, self.had) for figure in figures_in(self.figures)]
        return differs if figures == self.had else differs | {"figures": as_json(figures)}

    @override
    def carry_out(self) -> Told:
        """Change it."""
        changed = self.changed()
        if not changed:
            return "Nothing was changed: all is as it was."
        service.edit_evidence(self.actor, self.row.reference, values=changed, seen=self.seen)
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
        changed = self.changed()
        if not changed:
            return "Nothing was proposed: all is as it was."
        proposals.propose_edit(
            self.actor,
            self.claim.pk,
            payload={"evidence": {self.row.reference: changed}},
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
        label="How you saw or heard it", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    capture = forms.ChoiceField(
        label="A capture that shows it",
        required=False,
        help_text="Attach one on the page of the linked source. A note or a capture is needed.",
    )
    locator = forms.CharField(
        label="Where in it",
        max_length=300,
        required=False,
        help_text="Page, minute, paragraph. Changes what is on record of it.",
    )

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, row: Evidence, **options: Any
    ) -> None:
        options.setdefault("initial", {"locator": row.locator})
        super().__init__(data, actor=actor, claim=claim, row=row, **options)
        kept = captures_of(row)
        choose(
            self.fields["capture"],
            [("", "none"), *((capture.sha256, capture.title) for capture in kept)],
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for a note or a capture."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "note" in given and not given["note"] and not given.get("capture"):
            self.add_error("note", "Say how you saw or heard it, or name a capture.")
        return given

    @override
    def carry_out(self) -> Told:
        """Attest it."""
        given = self.cleaned_data
        service.attest(
            self.actor,
            self.row.reference,
            on=given["attested_on"],
            note=given["note"],
            capture=given["capture"],
            locator=given["locator"],
        )
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
    apart = {"origin", "relays", "own_word", *SELECTOR.values()}
    shown = {name: getattr(row, name) for name in EvidenceFields.base_fields if name not in apart}
    shown |= {of: getattr(row, name) for name, of in SELECTOR.items()}
    relayed = row.relays_evidence.reference if row.relays_evidence else named(row.relays_origin)
    return shown | {"origin": named(row.origin), "relays": relayed}


def _on_record(row: Evidence, name: str) -> Any:
    """Return a field as the services name it: references for rows, empty for none."""
    value = getattr(row, name)
    if name in {"origin", "relays_origin", "relays_evidence"}:
        return value.reference if value else ""
    return value


def figures_of(row: Evidence) -> list[FigureValue]:
    """Return the figures on record of a piece of evidence."""
    return [
        figure_value(figure) for figure in row.figures.filter(ended_at__isnull=True).order_by("pk")
    ]


def _with_words(figure: FigureValue, had: list[FigureValue]) -> FigureValue:
    """Return a figure with the words it was taken from, where nothing else of it changed."""
    return next((old for old in had if replace(old, text="") == figure), figure)


def captures_of(row: Evidence) -> list[Snapshot]:
    """Return the captures of the source of a piece of evidence, newest first."""
    rows = Snapshot.objects.filter(source=row.source_id, kind=SnapshotKind.CAPTURE)
    return list(rows.defer("text", "hops").order_by("-pk")[:MOST_CAPTURES])
