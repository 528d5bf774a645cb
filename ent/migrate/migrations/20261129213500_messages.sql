-- +goose Up
-- create "messages" table
CREATE TABLE "messages" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "idempotency_key" uuid NULL, "input_hash" bytea NULL, "text" character varying NOT NULL, "opening" boolean NOT NULL DEFAULT false, "fostering_id" uuid NOT NULL, "author_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "messages_fosterings_fostering" FOREIGN KEY ("fostering_id") REFERENCES "fosterings" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, CONSTRAINT "messages_users_author" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "messages_text_length_1_2000" CHECK ((char_length((text)::text) >= 1) AND (char_length((text)::text) <= 2000)));
-- create index "message_author_id_created_at" to table: "messages"
CREATE INDEX "message_author_id_created_at" ON "messages" ("author_id", "created_at");
-- create index "message_fostering_id_created_at_id" to table: "messages"
CREATE INDEX "message_fostering_id_created_at_id" ON "messages" ("fostering_id", "created_at", "id");
-- create index "messages_idempotency_key" to table: "messages"
CREATE UNIQUE INDEX "messages_idempotency_key" ON "messages" ("author_id", "idempotency_key") WHERE (idempotency_key IS NOT NULL);
-- create index "messages_one_opening" to table: "messages"
CREATE UNIQUE INDEX "messages_one_opening" ON "messages" ("fostering_id") WHERE opening;

-- +goose Down
-- reverse: create index "messages_one_opening" to table: "messages"
DROP INDEX "messages_one_opening";
-- reverse: create index "messages_idempotency_key" to table: "messages"
DROP INDEX "messages_idempotency_key";
-- reverse: create index "message_fostering_id_created_at_id" to table: "messages"
DROP INDEX "message_fostering_id_created_at_id";
-- reverse: create index "message_author_id_created_at" to table: "messages"
DROP INDEX "message_author_id_created_at";
-- reverse: create "messages" table
DROP TABLE "messages";
