-- What ent cannot describe. The names begin with by_hand_, so that the comparison
-- with the schema leaves them alone.

-- +goose Up
-- for uuid = in a GiST index; it may be created without being superuser
CREATE EXTENSION IF NOT EXISTS "btree_gist";

-- a person has at most one open fostering of a cat
CREATE UNIQUE INDEX "by_hand_fosterings_one_open" ON "fosterings" ("cat_profile_id", "participant_id")
    WHERE "status" IN ('PENDING', 'APPROVED', 'ACTIVE');

-- two promised fosterings of a cat never overlap
ALTER TABLE "fosterings" ADD CONSTRAINT "by_hand_fosterings_no_overlap"
    EXCLUDE USING gist ("cat_profile_id" WITH =, daterange("start_date", "end_date", '[]') WITH &&)
    WHERE ("status" IN ('APPROVED', 'ACTIVE'));

-- words in the name, description and care instructions of a cat, kept so that they
-- need not be found again in every row that a search passes over
ALTER TABLE "cat_profiles" ADD COLUMN "by_hand_words" tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('simple', "name" || ' ' || "description" || ' ' || coalesce("special_care_instructions", ''))
) STORED;
CREATE INDEX "by_hand_cat_profiles_words" ON "cat_profiles" USING gin ("by_hand_words");

-- the beginning of a cat's location, in any case
CREATE INDEX "by_hand_cat_profiles_location" ON "cat_profiles" (lower("location") text_pattern_ops, "age");

-- pages in order, with what filters look at: they pass over rows without reading them
CREATE INDEX "by_hand_cat_profiles_created_at" ON "cat_profiles" ("created_at", "id", lower("location") text_pattern_ops, "age");
CREATE INDEX "by_hand_cat_profiles_name" ON "cat_profiles" ("name", "id", lower("location") text_pattern_ops, "age");

-- how many fosterings a member has completed
CREATE INDEX "by_hand_fosterings_completed" ON "fosterings" ("participant_id") WHERE "status" = 'COMPLETED';

-- +goose Down
DROP INDEX "by_hand_fosterings_completed";
DROP INDEX "by_hand_cat_profiles_name";
DROP INDEX "by_hand_cat_profiles_created_at";
DROP INDEX "by_hand_cat_profiles_location";
ALTER TABLE "cat_profiles" DROP COLUMN "by_hand_words";
ALTER TABLE "fosterings" DROP CONSTRAINT "by_hand_fosterings_no_overlap";
DROP INDEX "by_hand_fosterings_one_open";
DROP EXTENSION "btree_gist";
