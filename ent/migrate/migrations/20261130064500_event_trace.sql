-- +goose Up
-- modify "events" table
ALTER TABLE "events" ADD COLUMN "trace_parent" character varying NULL;

-- +goose Down
-- reverse: modify "events" table
ALTER TABLE "events" DROP COLUMN "trace_parent";
