-- +goose Up
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "next_attempt_at" timestamptz NULL;

-- +goose Down
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "next_attempt_at";
