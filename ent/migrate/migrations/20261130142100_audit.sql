-- +goose Up
-- modify "events" table
ALTER TABLE "events" ADD COLUMN "audited" boolean NOT NULL DEFAULT false, ADD COLUMN "reason" character varying NULL, ADD COLUMN "request_id" character varying NULL;
-- What is in the audit log is neither changed nor deleted, whatever a program tries. Only `catfoster cleanup` sets the parameter, for
-- the transaction in which it deletes entries that are too old.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_refuse_audited"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('catfoster.cleanup', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'event % is in the audit log', OLD."id" USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER "by_hand_events_audited" BEFORE UPDATE OR DELETE ON "events" FOR EACH ROW
    WHEN (OLD."audited") EXECUTE FUNCTION "by_hand_refuse_audited"();

-- +goose Down
DROP TRIGGER "by_hand_events_audited" ON "events";
DROP FUNCTION "by_hand_refuse_audited"();
-- reverse: modify "events" table
ALTER TABLE "events" DROP COLUMN "request_id", DROP COLUMN "reason", DROP COLUMN "audited";
