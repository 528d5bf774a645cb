-- +goose Up
-- modify "fosterings" table
-- The constraints are validated by the next migration, so that members wait for moments only.
ALTER TABLE "fosterings" ADD COLUMN "ended_by" character varying NULL, ADD COLUMN "end_reason" character varying NULL, ADD COLUMN "ended_at" timestamptz NULL;
ALTER TABLE "fosterings" DROP CONSTRAINT "fosterings_status",
    ADD CONSTRAINT "fosterings_end_reason_length_2000" CHECK (char_length((end_reason)::text) <= 2000) NOT VALID,
    ADD CONSTRAINT "fosterings_ended_by" CHECK ((ended_by)::text = ANY ((ARRAY['OWNER'::character varying, 'PARTICIPANT'::character varying, 'ADMIN'::character varying, 'SYSTEM'::character varying])::text[])) NOT VALID,
    ADD CONSTRAINT "fosterings_status_expired" CHECK ((status)::text = ANY ((ARRAY['PENDING'::character varying, 'APPROVED'::character varying, 'REJECTED'::character varying, 'CANCELLED'::character varying, 'EXPIRED'::character varying, 'ACTIVE'::character varying, 'COMPLETED'::character varying])::text[])) NOT VALID;
-- create "events" table
CREATE TABLE "events" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "kind" character varying NOT NULL, "subject" character varying NOT NULL, "subject_id" uuid NOT NULL, "actor_id" uuid NULL, "party" character varying NOT NULL, "data" jsonb NOT NULL, PRIMARY KEY ("id"));
-- create index "event_actor_id" to table: "events"
CREATE INDEX "event_actor_id" ON "events" ("actor_id") WHERE (actor_id IS NOT NULL);
-- create index "event_subject_id_created_at_id" to table: "events"
CREATE INDEX "event_subject_id_created_at_id" ON "events" ("subject_id", "created_at", "id");

-- +goose Down
-- reverse: create index "event_subject_id_created_at_id" to table: "events"
DROP INDEX "event_subject_id_created_at_id";
-- reverse: create index "event_actor_id" to table: "events"
DROP INDEX "event_actor_id";
-- reverse: create "events" table
DROP TABLE "events";
-- reverse: modify "fosterings" table
ALTER TABLE "fosterings" DROP CONSTRAINT "fosterings_status_expired", DROP COLUMN "ended_at", DROP COLUMN "end_reason", DROP COLUMN "ended_by", ADD CONSTRAINT "fosterings_status" CHECK ((status)::text = ANY (ARRAY[('PENDING'::character varying)::text, ('APPROVED'::character varying)::text, ('REJECTED'::character varying)::text, ('CANCELLED'::character varying)::text, ('ACTIVE'::character varying)::text, ('COMPLETED'::character varying)::text]));
