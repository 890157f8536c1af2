"""An edit done at once where one person may, and proposed where it takes a second one."""

from collections.abc import Mapping

from django.db import transaction

from claims.access import evidence_visible_to
from claims.errors import NotFound
from claims.models import Claim, Evidence
from claims.queries.opinion import opinion_on
from claims.queries.resting import figure_value
from claims.services import edits, fields
from claims.services.claims import edit_claim
from claims.services.evidence import edit_evidence
from claims.services.proposals import propose_edit
from claims.services.settle import lock_claim
from claims.states import ClaimStatus, Verb
from claims.types import Actor

Values = Mapping[str, object]
"""Fields as they were sent: references, words and days as text, as a proposal keeps them."""


def change_claim(actor: Actor, claim_id: int, *, values: Values, rationale: str, seen: int) -> bool:
    """Change fields of a claim, `figures` among them; return whether that waits for sign-off.

    Values that are so already change nothing; where all are, nothing is written.

    Args:
        actor: a fact-checker or editor of its desk.
        claim_id: which claim.
        values: fields of `edits.CLAIM_FIELDS`, and `figures`.
        rationale: why; required where a second person must agree.
        seen: the revision the caller saw.

    Raises:
        InvalidInput: a field is wrong, or `rationale` is missing where it is required.
        RuleRefused: another proposal waits.
    """
    with transaction.atomic():
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE, seen=seen)
        changed = _changed(claim, values, edits.CLAIM_FIELDS)
        if not changed:
            return False
        own = edits.without_figures(changed)
        payload: dict[str, object] = {"claim": own} if own else {}
        if "figures" in changed:
            payload["figures"] = changed["figures"]
        is_guarded = bool(changed.keys() & {*edits.GUARDED, "figures"})
        if claim.status == ClaimStatus.CORROBORATED and is_guarded:
            propose_edit(actor, claim.pk, payload=payload, rationale=rationale, seen=seen)
            return True
        edit_claim(actor, claim.pk, payload=payload, seen=seen)
        return False


def change_evidence(
    actor: Actor, reference: str, *, values: Values, rationale: str, seen: int
) -> bool:
    """Change fields of evidence, `figures` among them; return whether that waits for sign-off.

    Args:
        actor: a fact-checker or editor of its claim's desk.
        reference: of the evidence.
        values: fields of `edits.EVIDENCE_FIELDS`, and `figures`.
        rationale: why; required where the claim is corroborated and counts this evidence.
        seen: the claim's revision the caller saw.

    Raises:
        InvalidInput: as `change_claim`.
        NotFound: no such evidence for this actor.
    """
    with transaction.atomic():
        found = evidence_visible_to(actor).filter(reference=reference).values_list("claim_id")
        claim_id = found.first()
        if claim_id is None:
            raise NotFound("There is no such evidence.")
        claim = lock_claim(actor, claim_id[0], verb=Verb.WRITE, seen=seen)
        row = Evidence.objects.get(reference=reference)
        changed = _changed(row, values, edits.EVIDENCE_FIELDS)
        if not changed:
            return False
        if claim.status == ClaimStatus.CORROBORATED and reference in opinion_on(claim.pk).counted:
            payload = {"evidence": {reference: changed}}
            propose_edit(actor, claim.pk, payload=payload, rationale=rationale, seen=seen)
            return True
        edit_evidence(actor, reference, values=changed, seen=seen)
        return False


def _changed(
    thing: Claim | Evidence, values: Values, readers: Mapping[str, edits.Reader]
) -> dict[str, object]:
    """Check all values and return those that are not so already, as they were sent."""
    checked = edits.read(edits.without_figures(values), readers)
    changed = {name: values[name] for name in checked if getattr(thing, name) != checked[name]}
    given = values.get("figures")
    if isinstance(given, list):
        wanted = [fields.figure("figures", item) for item in given]
        rows = thing.figures.filter(ended_at__isnull=True).order_by("pk")
        if wanted != [figure_value(row) for row in rows]:
            changed["figures"] = given
    return changed
