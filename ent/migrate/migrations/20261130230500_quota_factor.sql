-- +goose Up
-- modify "users" table
-- The constraint is validated by the next migration, so that members wait for moments only.
ALTER TABLE "users" ADD COLUMN "quota_factor" bigint NULL;
ALTER TABLE "users" ADD CONSTRAINT "users_quota_factor_range_1_100" CHECK ((quota_factor >= 1) AND (quota_factor <= 100)) NOT VALID;

-- +goose Down
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "quota_factor";
