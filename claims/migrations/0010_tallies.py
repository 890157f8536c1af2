"""Figures kept beside the record in the entry's own transaction.

An AFTER INSERT trigger on the ledger counts a transaction's entries while that transaction holds
the ledger's lock, as its last statement: counters are changed by one writer at a time, and cannot
deadlock. What stands now is read from the claims' own rows; what happened is folded out of the
entries, so that the figures can be made anew from the ledger alone.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = """
-- the board's lists: articles of a period, the newest open flags
CREATE INDEX article_by_day ON claims_article (coalesce(published_at, created_at));
CREATE INDEX flag_open_newest ON claims_flag (raised_at, id)
    WHERE answered_at IS NULL AND source_id IS NOT NULL;
-- the same few rows change again and again, in place
ALTER TABLE claims_tally SET (fillfactor = 70);
"""
NO_INDEXES = "DROP INDEX article_by_day; DROP INDEX flag_open_newest;"

COUNTING = r"""
CREATE TYPE claims_tally_flow AS (
    claim_id bigint, name text, step smallint, at timestamptz, value bigint);
CREATE TYPE claims_tally_state AS (
    claim_id bigint, opened_at timestamptz, decided_at timestamptz, status text, is_closed boolean,
    has_review boolean, has_proposal boolean, flagged_at timestamptz, reversed_seq bigint);

-- The plain SQL functions have no settings of their own, so that they are merged into the queries
-- that call them; those have a fixed search_path.

-- how claims are counted by their own rows; the columns of claims_counted, the fold's left empty
CREATE FUNCTION claims_tally_present(ids bigint[]) RETURNS SETOF claims_counted
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.desk_id, c.visibility <> 'open', c.topic, c.priority::smallint,
        CASE WHEN c.closed_at IS NOT NULL THEN '' WHEN c.status = 'corroborated' THEN c.basis
            ELSE c.status END,
        c.closed_at IS NULL AND c.decided_at IS NULL,
        c.closed_at IS NULL AND c.ground = 'editor_override',
        c.closed_at IS NULL AND c.open_flags > 0,
        p.id IS NOT NULL,
        w.reason,
        CASE w.reason WHEN '' THEN NULL WHEN 'new' THEN c.created_at ELSE r.opened_at END,
        c.status_since_at,
        (CASE WHEN c.closed_at IS NOT NULL THEN 0 WHEN c.status = 'disputed' THEN 3
            WHEN c.basis = 'lost' THEN 2
            WHEN c.basis = 'in_question' OR c.open_flags > 0 THEN 1 ELSE 0 END)::smallint,
        NULL::timestamptz, NULL::timestamptz, NULL::text, NULL::boolean, NULL::boolean,
        NULL::boolean, NULL::timestamptz, NULL::bigint
    FROM public.claims_claim c
    LEFT JOIN public.claims_review r ON r.claim_id = c.id AND r.ended_at IS NULL
    LEFT JOIN public.claims_proposal p ON p.claim_id = c.id AND p.state = 'open'
    CROSS JOIN LATERAL (SELECT CASE
        WHEN c.closed_at IS NOT NULL THEN ''
        WHEN c.decided_at IS NULL AND (r.id IS NOT NULL OR p.id IS NULL) THEN 'new'
        WHEN r.id IS NULL THEN ''
        WHEN c.open_flags > 0 THEN 'flagged'
        ELSE 'other' END AS reason) w
    WHERE c.id = ANY (ids)
$$;

-- what one claim adds to the figures as it stands
CREATE FUNCTION claims_tally_parts(c claims_counted)
RETURNS TABLE (name text, step smallint, at timestamptz)
LANGUAGE sql IMMUTABLE AS $$
    SELECT v.name, v.step, coalesce(v.at, timestamptz 'epoch')
    FROM (VALUES
        (c.standing <> '', c.standing::text, 0::smallint, NULL::timestamptz),
        (c.is_new, 'not_reviewed', 0::smallint, NULL),
        (c.is_overridden, 'overridden', 0::smallint, NULL),
        (c.is_flagged, 'flagged', 0::smallint, NULL),
        (c.is_proposed, 'proposed', 0::smallint, NULL),
        (c.reason <> '', 'waiting_' || c.reason, c.priority, NULL),
        (c.reason <> '', 'since_' || c.reason, c.priority,
            date_bin('1 hour', c.entered_at, timestamptz 'epoch'))
    ) AS v (is_so, name, step, at)
    WHERE v.is_so
$$;

-- the class of a duration: each reaches a quarter further than the one before, from a minute on
CREATE FUNCTION claims_tally_class(took interval) RETURNS smallint
LANGUAGE sql IMMUTABLE AS $$
    SELECT ceil(ln(greatest(extract(epoch FROM took), 60) / 60.0) / ln(1.25))::smallint
$$;

-- What happened, by the entries alone. `from_nothing`: of claims as if these were their first.
CREATE FUNCTION claims_tally_fold(
    ids bigint[], low bigint, high bigint, from_nothing boolean,
    OUT states claims_tally_state[], OUT flows claims_tally_flow[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
-- one plan for one claim or five hundred: claim by claim, each by its key
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    e record;
    s public.claims_tally_state;
    became text;
    was_disputed boolean;
    was_waiting boolean;
    is_waiting boolean;
    hour timestamptz;
    nothing CONSTANT smallint := 0;
BEGIN
    FOR e IN
        SELECT c.id, c.reference, n.seq, n.kind, n.recorded_at AS at, n.body,
            k.opened_at, k.decided_at, k.status, k.is_closed, k.has_review, k.has_proposal,
            k.flagged_at, k.reversed_seq
        FROM public.claims_claim c
        LEFT JOIN public.claims_counted k ON k.claim_id = c.id AND NOT from_nothing
        LEFT JOIN LATERAL (
            SELECT l.seq, l.kind, l.recorded_at,
                CASE WHEN l.kind IN ('claim_opened', 'status_changed') THEN l.body::jsonb END
                    AS body
            FROM public.claims_ledgerentry l
            WHERE l.claim_ref = c.reference AND l.seq BETWEEN low AND high AND l.kind IN (
                'claim_opened', 'claim_closed', 'claim_reopened', 'review_opened', 'review_ended',
                'review_stands', 'flag_raised', 'status_changed', 'ground_changed', 'proposed',
                'proposal_voided', 'proposal_withdrawn', 'proposal_sent_back')
            ORDER BY l.seq) n ON true
        WHERE c.id = ANY (ids)
        ORDER BY c.id, n.seq
    LOOP
        IF s.claim_id IS DISTINCT FROM e.id THEN
            IF s.claim_id IS NOT NULL THEN
                states := states || s;
            END IF;
            s := (e.id, e.opened_at, e.decided_at, e.status, coalesce(e.is_closed, false),
                coalesce(e.has_review, false), coalesce(e.has_proposal, false),
                e.flagged_at, e.reversed_seq);
        END IF;
        CONTINUE WHEN e.seq IS NULL;
        hour := date_bin('1 hour', e.at, timestamptz 'epoch');
        was_disputed := s.status IS NOT DISTINCT FROM 'disputed' AND NOT s.is_closed;
        was_waiting := s.opened_at IS NOT NULL AND NOT s.is_closed
            AND (s.has_review OR (s.decided_at IS NULL AND NOT s.has_proposal));
        CASE e.kind
            WHEN 'claim_opened' THEN
                s.opened_at := e.at;
                s.status := coalesce(e.body -> 'sets' -> e.reference ->> 'status', 'reported');
            WHEN 'claim_closed' THEN s.is_closed := true;
            WHEN 'claim_reopened' THEN s.is_closed := false;
            WHEN 'proposed' THEN s.has_proposal := true;
            WHEN 'proposal_voided', 'proposal_withdrawn', 'proposal_sent_back' THEN
                s.has_proposal := false;
            WHEN 'review_opened' THEN
                s.has_review := true;
                s.flagged_at := NULL;
            WHEN 'flag_raised' THEN s.flagged_at := coalesce(s.flagged_at, e.at);
            WHEN 'review_ended' THEN
                IF s.flagged_at IS NOT NULL THEN
                    flows := flows || (e.id, 'flag_to_end',
                        public.claims_tally_class(e.at - s.flagged_at), hour, 1
                        )::public.claims_tally_flow;
                END IF;
                s.has_review := false;
                s.flagged_at := NULL;
            WHEN 'status_changed' THEN
                became := e.body -> 'sets' -> e.reference ->> 'status';
                IF NOT coalesce((e.body ->> 'is_undo')::boolean, false) THEN
                    flows := flows
                        || (e.id, 'changed', nothing, hour, 1)::public.claims_tally_flow;
                    IF e.body ->> 'was' <> 'reported' THEN
                        flows := flows
                            || (e.id, 'reversed', nothing, hour, 1)::public.claims_tally_flow;
                        s.reversed_seq := e.seq;
                    END IF;
                END IF;
                s.status := became;
            ELSE NULL;
        END CASE;
        IF e.kind IN ('status_changed', 'ground_changed', 'review_stands') THEN
            s.has_proposal := false;
            IF s.decided_at IS NULL THEN
                s.decided_at := e.at;
                flows := flows || (e.id, 'first_decision',
                    public.claims_tally_class(e.at - s.opened_at), hour, 1
                    )::public.claims_tally_flow;
            END IF;
        END IF;
        IF was_disputed <> (s.status IS NOT DISTINCT FROM 'disputed' AND NOT s.is_closed) THEN
            flows := flows || (e.id, 'disputed_change', nothing, hour,
                CASE WHEN was_disputed THEN -1 ELSE 1 END)::public.claims_tally_flow;
        END IF;
        is_waiting := s.opened_at IS NOT NULL AND NOT s.is_closed
            AND (s.has_review OR (s.decided_at IS NULL AND NOT s.has_proposal));
        IF was_waiting <> is_waiting THEN
            flows := flows || (e.id, CASE WHEN is_waiting THEN 'entered' ELSE 'left' END, nothing,
                date_bin('15 minutes', e.at, timestamptz 'epoch'), 1)::public.claims_tally_flow;
        END IF;
    END LOOP;
    IF s.claim_id IS NOT NULL THEN
        states := states || s;
    END IF;
END $$;

-- count the entries from one seq to another, none of which was counted before
CREATE FUNCTION claims_tally_count(low bigint, high bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    ids bigint[];
    before public.claims_counted[];
    after public.claims_counted[];
    states public.claims_tally_state[];
    flows public.claims_tally_flow[];
    past public.claims_tally_flow[];
    moved record;
BEGIN
    ids := ARRAY(
        SELECT DISTINCT c.id FROM public.claims_ledgerentry n
        JOIN public.claims_claim c ON c.reference = n.claim_ref
        WHERE n.seq BETWEEN low AND high);
    IF cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    SELECT f.states, f.flows INTO states, flows
        FROM public.claims_tally_fold(ids, low, high, false) f;
    after := ARRAY(
        SELECT a FROM unnest(states) s
        CROSS JOIN LATERAL public.claims_tally_present(ARRAY[s.claim_id]) p
        CROSS JOIN LATERAL (SELECT
            p.claim_id, p.desk_id, p.is_restricted, p.topic, p.priority, p.standing, p.is_new,
            p.is_overridden, p.is_flagged, p.is_proposed, p.reason, p.entered_at, p.since_at,
            p.risk, s.opened_at, s.decided_at, s.status, s.is_closed, s.has_review,
            s.has_proposal, s.flagged_at, s.reversed_seq) n
        CROSS JOIN LATERAL (SELECT n::public.claims_counted AS a) r
        LEFT JOIN public.claims_counted k ON k.claim_id = s.claim_id
        WHERE k IS DISTINCT FROM a);
    before := ARRAY(
        SELECT k FROM unnest(after) a JOIN public.claims_counted k ON k.claim_id = a.claim_id);
    INSERT INTO public.claims_counted SELECT a.* FROM unnest(after) a
    ON CONFLICT (claim_id) DO UPDATE SET (
            desk_id, is_restricted, topic, priority, standing, is_new, is_overridden, is_flagged,
            is_proposed, reason, entered_at, since_at, risk, opened_at, decided_at, status,
            is_closed, has_review, has_proposal, flagged_at, reversed_seq
        ) = (
            excluded.desk_id, excluded.is_restricted, excluded.topic, excluded.priority,
            excluded.standing, excluded.is_new, excluded.is_overridden, excluded.is_flagged,
            excluded.is_proposed, excluded.reason, excluded.entered_at, excluded.since_at,
            excluded.risk, excluded.opened_at, excluded.decided_at, excluded.status,
            excluded.is_closed, excluded.has_review, excluded.has_proposal, excluded.flagged_at,
            excluded.reversed_seq);

    -- what a claim was counted for follows it to another desk's eyes, or topic
    FOR moved IN
        SELECT b.claim_id FROM unnest(before) b
        JOIN public.claims_counted k ON k.claim_id = b.claim_id
        WHERE (b.desk_id, b.is_restricted, b.topic) <> (k.desk_id, k.is_restricted, k.topic)
    LOOP
        past := past || (
            public.claims_tally_fold(ARRAY[moved.claim_id], 1, low - 1, true)).flows;
    END LOOP;

    INSERT INTO public.claims_tally AS t (name, at, desk_id, is_restricted, topic, step, value)
        SELECT d.name, d.at, d.desk_id, d.is_restricted, d.topic, d.step, sum(d.value)
        FROM (
            SELECT p.name, p.at, b.desk_id, b.is_restricted, b.topic, p.step, -1 AS value
            FROM unnest(before) b CROSS JOIN LATERAL public.claims_tally_parts(b) p
            UNION ALL
            SELECT p.name, p.at, a.desk_id, a.is_restricted, a.topic, p.step, 1
            FROM unnest(after) a CROSS JOIN LATERAL public.claims_tally_parts(a) p
            UNION ALL
            SELECT f.name, f.at, b.desk_id, b.is_restricted, b.topic, f.step, -f.value
            FROM unnest(past) f JOIN unnest(before) b ON b.claim_id = f.claim_id
            UNION ALL
            SELECT f.name, f.at, k.desk_id, k.is_restricted, k.topic, f.step, f.value
            FROM unnest(flows || past) f
            JOIN public.claims_counted k ON k.claim_id = f.claim_id
        ) d
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(d.value) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (name, at, desk_id, is_restricted, topic, step)
        DO UPDATE SET value = t.value + excluded.value;
END $$;

-- the figures made anew from the record; one writer of the ledger at a time, this one
CREATE FUNCTION claims_tally_rebuild() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head bigint;
    at_once CONSTANT bigint := 5000;
BEGIN
    PERFORM pg_advisory_xact_lock(x'57e7'::bigint);
    DELETE FROM public.claims_tally;
    DELETE FROM public.claims_counted;
    SELECT coalesce(max(seq), 0) INTO head FROM public.claims_ledgerentry;
    FOR low IN 1 .. head BY at_once LOOP
        PERFORM public.claims_tally_count(low, least(low + at_once - 1, head));
    END LOOP;
    RETURN head;
END $$;
REVOKE EXECUTE ON FUNCTION claims_tally_count(bigint, bigint) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION claims_tally_rebuild() FROM PUBLIC;

CREATE FUNCTION claims_tally_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    low bigint;
    high bigint;
BEGIN
    SELECT min(seq), max(seq) INTO low, high FROM fresh WHERE claim_ref IS NOT NULL;
    IF low IS NOT NULL THEN
        PERFORM public.claims_tally_count(low, high);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_counted AFTER INSERT ON claims_ledgerentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION claims_tally_entries();

SELECT claims_tally_rebuild();
"""

NO_COUNTING = """
DROP TRIGGER ledger_entry_counted ON claims_ledgerentry;
DROP FUNCTION claims_tally_entries();
DROP FUNCTION claims_tally_rebuild();
DROP FUNCTION claims_tally_count(bigint, bigint);
DROP FUNCTION claims_tally_fold(bigint[], bigint, bigint, boolean);
DROP FUNCTION claims_tally_class(interval);
DROP FUNCTION claims_tally_parts(claims_counted);
DROP FUNCTION claims_tally_present(bigint[]);
DROP TYPE claims_tally_state;
DROP TYPE claims_tally_flow;
"""


def key(name: str) -> "models.Field[object, object]":
    """Return a column that names a desk or a claim; the trigger writes it from their own rows."""
    kinds = {"desk": models.ForeignKey, "claim": models.OneToOneField}
    options = {"db_index": False, "related_name": "+"} if name == "desk" else {}
    if name == "claim":
        options = {"primary_key": True, "serialize": False, "related_name": "counted"}
    return kinds[name](
        db_constraint=False,
        on_delete=django.db.models.deletion.PROTECT,
        to=f"claims.{name}",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_uses_and_keys")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "name",
                        "at",
                        "desk",
                        "is_restricted",
                        "topic",
                        "step",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("desk", key("desk")),
                ("is_restricted", models.BooleanField()),
                ("topic", models.CharField(max_length=60)),
                ("step", models.SmallIntegerField()),
                ("value", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("claim", key("claim")),
                ("desk", key("desk")),
                ("is_restricted", models.BooleanField()),
                ("topic", models.CharField(max_length=60)),
                ("priority", models.SmallIntegerField()),
                ("standing", models.CharField(max_length=20)),
                ("is_new", models.BooleanField()),
                ("is_overridden", models.BooleanField()),
                ("is_flagged", models.BooleanField()),
                ("is_proposed", models.BooleanField()),
                ("reason", models.CharField(max_length=20)),
                ("entered_at", models.DateTimeField(null=True)),
                ("since_at", models.DateTimeField()),
                ("risk", models.SmallIntegerField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("status", models.CharField(max_length=20, null=True)),
                ("is_closed", models.BooleanField(null=True)),
                ("has_review", models.BooleanField(null=True)),
                ("has_proposal", models.BooleanField(null=True)),
                ("flagged_at", models.DateTimeField(null=True)),
                ("reversed_seq", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["since_at", "desk", "is_restricted", "topic"],
                        name="counted_disputed",
                        condition=models.Q(("standing", "disputed")),
                    ),
                    models.Index(
                        fields=[
                            "entered_at",
                            "reason",
                            "priority",
                            "desk",
                            "is_restricted",
                            "topic",
                        ],
                        name="counted_waiting",
                        condition=models.Q(("reason", ""), _negated=True),
                    ),
                    models.Index(
                        fields=["reversed_seq", "desk", "is_restricted", "topic"],
                        name="counted_reversed",
                        condition=models.Q(("reversed_seq__isnull", False)),
                    ),
                ]
            },
        ),
        migrations.RunSQL(INDEXES, NO_INDEXES),
        migrations.RunSQL(COUNTING, NO_COUNTING),
    ]
