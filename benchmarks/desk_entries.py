"""The ledger of a measured record: what its tables say happened, in the order in which it did.

The chain is made by the documented arithmetic in SQL and checked, entry by entry, by the ledger's
own trigger. Texts other than statements are left out.
"""

# ruff: noqa: S608 - the statements are made of this file's own words

from django.db import connections

from benchmarks.set_based import OWNER, run

FEW, AT_A_TIME = 1_000, 50_000

SALT = "sha256(('salt' || c.id)::bytea)"
NAME = f"'sha256:' || encode(sha256({SALT} || convert_to(c.statement, 'UTF8')), 'hex')"
TEXTS = f"""INSERT INTO claims_ledgertext (commitment, salt, text)
    SELECT {NAME}, {SALT}, c.statement FROM claims_claim c ON CONFLICT DO NOTHING"""
MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"

REASON = "convert_to('Two independent origins agree.', 'UTF8')"
REASON_NAME = f"'sha256:' || encode(sha256(sha256('salt') || {REASON}), 'hex')"
REASON_TEXT = f"""INSERT INTO claims_ledgertext (commitment, salt, text)
    SELECT {REASON_NAME}, sha256('salt'), convert_from({REASON}, 'UTF8')"""

# when, kind, claim, what stands in the body before "claim", before "nonce", behind it, behind "v"
EVENTS = f"""
SELECT c.created_at AS at, 1 AS turn, 'claim_opened' AS kind, c.reference AS claim, '' AS a,
    '' AS b, format('"sets":{{"%s":{{"basis":"%s","desk":"%s","ground":"not_reviewed",'
    '"kind":"fact","statement":"%s","status":"reported","status_since_at":%s,"topic":"%s",'
    '"visibility":"%s"}}}},', c.reference,
    CASE c.basis WHEN 'lost' THEN 'lost' ELSE 'holds' END, d.slug, {NAME},
    {MICROSECONDS.format("c.created_at")}, c.topic, c.visibility) AS c, '' AS d
FROM claims_claim c JOIN claims_desk d ON d.id = c.desk_id
UNION ALL
SELECT e.created_at, 2, 'evidence_added', c.reference, '', '',
    format('"sets":{{"%s":{{"origin":"%s","quote_state":"standing","source":"%s",'
    '"stance":"%s"}}}},', e.reference, o.reference, s.reference, e.stance), ''
FROM claims_evidence e JOIN claims_claim c ON c.id = e.claim_id
    JOIN claims_origin o ON o.id = e.origin_id JOIN claims_source s ON s.id = e.source_id
WHERE e.claim_id >= %(since)s
UNION ALL
SELECT r.opened_at, 3, 'review_opened', c.reference, '', '',
    format('"sets":{{"%s":{{"state":"open"}}}},', r.reference), ''
FROM claims_review r JOIN claims_claim c ON c.id = r.claim_id
UNION ALL
SELECT f.raised_at, 4, 'flag_raised', c.reference, format('"cause":"%s",', f.cause),
    format('"flag":"%s",', f.kind), format('"review":"%s",', r.reference), ''
FROM claims_flag f JOIN claims_claim c ON c.id = f.claim_id
    JOIN claims_review r ON r.id = f.review_id
UNION ALL
SELECT p.proposed_at, 5, 'proposed', c.reference, '', '',
    format('"sets":{{"%s":{{"ground":"%s","state":"open","to_status":"%s"}}}},',
    p.reference, p.ground, p.to_status), ''
FROM claims_proposal p JOIN claims_claim c ON c.id = p.claim_id
UNION ALL
SELECT p.ended_at, 6, 'signed_off', c.reference, '', '',
    format('"proposer":"%s","sets":{{"%s":{{"state":"signed_off"}}}},', u.reference, p.reference),
    format(',"version":"%s"', p.version)
FROM claims_proposal p JOIN claims_claim c ON c.id = p.claim_id
    JOIN claims_user u ON u.id = p.proposed_by_id WHERE p.ended_at IS NOT NULL
UNION ALL
SELECT c.decided_at, 7, CASE c.status WHEN 'reported' THEN 'ground_changed'
    ELSE 'status_changed' END, c.reference, '', '"evidence":[],"is_undo":false,',
    format('"rationale":"%s","sets":{{"%s":{{"decided_at":%s,"ground":"%s","status":"%s",'
    '"status_since_at":%s}}}},', {REASON_NAME}, c.reference,
    {MICROSECONDS.format("c.decided_at")}, c.ground, c.status,
    {MICROSECONDS.format("c.status_since_at")}), ',"was":"reported"'
FROM claims_claim c WHERE c.decided_at IS NOT NULL
UNION ALL
SELECT r.ended_at, 8, 'review_ended', c.reference, '', '',
    format('"sets":{{"%s":{{"outcome":"%s","state":"ended"}}}},', r.reference, r.outcome), ''
FROM claims_review r JOIN claims_claim c ON c.id = r.claim_id WHERE r.ended_at IS NOT NULL
UNION ALL
SELECT f.raised_at, 9, 'basis_changed', c.reference, '', '',
    format('"sets":{{"%s":{{"basis":"in_question","basis_since_at":%s}}}},', c.reference,
    {MICROSECONDS.format("f.raised_at")}), ''
FROM claims_flag f JOIN claims_claim c ON c.id = f.claim_id WHERE f.answered_at IS NULL
UNION ALL
SELECT c.closed_at, 10, 'claim_closed', c.reference, '', '',
    format('"sets":{{"%s":{{"close_reason":"%s","closed_at":%s}}}},', c.reference,
    c.close_reason, {MICROSECONDS.format("c.closed_at")}), ''
FROM claims_claim c WHERE c.closed_at IS NOT NULL
"""
WRITTEN = f"""CREATE UNLOGGED TABLE written AS
    SELECT row_number() OVER (ORDER BY at, turn, claim) AS n, at, kind,
        '{{"actor":{{"kind":"import"}},' || a || '"claim":"' || claim || '",' || b || '"nonce":"'
        || md5(random()::text) || '",' || c || '"v":1' || d || '}}' AS body
    FROM ({EVENTS}) AS events"""
CHAINED = r"""CREATE FUNCTION chained(first bigint, last bigint) RETURNS SETOF claims_ledgerentry
LANGUAGE plpgsql AS $$
DECLARE
    made claims_ledgerentry;
    one record;
BEGIN
    SELECT * INTO made FROM claims_ledgerentry ORDER BY seq DESC LIMIT 1;
    made.seq := coalesce(made.seq, 0);
    made.hash := coalesce(made.hash, decode(repeat('00', 32), 'hex'));
    FOR one IN SELECT * FROM written WHERE n BETWEEN first AND last ORDER BY n LOOP
        made.seq := made.seq + 1;
        made.recorded_at := one.at;
        made.kind := one.kind;
        made.body := one.body;
        made.prev_hash := made.hash;
        made.leaf := sha256('\x00'::bytea || convert_to(made.seq || E'\n'
            || (extract(epoch FROM one.at) * 1000000)::bigint || E'\n' || one.kind || E'\n'
            || one.body, 'UTF8'));
        made.hash := sha256('\x01'::bytea || made.prev_hash || made.leaf);
        RETURN NEXT made;
    END LOOP;
END $$"""
COLUMNS = "seq, recorded_at, kind, body, prev_hash, leaf, hash"
APPEND = f"""INSERT INTO claims_ledgerentry ({COLUMNS})
    SELECT {COLUMNS} FROM chained(%(first)s, %(last)s)"""


def write_entries(*, since: int) -> int:
    """Enter what happened to all claims; return how many entries that took.

    Args:
        since: the first claim whose evidence is entered, too.
    """
    run(TEXTS)
    run(REASON_TEXT)
    run(WRITTEN, {"since": since})
    run("ALTER TABLE written ADD PRIMARY KEY (n)")
    run(CHAINED)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM written")
        (count,) = cursor.fetchone()
    run(APPEND, {"first": 1, "last": FEW})
    run("ANALYZE claims_ledgerentry")  # or the trigger looks for the head in all rows
    for first in range(FEW + 1, count + 1, AT_A_TIME):
        run(APPEND, {"first": first, "last": first + AT_A_TIME - 1})
    run("DROP FUNCTION chained")
    run("DROP TABLE written")
    return int(count)
