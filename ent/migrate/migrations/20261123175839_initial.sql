-- +goose Up
-- create "users" table
CREATE TABLE "users" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "identity_id" uuid NULL, "registration_flow_id" uuid NULL, "name" character varying NOT NULL, "email" character varying NOT NULL, "bio" character varying NULL, "location" character varying NULL, PRIMARY KEY ("id"), CONSTRAINT "users_bio_length" CHECK (char_length((bio)::text) <= 2000), CONSTRAINT "users_location_length" CHECK (char_length((location)::text) <= 100));
-- create index "users_identity_id_key" to table: "users"
CREATE UNIQUE INDEX "users_identity_id_key" ON "users" ("identity_id");
-- create index "users_registration_flow_id_key" to table: "users"
CREATE UNIQUE INDEX "users_registration_flow_id_key" ON "users" ("registration_flow_id");
-- create "cat_profiles" table
CREATE TABLE "cat_profiles" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "name" character varying NOT NULL, "age" bigint NOT NULL, "description" character varying NOT NULL, "special_care_instructions" character varying NULL, "photos_urls" jsonb NOT NULL, "location" character varying NULL, "available" boolean NOT NULL DEFAULT true, "owner_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "cat_profiles_users_cat_profiles" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "cat_profiles_age_range" CHECK ((age >= 0) AND (age <= 40)), CONSTRAINT "cat_profiles_description_length" CHECK ((char_length((description)::text) >= 3) AND (char_length((description)::text) <= 2000)), CONSTRAINT "cat_profiles_instructions_length" CHECK (char_length((special_care_instructions)::text) <= 2000), CONSTRAINT "cat_profiles_location_length" CHECK (char_length((location)::text) <= 100), CONSTRAINT "cat_profiles_name_length" CHECK ((char_length((name)::text) >= 1) AND (char_length((name)::text) <= 64)), CONSTRAINT "cat_profiles_photos_count" CHECK (jsonb_array_length(photos_urls) <= 10));
-- create index "catprofile_age_id" to table: "cat_profiles"
CREATE INDEX "catprofile_age_id" ON "cat_profiles" ("age", "id");
-- create index "catprofile_owner_id_created_at_id" to table: "cat_profiles"
CREATE INDEX "catprofile_owner_id_created_at_id" ON "cat_profiles" ("owner_id", "created_at", "id");
-- create "fosterings" table
CREATE TABLE "fosterings" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "start_date" date NOT NULL, "end_date" date NOT NULL, "status" character varying NOT NULL DEFAULT 'PENDING', "message" character varying NULL, "rejection_reason" character varying NULL, "cat_profile_id" uuid NOT NULL, "participant_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "fosterings_cat_profiles_fosterings" FOREIGN KEY ("cat_profile_id") REFERENCES "cat_profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "fosterings_users_fosterings" FOREIGN KEY ("participant_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "fosterings_dates" CHECK (start_date <= end_date), CONSTRAINT "fosterings_message" CHECK (char_length((message)::text) <= 2000), CONSTRAINT "fosterings_reject_reason" CHECK (char_length((rejection_reason)::text) <= 2000), CONSTRAINT "fosterings_status" CHECK ((status)::text = ANY ((ARRAY['PENDING'::character varying, 'APPROVED'::character varying, 'REJECTED'::character varying, 'CANCELLED'::character varying, 'ACTIVE'::character varying, 'COMPLETED'::character varying])::text[])));
-- create index "fostering_cat_profile_id_created_at_id" to table: "fosterings"
CREATE INDEX "fostering_cat_profile_id_created_at_id" ON "fosterings" ("cat_profile_id", "created_at", "id");
-- create index "fostering_participant_id_created_at_id" to table: "fosterings"
CREATE INDEX "fostering_participant_id_created_at_id" ON "fosterings" ("participant_id", "created_at", "id");
-- create index "fostering_status_start_date" to table: "fosterings"
CREATE INDEX "fostering_status_start_date" ON "fosterings" ("status", "start_date");

-- +goose Down
-- reverse: create index "fostering_status_start_date" to table: "fosterings"
DROP INDEX "fostering_status_start_date";
-- reverse: create index "fostering_participant_id_created_at_id" to table: "fosterings"
DROP INDEX "fostering_participant_id_created_at_id";
-- reverse: create index "fostering_cat_profile_id_created_at_id" to table: "fosterings"
DROP INDEX "fostering_cat_profile_id_created_at_id";
-- reverse: create "fosterings" table
DROP TABLE "fosterings";
-- reverse: create index "catprofile_owner_id_created_at_id" to table: "cat_profiles"
DROP INDEX "catprofile_owner_id_created_at_id";
-- reverse: create index "catprofile_age_id" to table: "cat_profiles"
DROP INDEX "catprofile_age_id";
-- reverse: create "cat_profiles" table
DROP TABLE "cat_profiles";
-- reverse: create index "users_registration_flow_id_key" to table: "users"
DROP INDEX "users_registration_flow_id_key";
-- reverse: create index "users_identity_id_key" to table: "users"
DROP INDEX "users_identity_id_key";
-- reverse: create "users" table
DROP TABLE "users";
