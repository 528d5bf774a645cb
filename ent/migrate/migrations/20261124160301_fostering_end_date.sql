-- +goose Up
-- create index "fostering_status_end_date" to table: "fosterings"
CREATE INDEX "fostering_status_end_date" ON "fosterings" ("status", "end_date");

-- +goose Down
-- reverse: create index "fostering_status_end_date" to table: "fosterings"
DROP INDEX "fostering_status_end_date";
