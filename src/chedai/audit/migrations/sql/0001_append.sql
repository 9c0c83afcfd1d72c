-- Canonical text of a list of fields: netstrings, so that no two lists look alike.
CREATE OR REPLACE FUNCTION audit_canonical(VARIADIC fields text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT string_agg(
        CASE WHEN field IS NULL THEN '-' ELSE octet_length(field) || ':' || field END,
        ',' ORDER BY place
    )
    FROM unnest(fields) WITH ORDINALITY AS listed(field, place)
$$;

-- The hash before the first event of a lane.
CREATE OR REPLACE FUNCTION audit_genesis(p_organisation_id bigint, p_lane integer) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT sha256(convert_to(audit_canonical('chedai', p_organisation_id::text, p_lane::text), 'UTF8')) $$;

-- Appends one event. Writers of one organisation spread over 32 lanes: each takes a lane
-- nobody holds and keeps it until commit, so that they do not wait for one another.
CREATE OR REPLACE FUNCTION audit_append(
    p_organisation_id bigint, p_at timestamptz, p_actor_id bigint, p_actor_label text,
    p_action text, p_subject_type text, p_subject_id text,
    p_before bytea, p_after bytea, p_detail jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    lane_count CONSTANT integer := greatest(1, least(32,
        coalesce(nullif(current_setting('chedai.audit_lanes', true), ''), '32')::integer));
    preferred integer := coalesce(
        nullif(current_setting('chedai.audit_lane', true), '')::integer, pg_backend_pid()
    ) % lane_count;
    head record;
    new_hash bytea;
    new_id bigint;
BEGIN
    IF p_organisation_id IS DISTINCT FROM chedai_organisation() THEN
        RAISE EXCEPTION 'audit_append: acting for organisation %, not %',
            coalesce(chedai_organisation()::text, 'none'), p_organisation_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id, lane, seq, hash INTO head FROM audit_lane
        WHERE organisation_id = p_organisation_id AND lane = preferred
        FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        SELECT id, lane, seq, hash INTO head FROM audit_lane
            WHERE organisation_id = p_organisation_id AND lane < lane_count
            ORDER BY (lane - preferred + lane_count) % lane_count
            LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF NOT FOUND THEN  -- the organisation's first event, or every lane is held: wait for one
        INSERT INTO audit_lane (organisation_id, lane, seq, hash)
            SELECT p_organisation_id, lane, 0, audit_genesis(p_organisation_id, lane)
            FROM generate_series(0, 31) AS lane
            ON CONFLICT DO NOTHING;
        SELECT id, lane, seq, hash INTO STRICT head FROM audit_lane
            WHERE organisation_id = p_organisation_id AND lane = preferred
            FOR UPDATE;
    END IF;
    new_hash := sha256(head.hash || convert_to(audit_canonical(
        'sha256', p_organisation_id::text, head.lane::text, (head.seq + 1)::text,
        (extract(epoch FROM p_at) * 1000000)::bigint::text,
        p_actor_id::text, p_actor_label, p_action, p_subject_type, p_subject_id,
        encode(p_before, 'hex'), encode(p_after, 'hex'), p_detail::text
    ), 'UTF8'));
    INSERT INTO audit_event (
        organisation_id, lane, seq, at, actor_id, actor_label, action, subject_type, subject_id,
        before_digest, after_digest, detail, algorithm, prev_hash, hash
    ) VALUES (
        p_organisation_id, head.lane, head.seq + 1, p_at, p_actor_id, p_actor_label, p_action,
        p_subject_type, p_subject_id, p_before, p_after, p_detail, 'sha256', head.hash, new_hash
    ) RETURNING id INTO new_id;
    UPDATE audit_lane SET seq = head.seq + 1, hash = new_hash WHERE id = head.id;
    -- The rest of this transaction stays in its lane, so it never waits while holding one.
    PERFORM set_config('chedai.audit_lane', head.lane::text, true);
    RETURN new_id;
END
$$;
