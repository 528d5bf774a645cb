-- +goose Up
-- modify "users" table
ALTER TABLE "users" ADD CONSTRAINT "users_language" CHECK ((language)::text = ANY ((ARRAY['en'::character varying, 'de'::character varying])::text[])), ADD COLUMN "language" character varying NULL, ADD COLUMN "mail_off" boolean NOT NULL DEFAULT false, ADD COLUMN "muted_kinds" jsonb NULL, ADD COLUMN "refused_email" character varying NULL, ADD COLUMN "unsubscribe_token" character varying NULL;
-- create index "users_unsubscribe_token" to table: "users"
CREATE UNIQUE INDEX "users_unsubscribe_token" ON "users" ("unsubscribe_token") WHERE (unsubscribe_token IS NOT NULL);
-- create "notifications" table
CREATE TABLE "notifications" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "user_id" uuid NOT NULL, "read_at" timestamptz NULL, "mail_open" boolean NOT NULL DEFAULT true, "next_attempt_at" timestamptz NULL, "mail_attempts" bigint NOT NULL DEFAULT 0, "mailed_at" timestamptz NULL, "event_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "notifications_events_event" FOREIGN KEY ("event_id") REFERENCES "events" ("id") ON UPDATE NO ACTION ON DELETE CASCADE);
-- create index "notification_created_at" to table: "notifications"
CREATE INDEX "notification_created_at" ON "notifications" ("created_at");
-- create index "notification_event_id_user_id" to table: "notifications"
CREATE UNIQUE INDEX "notification_event_id_user_id" ON "notifications" ("event_id", "user_id");
-- create index "notification_user_id_created_at_id" to table: "notifications"
CREATE INDEX "notification_user_id_created_at_id" ON "notifications" ("user_id", "created_at", "id");
-- create index "notifications_to_mail" to table: "notifications"
CREATE INDEX "notifications_to_mail" ON "notifications" ("created_at") WHERE mail_open;
-- create index "notifications_unread" to table: "notifications"
CREATE INDEX "notifications_unread" ON "notifications" ("user_id") WHERE (read_at IS NULL);

-- +goose Down
-- reverse: create index "notifications_unread" to table: "notifications"
DROP INDEX "notifications_unread";
-- reverse: create index "notifications_to_mail" to table: "notifications"
DROP INDEX "notifications_to_mail";
-- reverse: create index "notification_user_id_created_at_id" to table: "notifications"
DROP INDEX "notification_user_id_created_at_id";
-- reverse: create index "notification_event_id_user_id" to table: "notifications"
DROP INDEX "notification_event_id_user_id";
-- reverse: create index "notification_created_at" to table: "notifications"
DROP INDEX "notification_created_at";
-- reverse: create "notifications" table
DROP TABLE "notifications";
-- reverse: create index "users_unsubscribe_token" to table: "users"
DROP INDEX "users_unsubscribe_token";
-- reverse: modify "users" table
ALTER TABLE "users" DROP CONSTRAINT "users_language", DROP COLUMN "unsubscribe_token", DROP COLUMN "refused_email", DROP COLUMN "muted_kinds", DROP COLUMN "mail_off", DROP COLUMN "language";
