-- +goose Up
-- modify "outbox_entries" table
ALTER TABLE "outbox_entries" ALTER COLUMN "object_id" TYPE character varying;
-- create "admin_roles" table
CREATE TABLE "admin_roles" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "super" boolean NOT NULL DEFAULT false, "granted_by_id" uuid NULL, "user_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "admin_roles_users_admin_role" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "admin_roles_user_id_key" to table: "admin_roles"
CREATE UNIQUE INDEX "admin_roles_user_id_key" ON "admin_roles" ("user_id");

-- +goose Down
-- reverse: create index "admin_roles_user_id_key" to table: "admin_roles"
DROP INDEX "admin_roles_user_id_key";
-- reverse: create "admin_roles" table
DROP TABLE "admin_roles";
-- reverse: modify "outbox_entries" table
DELETE FROM "outbox_entries" WHERE "namespace" = 'Group';
ALTER TABLE "outbox_entries" ALTER COLUMN "object_id" TYPE uuid USING "object_id"::uuid;
