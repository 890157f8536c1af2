"""Find the entries that tell how objects stood up to a seq, each kind of object in one query."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet

from claims.models import LedgerEntry, LedgerText

LAST = 2**63 - 1
"""No entry comes after it."""

OBJECT = r"""substring(l.body from '"sets":\{"((?:OR|AR)-[0-9A-Z]{6})"')"""
KINDS = "l.kind IN ('origin_added', 'origin_edited', 'article_added')"

WITH_ALL_ABOVE = f"""
WITH RECURSIVE named (reference) AS (
    SELECT unnest(%(references)s::text[])
    UNION
    SELECT l.body::jsonb -> 'sets' -> named.reference ->> 'part_of'
    FROM named JOIN claims_ledgerentry l ON {OBJECT} = named.reference
    WHERE {KINDS} AND l.seq <= %(seq)s AND position('"part_of":"' in l.body) > 0
)
SELECT l.seq, l.recorded_at, l.kind, l.body
FROM named JOIN claims_ledgerentry l ON {OBJECT} = named.reference
WHERE {KINDS} AND l.seq <= %(seq)s ORDER BY l.seq
"""  # noqa: S608 - the words of the index, above

NEIGHBOURS = """
WITH RECURSIVE named (reference) AS (
    SELECT unnest(%(references)s::text[])
    UNION
    SELECT l.body::jsonb -> 'sets' -> named.reference ->> 'relays_evidence'
    FROM named
    JOIN claims_evidence e ON e.reference = named.reference
    JOIN claims_claim c ON c.id = e.claim_id
    JOIN claims_ledgerentry l ON l.claim_ref = c.reference
    WHERE l.seq <= %(seq)s AND position('"relays_evidence":"' in l.body) > 0
        AND position(named.reference in l.body) > 0
)
SELECT e.reference, c.reference
FROM named JOIN claims_evidence e USING (reference) JOIN claims_claim c ON c.id = e.claim_id
UNION ALL
SELECT NULL, other.reference
FROM claims_claim own JOIN claims_claimlink k ON k.other_id = own.id
JOIN claims_claim other ON other.id = k.claim_id
WHERE own.reference = ANY (%(linked_to)s::text[])
"""


def of_claims(references: Collection[str], *, seq: int = LAST) -> QuerySet[LedgerEntry]:
    """Return the entries on some claims up to a seq, oldest first."""
    rows = LedgerEntry.objects.filter(claim_ref__in=references, seq__lte=seq)
    return rows.order_by("seq")


def of_sources(references: Collection[str], *, seq: int = LAST) -> QuerySet[LedgerEntry]:
    """Return the entries on some sources up to a seq, oldest first."""
    rows = LedgerEntry.objects.filter(source_ref__in=references, seq__lte=seq)
    return rows.order_by("seq").only("seq", "recorded_at", "kind", "body")


def of_origins_and_articles(references: Iterable[str], *, seq: int = LAST) -> list[LedgerEntry]:
    """Return the entries on some origins, all they were ever part of, and some articles."""
    values = {"references": sorted(references), "seq": seq}
    return list(LedgerEntry.objects.raw(WITH_ALL_ABOVE, values))


def neighbours(
    repeated: Iterable[str], *, linked_to: Collection[str], seq: int
) -> tuple[dict[str, str], set[str]]:
    """Return whose entries are wanted besides those on some claims, in one query.

    Args:
        repeated: references of evidence of other claims.
        linked_to: references of claims.
        seq: of the last entry counted.

    Returns:
        By its reference the claim of each evidence, and of all it ever repeated, to the end of
        each chain; and the claims that were ever linked to those named.
    """
    values: dict[str, list[str] | int] = {
        "references": sorted(repeated),
        "linked_to": sorted(linked_to),
        "seq": seq,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, values)
        rows = cursor.fetchall()
    return {name: claim for name, claim in rows if name}, {
        claim for name, claim in rows if not name
    }


def texts_of(commitments: Iterable[str]) -> dict[str, str | None]:
    """Return the texts behind commitments; None where one was redacted."""
    rows = LedgerText.objects.filter(commitment__in=list(commitments))
    return dict(rows.values_list("commitment", "text"))


def around(seq: int, *, claims: Sequence[str]) -> tuple[int, int | None, int | None]:
    """Return the head, and the seqs before and after one; of entries on some claims where named."""
    rows = LedgerEntry.objects.order_by()
    about = rows.filter(claim_ref__in=claims) if claims else rows
    before = about.filter(seq__lt=seq).order_by("-seq").values("seq")[:1]
    after = about.filter(seq__gt=seq).order_by("seq").values("seq")[:1]
    head = rows.order_by("-seq").values("seq")[:1]
    with connection.cursor() as cursor:
        parts, values = zip(
            *(part.query.sql_with_params() for part in (head, before, after)), strict=True
        )
        cursor.execute(
            f"SELECT ({parts[0]}), ({parts[1]}), ({parts[2]})",
            [value for own in values for value in own],
        )
        found = cursor.fetchone()
    return found[0] or 0, found[1], found[2]
