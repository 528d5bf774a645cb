-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE "users" VALIDATE CONSTRAINT "users_quota_factor_range_1_100";

-- +goose Down
SELECT 'nothing to reverse';
