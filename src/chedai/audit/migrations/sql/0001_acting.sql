-- For whom the current statement is run; chedai.staff.postgresql sets both settings.
-- Inlined into the policies of every isolated table, so that indexes serve them.
CREATE OR REPLACE FUNCTION chedai_organisation() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT NULLIF(current_setting('chedai.organisation_id', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION chedai_directory() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting('chedai.directory', true), '') = 'on' $$;
