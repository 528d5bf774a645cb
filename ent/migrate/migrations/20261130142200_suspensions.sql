-- +goose Up
-- create "suspensions" table
CREATE TABLE "suspensions" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "until" timestamptz NULL, "reason" character varying NOT NULL, "suspended_by_id" uuid NULL, "user_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "suspensions_users_suspension" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "suspensions_reason_length_1_2000" CHECK ((char_length((reason)::text) >= 1) AND (char_length((reason)::text) <= 2000)));
-- create index "suspension_until" to table: "suspensions"
CREATE INDEX "suspension_until" ON "suspensions" ("until");
-- create index "suspensions_user_id_key" to table: "suspensions"
CREATE UNIQUE INDEX "suspensions_user_id_key" ON "suspensions" ("user_id");

-- +goose Down
-- reverse: create index "suspensions_user_id_key" to table: "suspensions"
DROP INDEX "suspensions_user_id_key";
-- reverse: create index "suspension_until" to table: "suspensions"
DROP INDEX "suspension_until";
-- reverse: create "suspensions" table
DROP TABLE "suspensions";
