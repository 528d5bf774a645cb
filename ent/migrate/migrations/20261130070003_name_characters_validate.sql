-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_location_characters_100";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_name_characters_1_64";
ALTER TABLE "users" VALIDATE CONSTRAINT "users_location_characters_100";

-- +goose Down
SELECT 'nothing to reverse';
