-- All heads in one row and one digest; the digest is printed and kept elsewhere, so that a
-- chain cut short and patched up by the owner of the database is found out.
CREATE OR REPLACE FUNCTION audit_take_checkpoint(p_organisation_id bigint, p_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    latest record;
    new_heads jsonb;
    new_text text;
    new_id bigint;
BEGIN
    IF p_organisation_id IS DISTINCT FROM chedai_organisation() THEN
        RAISE EXCEPTION 'audit_take_checkpoint: acting for organisation %, not %',
            coalesce(chedai_organisation()::text, 'none'), p_organisation_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT number, digest INTO latest FROM audit_checkpoint
        WHERE organisation_id = p_organisation_id ORDER BY number DESC LIMIT 1;
    SELECT coalesce(jsonb_object_agg(lane, jsonb_build_array(seq, encode(hash, 'hex'))), '{}'),
           coalesce(string_agg(lane || ' ' || seq || ' ' || encode(hash, 'hex'), E'\n' ORDER BY lane), '')
        INTO new_heads, new_text
        FROM audit_lane WHERE organisation_id = p_organisation_id AND seq > 0;
    INSERT INTO audit_checkpoint (organisation_id, number, at, heads, prev_digest, digest)
    VALUES (
        p_organisation_id, coalesce(latest.number, 0) + 1, p_at, new_heads,
        coalesce(latest.digest, ''),
        sha256(coalesce(latest.digest, '') || convert_to(audit_canonical(
            p_organisation_id::text, (coalesce(latest.number, 0) + 1)::text,
            (extract(epoch FROM p_at) * 1000000)::bigint::text, new_text
        ), 'UTF8'))
    ) RETURNING id INTO new_id;
    RETURN new_id;
END
$$;
