"""An editor answers for what was printed: corrected, or no correction needed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from claims.errors import AlreadyExists, InvalidInput, NotAllowed, RuleRefused
from claims.models import Use
from claims.queries.uses import may_answer, read_use
from claims.services import fields
from claims.services.ledger import Text, recording
from claims.services.settle import lock_claim
from claims.states import CorrectionAnswer, EntryKind, Verb
from claims.types import Actor

MOST_URL = 2048
_is_web_address = URLValidator(schemes=["http", "https"])


def answer_correction(
    actor: Actor,
    reference: str,
    *,
    answer: CorrectionAnswer,
    seen: datetime | None,
    url: str = "",
    note: str = "",
) -> Use:
    """Record what was done about words in print whose claim has fallen.

    The answer closes this fall alone: when the claim falls again, a correction is due again.

    Args:
        actor: an editor of the article's desk, in a session.
        reference: of the use (US-...).
        answer: corrected, or not needed.
        seen: since when a correction was due as the caller saw it.
        url: where the correction stands (http or https); with *corrected* alone, and always.
        note: why none is needed; beside a link it may be empty. Kept for good.

    Raises:
        InvalidInput: field `url` or `note`.
        AlreadyExists: this fall is answered already.
        RuleRefused: nothing is due, or the claim has fallen again since the caller looked.
        NotFound, NotAllowed: as everywhere.
    """
    with recording(actor) as record:
        found = read_use(actor, reference)
        lock_claim(actor, found.claim_id, verb=Verb.SEE)
        use = Use.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
        if not may_answer(actor, found) or actor.user_id is None:
            desk = found.article.desk.name
            raise NotAllowed(f"Only an editor of the desk “{desk}” answers for its articles.")
        _require_due(use, seen=seen)
        use.answer = answer
        use.answer_url, use.answer_note = _checked(answer, url=url, note=note)
        use.answered_at, use.answered_by_id = record.at, actor.user_id
        use.save()
        record.add(
            EntryKind.CORRECTION_ANSWERED,
            claim=found.claim.reference,
            sets={
                use.reference: {
                    "answer": answer,
                    "answer_url": Text(use.answer_url),
                    "answer_note": Text(use.answer_note),
                    "answered_at": use.answered_at,
                }
            },
        )
        return use


def _require_due(use: Use, *, seen: datetime | None) -> None:
    if use.due_since_at is None:
        raise RuleRefused("No correction is due on these words.")
    if use.due_since_at != seen:
        raise RuleRefused("The claim has fallen again since you looked: see what changed.")
    if use.answered_at is not None:
        words = use.answer.replace("_", " ")
        raise AlreadyExists(
            use.reference, f"This is answered already, by {use.answered_by}: {words}."
        )


def _checked(answer: CorrectionAnswer, *, url: str, note: str) -> tuple[str, str]:
    link = fields.text_of("url", url, most=MOST_URL)
    is_corrected = answer is CorrectionAnswer.CORRECTED
    why = fields.text_of("note", note, most=fields.MOST_NOTE, is_required=not is_corrected)
    if link and not is_corrected:
        raise InvalidInput("url", "belongs to a correction; say why none is needed instead.")
    if is_corrected:
        try:
            _is_web_address(link)
        except ValidationError:
            raise InvalidInput("url", "must be the web address of the correction.") from None
    return link, why
