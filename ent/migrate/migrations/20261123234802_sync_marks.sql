-- +goose Up
-- create "sync_marks" table
CREATE TABLE "sync_marks" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "namespace" character varying NOT NULL, "object_id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "claim" uuid NULL, "attempts" bigint NOT NULL DEFAULT 0, "due_at" timestamptz NOT NULL, "settles_at" timestamptz NULL, "failure" character varying NULL, PRIMARY KEY ("id"));
-- create index "syncmark_due_at" to table: "sync_marks"
CREATE INDEX "syncmark_due_at" ON "sync_marks" ("due_at");
-- create index "syncmark_namespace_object_id" to table: "sync_marks"
CREATE UNIQUE INDEX "syncmark_namespace_object_id" ON "sync_marks" ("namespace", "object_id");

-- +goose Down
-- reverse: create index "syncmark_namespace_object_id" to table: "sync_marks"
DROP INDEX "syncmark_namespace_object_id";
-- reverse: create index "syncmark_due_at" to table: "sync_marks"
DROP INDEX "syncmark_due_at";
-- reverse: create "sync_marks" table
DROP TABLE "sync_marks";
