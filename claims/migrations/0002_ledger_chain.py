"""The ledger's triggers: chain on INSERT, refuse UPDATE, DELETE and TRUNCATE, always."""

from django.db import migrations

CHAIN = r"""
CREATE FUNCTION ledger_entry_chain() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head record;
    parsed jsonb;
    at_us bigint;
    next_seq bigint;
    next_leaf bytea;
    next_hash bytea;
    restoring boolean;
BEGIN
    -- one writer at a time from here to its commit: commit order is seq order
    PERFORM pg_advisory_xact_lock(x'57e7'::bigint);
    SELECT seq, recorded_at, hash INTO head
        FROM public.claims_ledgerentry ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        head.seq := 0; head.recorded_at := NULL; head.hash := decode(repeat('00', 32), 'hex');
    END IF;
    next_seq := head.seq + 1;
    restoring := NEW.hash IS NOT NULL;
    IF restoring THEN
        -- only who owns the table may say when something was recorded
        IF NOT pg_has_role(current_user,
                (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RAISE EXCEPTION 'ledger: only the owner restores entries' USING ERRCODE = '42501';
        END IF;
        IF NEW.recorded_at IS NULL OR NEW.recorded_at < head.recorded_at
                OR NEW.recorded_at > clock_timestamp() THEN
            RAISE EXCEPTION 'ledger: entry % has an impossible time', next_seq
                USING ERRCODE = '23514';
        END IF;
    ELSE
        IF NEW.recorded_at IS NOT NULL THEN
            RAISE EXCEPTION 'ledger: the time of an entry is the database''s'
                USING ERRCODE = '23514';
        END IF;
        NEW.recorded_at := greatest(clock_timestamp(), head.recorded_at);
    END IF;
    parsed := NEW.body::jsonb;
    IF jsonb_typeof(parsed) <> 'object' OR jsonb_typeof(parsed->'v') IS DISTINCT FROM 'number'
            OR coalesce(length(parsed->>'nonce'), 0) <> 32 THEN
        RAISE EXCEPTION 'ledger: the body of entry % lacks v or nonce', next_seq
            USING ERRCODE = '23514';
    END IF;
    at_us := (extract(epoch FROM NEW.recorded_at) * 1000000)::bigint;
    IF (parsed->>'occurred_at')::bigint > at_us THEN
        RAISE EXCEPTION 'ledger: entry % occurred after it was recorded', next_seq
            USING ERRCODE = '23514';
    END IF;
    next_leaf := sha256('\x00'::bytea || convert_to(
        next_seq::text || E'\n' || at_us::text || E'\n' || NEW.kind || E'\n' || NEW.body, 'UTF8'));
    next_hash := sha256('\x01'::bytea || head.hash || next_leaf);
    IF coalesce(NEW.seq, next_seq) <> next_seq
            OR coalesce(NEW.prev_hash, head.hash) <> head.hash
            OR coalesce(NEW.leaf, next_leaf) <> next_leaf
            OR coalesce(NEW.hash, next_hash) <> next_hash THEN
        RAISE EXCEPTION 'ledger: entry % does not continue the chain', next_seq
            USING ERRCODE = '23514';
    END IF;
    NEW.seq := next_seq;
    NEW.prev_hash := head.hash;
    NEW.leaf := next_leaf;
    NEW.hash := next_hash;
    NEW.claim_ref := parsed->>'claim';
    NEW.source_ref := parsed->>'source';
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_entry_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'ledger: entries are never changed or removed (%)', TG_OP
        USING ERRCODE = '42501';
END $$;

CREATE TRIGGER ledger_entry_chain BEFORE INSERT ON claims_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_chain();
CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON claims_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuse();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON claims_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuse();
ALTER TABLE claims_ledgerentry ENABLE ALWAYS TRIGGER ledger_entry_chain;
ALTER TABLE claims_ledgerentry ENABLE ALWAYS TRIGGER ledger_entry_no_change;
ALTER TABLE claims_ledgerentry ENABLE ALWAYS TRIGGER ledger_entry_no_truncate;
"""

SIGN_OFF = r"""
-- a sign-off names the proposal's true proposer, so its CHECK cannot be talked around
ALTER TABLE claims_signoff ADD CONSTRAINT signoff_names_the_proposer
    FOREIGN KEY (proposal_id, proposed_by_id) REFERENCES claims_proposal (id, proposed_by_id);
"""

UNDO = """
DROP TRIGGER ledger_entry_chain ON claims_ledgerentry;
DROP TRIGGER ledger_entry_no_change ON claims_ledgerentry;
DROP TRIGGER ledger_entry_no_truncate ON claims_ledgerentry;
DROP FUNCTION ledger_entry_chain();
DROP FUNCTION ledger_entry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, UNDO),
        migrations.RunSQL(
            SIGN_OFF, "ALTER TABLE claims_signoff DROP CONSTRAINT signoff_names_the_proposer"
        ),
    ]
