-- +goose Up
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "confirmed_email" character varying NULL, ADD COLUMN "recovered_at" timestamptz NULL;

-- +goose Down
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "recovered_at", DROP COLUMN "confirmed_email";
