-- +goose NO TRANSACTION
-- An index that is made CONCURRENTLY blocks no writes, but waits for the transactions of others, longer than a lock may take
-- elsewhere. One that was interrupted is made again.

-- +goose Up
SET lock_timeout = 0;
-- the cats whose words are to be made
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_words_version";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_words_version" ON "cat_profiles" ("by_hand_words_version") WHERE "archived_at" IS NULL;
-- names in the order that people expect, whatever the locale of the database is: letters before case and accents, and
-- numbers by value
CREATE COLLATION IF NOT EXISTS "by_hand_name_order" (provider = icu, locale = 'und-u-kn-true');
-- pages by name; servers of the version before use by_hand_cat_profiles_name
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_cat_profiles_name_order";
CREATE INDEX CONCURRENTLY "by_hand_cat_profiles_name_order" ON "cat_profiles"
    ("name" COLLATE "by_hand_name_order", "id", lower("location") text_pattern_ops, "birth_date",
    "sex", "good_with_children", "good_with_dogs", "good_with_cats", "indoor_only", "neutered", "needs_medication");
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_name_order";
DROP COLLATION "by_hand_name_order";
DROP INDEX CONCURRENTLY "by_hand_cat_profiles_words_version";
