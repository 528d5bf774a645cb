-- +goose Up
-- create "fostering_changes" table
CREATE TABLE "fostering_changes" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "start_date" date NOT NULL, "end_date" date NOT NULL, "proposed_by" character varying NOT NULL, "message" character varying NULL, "decline_reason" character varying NULL, "open" boolean NOT NULL DEFAULT true, "fostering_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "fostering_changes_fosterings_changes" FOREIGN KEY ("fostering_id") REFERENCES "fosterings" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, CONSTRAINT "fostering_changes_dates" CHECK (start_date <= end_date), CONSTRAINT "fostering_changes_decline_reason_length_2000" CHECK (char_length((decline_reason)::text) <= 2000), CONSTRAINT "fostering_changes_message_length_2000" CHECK (char_length((message)::text) <= 2000), CONSTRAINT "fostering_changes_proposed_by" CHECK ((proposed_by)::text = ANY ((ARRAY['OWNER'::character varying, 'PARTICIPANT'::character varying])::text[])));
-- create index "fostering_changes_fostering_id" to table: "fostering_changes"
CREATE INDEX "fostering_changes_fostering_id" ON "fostering_changes" ("fostering_id");
-- create index "fostering_changes_one_open" to table: "fostering_changes"
CREATE UNIQUE INDEX "fostering_changes_one_open" ON "fostering_changes" ("fostering_id") WHERE open;

-- +goose Down
-- reverse: create index "fostering_changes_one_open" to table: "fostering_changes"
DROP INDEX "fostering_changes_one_open";
-- reverse: create index "fostering_changes_fostering_id" to table: "fostering_changes"
DROP INDEX "fostering_changes_fostering_id";
-- reverse: create "fostering_changes" table
DROP TABLE "fostering_changes";
