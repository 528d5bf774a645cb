-- +goose NO TRANSACTION
-- +goose Up
-- An index that an interruption has left is not valid.
DROP INDEX CONCURRENTLY IF EXISTS "catprofile_birth_date_id";
-- create index "catprofile_birth_date_id" to table: "cat_profiles"
CREATE INDEX CONCURRENTLY "catprofile_birth_date_id" ON "cat_profiles" ("birth_date", "id");
-- breeds in use, and the cats of a breed
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_breed";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_breed" ON "cat_profiles" (lower("breed") COLLATE "C", "created_at", "id") WHERE "breed" IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_breed";
-- reverse: create index "catprofile_birth_date_id" to table: "cat_profiles"
DROP INDEX CONCURRENTLY "catprofile_birth_date_id";
