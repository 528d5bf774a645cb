-- +goose Up
-- drop index "users_registration_flow_id_key" from table: "users"
DROP INDEX "users_registration_flow_id_key";
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "email_verified" boolean NOT NULL DEFAULT false, ADD COLUMN "deleted_at" timestamptz NULL, ADD COLUMN "forgotten_at" timestamptz NULL;
-- create index "users_pending" to table: "users"
CREATE INDEX "users_pending" ON "users" ("id") WHERE (identity_id IS NULL);
-- create index "users_sign_up" to table: "users"
CREATE UNIQUE INDEX "users_sign_up" ON "users" ("registration_flow_id", "email") WHERE (identity_id IS NULL);
-- create index "users_to_forget" to table: "users"
CREATE INDEX "users_to_forget" ON "users" ("id") WHERE ((deleted_at IS NOT NULL) AND (forgotten_at IS NULL));

-- +goose Down
-- reverse: create index "users_to_forget" to table: "users"
DROP INDEX "users_to_forget";
-- reverse: create index "users_sign_up" to table: "users"
DROP INDEX "users_sign_up";
-- reverse: create index "users_pending" to table: "users"
DROP INDEX "users_pending";
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "forgotten_at", DROP COLUMN "deleted_at", DROP COLUMN "email_verified";
-- reverse: drop index "users_registration_flow_id_key" from table: "users"
CREATE UNIQUE INDEX "users_registration_flow_id_key" ON "users" ("registration_flow_id");
