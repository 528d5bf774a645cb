-- +goose Up
-- In a transaction of its own, so that the table is not locked while the rows are written.
UPDATE "users" SET "confirmed_email" = "email" WHERE "email_verified";

-- +goose Down
UPDATE "users" SET "confirmed_email" = NULL WHERE "confirmed_email" IS NOT NULL;
