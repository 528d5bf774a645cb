-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_description_length_3_2000";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_erased";

-- +goose Down
SELECT 'nothing to reverse';
