-- +goose NO TRANSACTION
-- +goose Up
-- Each index is built while members write, and waits for the transactions of others, longer than a lock may take elsewhere. What
-- an interruption has left of one is not valid, and goes first.
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "catprofile_birth_date_id";
-- create index "catprofile_birth_date_id" to table: "cat_profiles"
CREATE INDEX CONCURRENTLY "catprofile_birth_date_id" ON "cat_profiles" ("birth_date", "id");

-- breeds in use, and the cats of a breed; Postgres has no statistics of the expression in an index of some rows
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_breed";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_breed" ON "cat_profiles" (lower("breed") text_pattern_ops, "created_at", "id") WHERE "breed" IS NOT NULL;
CREATE STATISTICS IF NOT EXISTS "by_hand_cat_profiles_breed" ON (lower("breed")) FROM "cat_profiles";

-- the beginning of a cat's location, in any case, and the age by the birth date
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_location_new";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_location_new" ON "cat_profiles" (lower("location") text_pattern_ops, "birth_date");
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_location";
ALTER INDEX "by_hand_cat_profiles_location_new" RENAME TO "by_hand_cat_profiles_location";

-- pages in order, with what filters look at: they pass over rows without reading them
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_created_at_new";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_created_at_new" ON "cat_profiles" ("created_at", "id", lower("location") text_pattern_ops, "birth_date",
    "sex", "good_with_children", "good_with_dogs", "good_with_cats", "indoor_only", "neutered", "needs_medication");
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_created_at";
ALTER INDEX "by_hand_cat_profiles_created_at_new" RENAME TO "by_hand_cat_profiles_created_at";
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_created_at";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_created_at" ON "cat_profiles" ("created_at", "id", lower("location") text_pattern_ops, "age");
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_location";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_location" ON "cat_profiles" (lower("location") text_pattern_ops, "age");
DROP STATISTICS "by_hand_cat_profiles_breed";
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_breed";
-- reverse: create index "catprofile_birth_date_id" to table: "cat_profiles"
DROP INDEX CONCURRENTLY "catprofile_birth_date_id";
