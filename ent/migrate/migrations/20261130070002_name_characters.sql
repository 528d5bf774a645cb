-- +goose Up
-- modify "cat_profiles" table
-- The constraints are validated by the next migration, so that members wait for moments only.
ALTER TABLE "cat_profiles" DROP CONSTRAINT "cat_profiles_location_length", DROP CONSTRAINT "cat_profiles_name_length", ADD CONSTRAINT "cat_profiles_location_characters_100" CHECK (char_length((location)::text) <= 800) NOT VALID, ADD CONSTRAINT "cat_profiles_name_characters_1_64" CHECK ((char_length((name)::text) >= 1) AND (char_length((name)::text) <= 512)) NOT VALID;
-- modify "users" table
ALTER TABLE "users" DROP CONSTRAINT "users_location_length", ADD CONSTRAINT "users_location_characters_100" CHECK (char_length((location)::text) <= 800) NOT VALID;

-- +goose Down
-- Names that are longer than before stay.
-- reverse: modify "users" table
ALTER TABLE "users" DROP CONSTRAINT "users_location_characters_100", ADD CONSTRAINT "users_location_length" CHECK (char_length((location)::text) <= 100) NOT VALID;
-- reverse: modify "cat_profiles" table
ALTER TABLE "cat_profiles" DROP CONSTRAINT "cat_profiles_name_characters_1_64", DROP CONSTRAINT "cat_profiles_location_characters_100", ADD CONSTRAINT "cat_profiles_name_length" CHECK ((char_length((name)::text) >= 1) AND (char_length((name)::text) <= 64)) NOT VALID, ADD CONSTRAINT "cat_profiles_location_length" CHECK (char_length((location)::text) <= 100) NOT VALID;
