-- +goose Up
-- create "blocks" table
CREATE TABLE "blocks" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "blocker_id" uuid NOT NULL, "blocked_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "blocks_users_blocked" FOREIGN KEY ("blocked_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "blocks_users_blocker" FOREIGN KEY ("blocker_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "blocks_others" CHECK (blocker_id <> blocked_id));
-- create index "block_blocked_id" to table: "blocks"
CREATE INDEX "block_blocked_id" ON "blocks" ("blocked_id");
-- create index "block_blocker_id_blocked_id" to table: "blocks"
CREATE UNIQUE INDEX "block_blocker_id_blocked_id" ON "blocks" ("blocker_id", "blocked_id");
-- Whether a cat is found whose owner is none of some members. The function by_hand_cat_has is for servers of the version before, and goes
-- with the release after.
CREATE FUNCTION "by_hand_visible_cat_has"(words tsquery, hidden uuid[]) RETURNS boolean LANGUAGE sql STABLE
    SET enable_seqscan = off SET enable_indexscan = off
    AS $$ SELECT EXISTS (SELECT FROM "cat_profiles" WHERE "by_hand_words" @@ words AND "archived_at" IS NULL AND "owner_id" <> ALL (hidden)) $$;

-- +goose Down
DROP FUNCTION "by_hand_visible_cat_has";
-- reverse: create index "block_blocker_id_blocked_id" to table: "blocks"
DROP INDEX "block_blocker_id_blocked_id";
-- reverse: create index "block_blocked_id" to table: "blocks"
DROP INDEX "block_blocked_id";
-- reverse: create "blocks" table
DROP TABLE "blocks";
