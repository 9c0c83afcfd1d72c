"""What the database itself refuses, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE SEQUENCE catalogue_revision_seq;

-- A version changes while it is a draft: never while a submission waits, never once published.
CREATE FUNCTION catalogue_version_is_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM catalogue_submission AS submission
        WHERE submission.version_id = OLD.id
          AND NOT EXISTS (
              SELECT FROM catalogue_rejection AS rejection
              WHERE rejection.submission_id = submission.id
          )
    ) THEN
        RAISE EXCEPTION 'a submitted or published product version does not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'version_settled';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.organisation_id, NEW.product_id, NEW.number, NEW.drafted_by_id, NEW.drafted_at)
        IS DISTINCT FROM
       (OLD.id, OLD.organisation_id, OLD.product_id, OLD.number, OLD.drafted_by_id, OLD.drafted_at)
    THEN
        RAISE EXCEPTION 'what a product version is, and who drafted it, does not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'version_identity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_settled BEFORE UPDATE OR DELETE ON catalogue_productversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_version_is_settled();

-- Rows that say what happened are never rewritten.
CREATE FUNCTION catalogue_row_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are history and do not change', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'row_is_history';
END $$;
CREATE TRIGGER amendment_is_history BEFORE UPDATE OR DELETE ON catalogue_amendment
    FOR EACH ROW EXECUTE FUNCTION catalogue_row_is_history();
CREATE TRIGGER submission_is_history BEFORE UPDATE OR DELETE ON catalogue_submission
    FOR EACH ROW EXECUTE FUNCTION catalogue_row_is_history();
CREATE TRIGGER rejection_is_history BEFORE UPDATE OR DELETE ON catalogue_rejection
    FOR EACH ROW EXECUTE FUNCTION catalogue_row_is_history();

-- Four eyes: whoever wrote or submitted a version does not publish it.
CREATE FUNCTION catalogue_publication_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    submitted catalogue_submission;
    written catalogue_productversion;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a publication is never deleted'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'publication_stays';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.organisation_id, NEW.product_id, NEW.version_id, NEW.submission_id,
            NEW.approved_by_id, NEW.approved_at, lower(NEW.effective))
            IS DISTINCT FROM
           (OLD.id, OLD.organisation_id, OLD.product_id, OLD.version_id, OLD.submission_id,
            OLD.approved_by_id, OLD.approved_at, lower(OLD.effective))
           OR NOT NEW.effective <@ OLD.effective
        THEN
            RAISE EXCEPTION 'of a publication only the last day may come nearer'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'publication_stays';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO submitted FROM catalogue_submission WHERE id = NEW.submission_id;
    SELECT * INTO written FROM catalogue_productversion WHERE id = NEW.version_id;
    IF submitted.version_id IS DISTINCT FROM NEW.version_id
        OR submitted.revision IS DISTINCT FROM written.revision
        OR written.product_id IS DISTINCT FROM NEW.product_id
        OR EXISTS (SELECT FROM catalogue_rejection WHERE submission_id = submitted.id)
    THEN
        RAISE EXCEPTION 'only what was submitted, as it was submitted, is published'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'publication_as_submitted';
    END IF;
    IF NEW.approved_by_id IN (submitted.submitted_by_id, written.drafted_by_id)
        OR EXISTS (
            SELECT FROM catalogue_amendment
            WHERE version_id = NEW.version_id AND amended_by_id = NEW.approved_by_id
        )
    THEN
        RAISE EXCEPTION 'whoever wrote or submitted a version does not publish it'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'publication_four_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_is_approved BEFORE INSERT OR UPDATE OR DELETE ON catalogue_publication
    FOR EACH ROW EXECUTE FUNCTION catalogue_publication_is_approved();
"""

BACKWARDS = """
DROP TRIGGER publication_is_approved ON catalogue_publication;
DROP TRIGGER rejection_is_history ON catalogue_rejection;
DROP TRIGGER submission_is_history ON catalogue_submission;
DROP TRIGGER amendment_is_history ON catalogue_amendment;
DROP TRIGGER version_is_settled ON catalogue_productversion;
DROP FUNCTION catalogue_publication_is_approved();
DROP FUNCTION catalogue_row_is_history();
DROP FUNCTION catalogue_version_is_settled();
DROP SEQUENCE catalogue_revision_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
