-- +goose Up
-- A transaction of its own, so that members wait for a moment only: nobody can read the table meanwhile.
-- modify "fosterings" table
ALTER TABLE "fosterings" ADD COLUMN "cancelled_late" boolean NOT NULL DEFAULT false;

-- +goose Down
-- reverse: modify "fosterings" table
ALTER TABLE "fosterings" DROP COLUMN "cancelled_late";
