-- +goose Up
-- create "care_plans" table
CREATE TABLE "care_plans" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "feeding" character varying NULL, "medication" character varying NULL, "vet" character varying NULL, "may_authorize_treatment" boolean NULL, "emergency_contact" character varying NULL, "habits" character varying NULL, "cat_profile_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "care_plans_cat_profiles_cat_profile" FOREIGN KEY ("cat_profile_id") REFERENCES "cat_profiles" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, CONSTRAINT "care_plans_emergency_contact_length_2000" CHECK (char_length((emergency_contact)::text) <= 2000), CONSTRAINT "care_plans_feeding_length_2000" CHECK (char_length((feeding)::text) <= 2000), CONSTRAINT "care_plans_habits_length_2000" CHECK (char_length((habits)::text) <= 2000), CONSTRAINT "care_plans_medication_length_2000" CHECK (char_length((medication)::text) <= 2000), CONSTRAINT "care_plans_vet_length_2000" CHECK (char_length((vet)::text) <= 2000));
-- create index "careplan_cat_profile_id" to table: "care_plans"
CREATE UNIQUE INDEX "careplan_cat_profile_id" ON "care_plans" ("cat_profile_id");

-- +goose Down
-- reverse: create index "careplan_cat_profile_id" to table: "care_plans"
DROP INDEX "careplan_cat_profile_id";
-- reverse: create "care_plans" table
DROP TABLE "care_plans";
