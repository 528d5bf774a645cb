-- +goose Up
-- create "moderator_roles" table
CREATE TABLE "moderator_roles" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "granted_by_id" uuid NULL, "user_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "moderator_roles_users_moderator_role" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "moderator_roles_user_id_key" to table: "moderator_roles"
CREATE UNIQUE INDEX "moderator_roles_user_id_key" ON "moderator_roles" ("user_id");

-- +goose Down
-- reverse: create index "moderator_roles_user_id_key" to table: "moderator_roles"
DROP INDEX "moderator_roles_user_id_key";
-- reverse: create "moderator_roles" table
DROP TABLE "moderator_roles";
