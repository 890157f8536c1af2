"""What an article of ours relies on, claim by claim, and where a correction is due."""

import json
from datetime import UTC, datetime

from typing_extensions import override

from claims.api.answers import uses as answers
from claims.api.description import described
from claims.api.door import Given, Resource
from claims.models import Use
from claims.queries.uses import article_of_ours, uses_of_article


@described("read_uses", answers.Uses)
class ReadUses(Resource):
    """The claims an article uses; those its reader may not see are left out."""

    @override
    def body(self, given: Given, **names: str) -> str:
        article = article_of_ours(self.actor, reference=names["reference"])
        base = f"{self.asked.base}claims/"
        uses = [_told(use, base) for use in uses_of_article(self.actor, article)]
        return json.dumps({"article": article.reference, "uses": uses}, ensure_ascii=False)


def _told(use: Use, base: str) -> dict[str, object]:
    return {
        "reference": use.reference,
        "claim": use.claim.reference,
        "claim_url": f"{base}{use.claim.reference}/",
        "words": use.words,
        "relied": {
            "seq": use.relied_seq,
            "status": use.relied_status,
            "basis": use.relied_basis,
        },
        "recorded_at": _moment(use.recorded_at),
        "ended_at": _moment(use.ended_at),
        "correction": None if use.due_since_at is None else _correction(use),
    }


def _correction(use: Use) -> dict[str, object]:
    return {
        "due_since_at": _moment(use.due_since_at),
        "reason": use.due_reason,
        "answer": use.answer or None,
        "answered_at": _moment(use.answered_at),
        "answer_url": use.answer_url or None,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
