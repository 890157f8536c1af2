"""What was printed of a measured record: five claims in an article, and where ours rely on them."""

# ruff: noqa: S608 - the statements are made of this file's own words

from collections.abc import Mapping

from benchmarks.desk_shape import IS_REVIEWED, PEOPLE
from benchmarks.desk_work import OPENED_AT, SOMEBODY
from benchmarks.set_based import Given, insert, next_id
from claims.models import Appearance, Article, Use

IS_OURS = "n / 5 % 5 < 3"


def print_articles(span: Mapping[str, Given]) -> None:
    """Put each five claims of a span into an article, published an hour after the last of them."""
    before = next_id(Article) - 1 - int(str(span["first"])) // 5
    is_ours = IS_OURS.replace("n ", "min(c.id) ")
    article = {
        "id": f"{before} + 1 + c.id / 5",
        "desk_id": "min(c.desk_id)",
        "title": "'What we know, part ' || c.id / 5",
        "text": "string_agg(c.statement, ' ' ORDER BY c.id)",
        "external_id": f"CASE WHEN {is_ours} THEN 'scale-' || min(c.id) ELSE '' END",
        "is_ours": is_ours,
        "published_at": "least(now(), max(c.created_at) + interval '1 hour')",
        "created_at": "max(c.created_at)",
    }
    told = "WHERE c.id BETWEEN %(first)s AND %(last)s"
    insert(Article, article, f"claims_claim c {told} GROUP BY c.id / 5", span)
    place = {
        "claim_id": "c.id",
        "article_id": "a.id",
        "start": "position(c.statement IN a.text) - 1",
        '"end"': "position(c.statement IN a.text) - 1 + length(c.statement)",
        "quote": "c.statement",
    }
    rows = f"claims_claim c JOIN claims_article a ON a.id = {before} + 1 + c.id / 5 {told}"
    insert(Appearance, place, rows, span)


def print_uses(given: Mapping[str, Given]) -> None:
    """Let each of our articles rely on a claim; where that is flagged, a correction is due.

    The entry relied on is the one at the claim's share of the ledger, which `entries` counts.
    """
    is_due = f"({IS_REVIEWED} AND status <> 'reported')"
    is_answered = f"(n % 50 = 5 AND NOT {IS_REVIEWED})"
    opened_at = OPENED_AT.replace("created_at", "made_at")
    use = {
        "article_id": "a.id",
        "claim_id": "n",
        "words": "c.statement",
        "relied_seq": "greatest(1, %(entries)s * n / %(claims)s)",
        "relied_status": "status",
        "recorded_at": "a.published_at",
        "recorded_by_id": SOMEBODY,
        "due_since_at": f"CASE WHEN {is_due} THEN {opened_at}"
        f" WHEN {is_answered} THEN a.published_at END",
        "due_reason": f"CASE WHEN {is_due} OR {is_answered} THEN 'Its basis is in question.'"
        " ELSE '' END",
        "answer": f"CASE WHEN {is_answered} THEN 'not_needed' ELSE '' END",
        "answered_at": f"CASE WHEN {is_answered} THEN a.published_at END",
        "answered_by_id": f"CASE WHEN {is_answered} THEN {SOMEBODY} END",
    }
    rows = f"""(SELECT id AS n, statement, status, created_at AS made_at FROM claims_claim
        WHERE id % 5 = 0) AS c JOIN claims_appearance s ON s.claim_id = n
        JOIN claims_article a ON a.id = s.article_id, {PEOPLE} WHERE a.is_ours"""
    insert(Use, use, rows, given)
