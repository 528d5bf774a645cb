-- +goose Up
-- Accounts are locked before cats, as servers do.
-- create "photos" table
CREATE TABLE "photos" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "position" bigint NOT NULL DEFAULT 0, "width" bigint NOT NULL, "height" bigint NOT NULL, "placeholder" character varying NOT NULL, "alt" character varying NULL, "stored_at" timestamptz NULL, "delete_at" timestamptz NULL, "next_attempt_at" timestamptz NULL, "uploader_id" uuid NOT NULL, "cat_profile_id" uuid NULL, "portrait_of_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "photos_users_portrait_of" FOREIGN KEY ("portrait_of_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "photos_users_uploader" FOREIGN KEY ("uploader_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "photos_cat_profiles_cat_profile" FOREIGN KEY ("cat_profile_id") REFERENCES "cat_profiles" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "photos_alt_length_250" CHECK (char_length((alt)::text) <= 250), CONSTRAINT "photos_attached" CHECK (((stored_at IS NOT NULL) AND (delete_at IS NULL)) OR ((cat_profile_id IS NULL) AND (portrait_of_id IS NULL))), CONSTRAINT "photos_attached_once" CHECK ((cat_profile_id IS NULL) OR (portrait_of_id IS NULL)), CONSTRAINT "photos_own_portrait" CHECK (portrait_of_id = uploader_id));
-- create index "photo_cat_profile_id_position" to table: "photos"
CREATE INDEX "photo_cat_profile_id_position" ON "photos" ("cat_profile_id", "position");
-- create index "photo_portrait_of_id" to table: "photos"
CREATE UNIQUE INDEX "photo_portrait_of_id" ON "photos" ("portrait_of_id");
-- create index "photo_uploader_id_created_at" to table: "photos"
CREATE INDEX "photo_uploader_id_created_at" ON "photos" ("uploader_id", "created_at");
-- create index "photos_to_delete" to table: "photos"
CREATE INDEX "photos_to_delete" ON "photos" ("delete_at") WHERE (delete_at IS NOT NULL);

-- +goose Down
-- reverse: create index "photos_to_delete" to table: "photos"
DROP INDEX "photos_to_delete";
-- reverse: create index "photo_uploader_id_created_at" to table: "photos"
DROP INDEX "photo_uploader_id_created_at";
-- reverse: create index "photo_portrait_of_id" to table: "photos"
DROP INDEX "photo_portrait_of_id";
-- reverse: create index "photo_cat_profile_id_position" to table: "photos"
DROP INDEX "photo_cat_profile_id_position";
-- reverse: create "photos" table
DROP TABLE "photos";
