"""The work on a measured record: rounds that ended, reviews that are open, what waits for sign-off.

Every statement takes a span of claims: `first`, `last`, and `claims`, how many there will be.
"""

# ruff: noqa: S608 - the statements are made of this file's own words

from collections.abc import Mapping

from benchmarks.desk_shape import BLOCK, IS_FRESH, IS_REVIEWED, PEOPLE, SPAN
from benchmarks.set_based import Given, insert
from claims.models import Flag, Notification, Proposal, Review, SignOff, Snapshot
from claims.states import FlagKind

COLLEAGUES = 20
TOLD = 300
IS_SHARED = f"n / {BLOCK} % 3 > 0"
SOMEBODY = f"p.ids[1 + n / {BLOCK} % {COLLEAGUES}]"
ANOTHER = f"p.ids[1 + (n / {BLOCK} + 1) % {COLLEAGUES}]"
READER = "(SELECT id FROM claims_user WHERE username = 'reader')"
LAST_EVIDENCE = """JOIN LATERAL (SELECT * FROM claims_evidence e WHERE e.claim_id = n
    ORDER BY e.id DESC LIMIT 1) AS e ON true"""
OPENED_AT = f"greatest(created_at, now() - interval '1 minute' * (n / {BLOCK} * 7919 % 40000))"


def furnish(span: Mapping[str, Given]) -> None:
    """Put the work of years on a span of claims."""
    _ended_rounds(span)
    _open_reviews(span)
    _changed_pages(span)
    _open_flags(span)
    _waiting(span)
    _notifications(span)


def _ended_rounds(span: Mapping[str, Given]) -> None:
    """End a round at each decision; a seventh had a flag, what was corroborated a sign-off."""
    review = {
        "claim_id": "n",
        "desk_id": "desk_id",
        "reason": "'new'",
        "opened_at": "created_at",
        "ended_at": "decided_at",
        "ended_by_id": SOMEBODY,
        "outcome": "CASE status WHEN 'reported' THEN 'stands' WHEN 'corroborated' THEN 'proposed'"
        " ELSE 'disputed' END",
    }
    insert(Review, review, f"{SPAN}, {PEOPLE} WHERE decided_at IS NOT NULL", span)
    flag = {
        "claim_id": "n",
        "review_id": "r.id",
        "kind": f"'{FlagKind.QUOTE_ALTERED}'",
        "cause": "md5('answered' || n)::uuid",
        "source_id": "e.source_id",
        "evidence_id": "e.id",
        "raised_at": "r.opened_at",
        "answered_at": "r.ended_at",
        "answered_by_id": "r.ended_by_id",
        "answer": "'stands'",
    }
    ended = f"{SPAN} JOIN claims_review r ON r.claim_id = n AND r.ended_at IS NOT NULL"
    insert(Flag, flag, f"{ended} {LAST_EVIDENCE} WHERE n % 7 = 3", span)
    proposal = _proposal("decided_at - interval '30 minutes'") | {
        "state": "'signed_off'",
        "ended_at": "decided_at",
    }
    insert(Proposal, proposal, f"{SPAN}, {PEOPLE} WHERE status = 'corroborated'", span)
    signed = {
        "proposal_id": "s.id",
        "proposed_by_id": "s.proposed_by_id",
        "signed_by_id": ANOTHER,
        "signed_at": "s.ended_at",
        "version": "s.version",
    }
    rows = f"{SPAN} JOIN claims_proposal s ON s.claim_id = n AND s.ended_at IS NOT NULL, {PEOPLE}"
    insert(SignOff, signed, rows, span)


def _proposal(at: str) -> dict[str, str]:
    return {
        "claim_id": "n",
        "desk_id": "desk_id",
        "to_status": "'corroborated'",
        "ground": "'independent_origins'",
        "rationale": "'Two independent origins agree.'",
        "version": "md5(n::text) || md5(n::text)",
        "proposed_by_id": SOMEBODY,
        "proposed_at": at,
    }


def _open_reviews(span: Mapping[str, Given]) -> None:
    is_own = f"%(claims)s - n < 100 * {BLOCK} AND n / {BLOCK} % 100 < 6 AND n % {BLOCK} = 2"
    review = {
        "claim_id": "n",
        "desk_id": "desk_id",
        "reason": "'flagged'",
        "opened_at": OPENED_AT,
        "due_at": f"CASE WHEN n % {BLOCK} < 3 THEN now() + interval '1 day' * (n / 7 % 30 - 20)"
        " END",
        "assignee_id": f"CASE WHEN {is_own} THEN {READER} WHEN n % {BLOCK} = 1 THEN {SOMEBODY} END",
    }
    insert(Review, review, f"{SPAN}, {PEOPLE} WHERE {IS_REVIEWED}", span)


def _changed_pages(span: Mapping[str, Given]) -> None:
    """Let the page that five claims share change under each block that is under review."""
    is_reviewed = IS_REVIEWED.replace("n ", "c.id ")
    changed = f"""(
        SELECT c.id / {BLOCK} AS block, max(e.source_id) AS source,
            string_agg(e.quote, ' ') AS quotes
        FROM claims_claim c JOIN LATERAL (SELECT * FROM claims_evidence e WHERE e.claim_id = c.id
            ORDER BY e.id DESC LIMIT 1) AS e ON true
        WHERE c.id BETWEEN %(first)s AND %(last)s AND {is_reviewed} AND c.id / {BLOCK} % 3 > 0
        GROUP BY 1) AS page,
        LATERAL (SELECT string_agg('The office in town ' || k * page.block % 977 || ' sold '
            || k * 31 || ' permits near the river, and a second report is expected.', ' ')
            AS words FROM generate_series(1, 50) AS k WHERE page.block > 0 OR k > 0) AS body,
        LATERAL (VALUES (1, body.words || ' ' || page.quotes || ' ' || body.words),
            (2, body.words || ' ' || regexp_replace(page.quotes, '\\d,\\d', '4,4', 'g') || ' '
            || body.words || ' This report was corrected.')) AS told (turn, words)"""
    snapshot = {
        "source_id": "page.source",
        "taken_at": "now() - interval '2 days' + interval '1 hour' * told.turn",
        "sha256": "encode(sha256(told.words::bytea), 'hex')",
        "size_bytes": "length(told.words)",
        "text": "told.words",
        "text_sha256": "encode(sha256(told.words::bytea), 'hex')",
        "title": "'Report'",
    }
    insert(Snapshot, snapshot, f"{changed} ORDER BY page.block, told.turn", span)


def _open_flags(span: Mapping[str, Given]) -> None:
    """Flag what is under review: two blocks of three for their changed page, others singly."""
    kinds = f"ARRAY['{FlagKind.FIGURE_ALTERED}', '{FlagKind.QUOTE_MISSING}']"
    alone = f"ARRAY['{FlagKind.TIP}', '{FlagKind.COMPLAINT}', '{FlagKind.REVIEW_DATE_PASSED}']"
    flag = {
        "claim_id": "n",
        "review_id": "r.id",
        "kind": f"CASE WHEN {IS_SHARED} THEN ({kinds})[1 + n / {BLOCK} % 2]"
        f" ELSE ({alone})[1 + n % 3] END",
        "cause": f"md5('cause' || CASE WHEN {IS_SHARED} THEN n / {BLOCK} ELSE -n END)::uuid",
        "source_id": f"CASE WHEN {IS_SHARED} THEN e.source_id END",
        "evidence_id": f"CASE WHEN {IS_SHARED} THEN e.id END",
        "before_id": f"CASE WHEN {IS_SHARED} THEN s.first END",
        "after_id": f"CASE WHEN {IS_SHARED} THEN s.last END",
        "raised_at": "r.opened_at",
    }
    rows = f"""{SPAN} JOIN claims_review r ON r.claim_id = n AND r.ended_at IS NULL {LAST_EVIDENCE}
        LEFT JOIN LATERAL (SELECT min(s.id) AS first, max(s.id) AS last FROM claims_snapshot s
            WHERE s.source_id = e.source_id) AS s ON true"""
    insert(Flag, flag, rows, span)


def _waiting(span: Mapping[str, Given]) -> None:
    waiting = f"n % {BLOCK} IN (10, 90) AND status = 'reported' AND closed_at IS NULL"
    proposal = _proposal("greatest(created_at, now() - interval '1 minute' * (n * 31 % 10000))")
    insert(Proposal, proposal, f"{SPAN}, {PEOPLE} WHERE {waiting} AND {IS_FRESH}", span)


def _notifications(span: Mapping[str, Given]) -> None:
    told = {
        "user_id": SOMEBODY,
        "kind": "'claim_flagged'",
        "claim_id": "n",
        "told_at": "greatest(created_at, now() - interval '20 days')",
        "read_at": "CASE WHEN n % 2 = 0 THEN now() END",
    }
    insert(Notification, told, f"{SPAN}, {PEOPLE} WHERE {IS_REVIEWED}", span)
    told |= {"user_id": READER, "told_at": "created_at", "read_at": "created_at"}
    insert(Notification, told, f"{SPAN}, {PEOPLE} WHERE n % 331 = 0", span)
    told["read_at"] = "CASE WHEN n % 5 > 0 THEN now() END"
    is_last = f"n % 33 = 0 AND %(claims)s - n < 33 * {TOLD}"
    insert(Notification, told, f"{SPAN}, {PEOPLE} WHERE {is_last}", span)
