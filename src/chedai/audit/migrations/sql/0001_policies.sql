DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_event', 'audit_lane', 'audit_checkpoint'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY isolation ON %I USING (organisation_id = chedai_organisation()) '
            'WITH CHECK (organisation_id = chedai_organisation())', name
        );
    END LOOP;
END $$;

-- Heads change with every event: leave room for the new version on the same page.
ALTER TABLE audit_lane SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0,
                            autovacuum_vacuum_threshold = 2000);
