-- +goose Up
-- Accounts are locked before photos, as servers do.
-- create "reports" table
CREATE TABLE "reports" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "subject_kind" character varying NOT NULL, "subject_id" uuid NOT NULL, "reason" character varying NOT NULL, "text" character varying NULL, "snapshot" jsonb NOT NULL, "photo_ids" jsonb NOT NULL, "decision" character varying NULL, "decision_reason" character varying NULL, "resolved_at" timestamptz NULL, "reporter_id" uuid NOT NULL, "member_id" uuid NOT NULL, "resolved_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "reports_users_member" FOREIGN KEY ("member_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "reports_users_reporter" FOREIGN KEY ("reporter_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "reports_users_resolved_by" FOREIGN KEY ("resolved_by_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "reports_decision_reason_length_2000" CHECK (char_length((decision_reason)::text) <= 2000), CONSTRAINT "reports_resolved" CHECK ((decision IS NULL) = (resolved_at IS NULL)), CONSTRAINT "reports_text_length_2000" CHECK (char_length((text)::text) <= 2000));
-- create index "report_member_id_created_at_id" to table: "reports"
CREATE INDEX "report_member_id_created_at_id" ON "reports" ("member_id", "created_at", "id");
-- create index "report_reporter_id_created_at_id" to table: "reports"
CREATE INDEX "report_reporter_id_created_at_id" ON "reports" ("reporter_id", "created_at", "id");
-- create index "reports_one_open" to table: "reports"
CREATE UNIQUE INDEX "reports_one_open" ON "reports" ("subject_id", "reporter_id") WHERE (resolved_at IS NULL);
-- create index "reports_open" to table: "reports"
CREATE INDEX "reports_open" ON "reports" ("created_at", "id") WHERE (resolved_at IS NULL);
-- modify "photos" table
ALTER TABLE "photos" ADD COLUMN "kept_until" timestamptz NULL;

-- +goose Down
-- reverse: create index "reports_open" to table: "reports"
DROP INDEX "reports_open";
-- reverse: create index "reports_one_open" to table: "reports"
DROP INDEX "reports_one_open";
-- reverse: create index "report_reporter_id_created_at_id" to table: "reports"
DROP INDEX "report_reporter_id_created_at_id";
-- reverse: create index "report_member_id_created_at_id" to table: "reports"
DROP INDEX "report_member_id_created_at_id";
-- reverse: create "reports" table
DROP TABLE "reports";
-- reverse: modify "photos" table
ALTER TABLE "photos" DROP COLUMN "kept_until";
