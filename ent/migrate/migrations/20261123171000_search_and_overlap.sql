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

-- words in the name, description and care instructions of a cat
CREATE INDEX "by_hand_cat_profiles_search" ON "cat_profiles"
    USING gin (to_tsvector('simple', "name" || ' ' || "description" || ' ' || coalesce("special_care_instructions", '')));

-- the beginning of a cat's location, in any case
CREATE INDEX "by_hand_cat_profiles_location" ON "cat_profiles" (lower("location") text_pattern_ops);

-- +goose Down
DROP INDEX "by_hand_cat_profiles_location";
DROP INDEX "by_hand_cat_profiles_search";
ALTER TABLE "fosterings" DROP CONSTRAINT "by_hand_fosterings_no_overlap";
DROP INDEX "by_hand_fosterings_one_open";
DROP EXTENSION "btree_gist";
