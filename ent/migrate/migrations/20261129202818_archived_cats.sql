-- +goose Up
-- modify "cat_profiles" table
-- The constraints are validated by the next migration, so that members wait for moments only.
ALTER TABLE "cat_profiles" ADD COLUMN "archived_at" timestamptz NULL;
ALTER TABLE "cat_profiles" DROP CONSTRAINT "cat_profiles_description_length",
    ADD CONSTRAINT "cat_profiles_description_length_3_2000" CHECK ((archived_at IS NOT NULL) OR ((char_length((description)::text) >= 3) AND (char_length((description)::text) <= 2000))) NOT VALID,
    ADD CONSTRAINT "cat_profiles_erased" CHECK ((archived_at IS NULL) OR (((description)::text = ''::text) AND (special_care_instructions IS NULL) AND (photos_urls = '[]'::jsonb) AND (location IS NULL) AND (NOT available))) NOT VALID;

-- +goose Down
-- The version before deletes cats with their fosterings.
DELETE FROM "events" USING "fosterings", "cat_profiles"
    WHERE "subject_id" = "fosterings"."id" AND "cat_profile_id" = "cat_profiles"."id" AND "archived_at" IS NOT NULL;
DELETE FROM "fosterings" USING "cat_profiles" WHERE "cat_profile_id" = "cat_profiles"."id" AND "archived_at" IS NOT NULL;
DELETE FROM "cat_profiles" WHERE "archived_at" IS NOT NULL;
-- reverse: modify "cat_profiles" table
ALTER TABLE "cat_profiles" DROP CONSTRAINT "cat_profiles_erased", DROP CONSTRAINT "cat_profiles_description_length_3_2000", DROP COLUMN "archived_at", ADD CONSTRAINT "cat_profiles_description_length" CHECK ((char_length((description)::text) >= 3) AND (char_length((description)::text) <= 2000));
