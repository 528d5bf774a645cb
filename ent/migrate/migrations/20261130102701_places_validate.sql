-- +goose NO TRANSACTION
-- An index that is made CONCURRENTLY blocks no writes, but waits for the transactions of others, longer than a lock may take
-- elsewhere. One that was interrupted is made again.

-- +goose Up
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_place_erased";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_places_place";
ALTER TABLE "users" VALIDATE CONSTRAINT "users_places_place";
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "catprofile_place_id_id";
CREATE INDEX CONCURRENTLY "catprofile_place_id_id" ON "cat_profiles" ("place_id", "id");
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY "catprofile_place_id_id";
