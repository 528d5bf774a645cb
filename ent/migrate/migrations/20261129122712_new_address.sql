-- +goose Up
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "new_email" character varying NULL, ADD COLUMN "new_email_at" timestamptz NULL;
-- create index "users_new_email" to table: "users"
CREATE INDEX "users_new_email" ON "users" ("new_email") WHERE (new_email IS NOT NULL);

-- +goose Down
-- reverse: create index "users_new_email" to table: "users"
DROP INDEX "users_new_email";
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "new_email_at", DROP COLUMN "new_email";
