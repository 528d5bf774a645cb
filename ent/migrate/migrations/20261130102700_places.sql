-- +goose Up
-- create "places" table
CREATE TABLE "places" ("id" uuid NOT NULL, "name" character varying NOT NULL, "region" character varying NULL, "country" character varying NOT NULL, "latitude" double precision NOT NULL, "longitude" double precision NOT NULL, "population" bigint NOT NULL, "edition" character varying NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "places_on_earth" CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision)) AND ((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))));
-- create index "place_latitude_longitude" to table: "places"
CREATE INDEX "place_latitude_longitude" ON "places" ("latitude", "longitude");
-- The names by which places are found, folded. One command writes both tables, in one transaction, so that a foreign key would
-- find nothing, and take half of the time. The names are compared letter by letter, whatever the locale of the database is.
CREATE TABLE "by_hand_place_names" ("place_id" uuid NOT NULL, "name" text COLLATE "C" NOT NULL, "population" integer NOT NULL);
CREATE INDEX "by_hand_place_names_1" ON "by_hand_place_names" (("left"("name", 1)), "population" DESC, "place_id");
CREATE INDEX "by_hand_place_names_2" ON "by_hand_place_names" (("left"("name", 2)), "population" DESC, "place_id");
CREATE INDEX "by_hand_place_names_3" ON "by_hand_place_names" (("left"("name", 3)), "population" DESC, "place_id");
-- The constraints are validated by a later migration, so that members wait for moments only. The tables are locked in the order in
-- which servers lock accounts and cats.
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "place_id" uuid NULL;
ALTER TABLE "users" ADD CONSTRAINT "users_places_place" FOREIGN KEY ("place_id") REFERENCES "places" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT NOT VALID;
-- modify "cat_profiles" table
ALTER TABLE "cat_profiles" ADD COLUMN "place_id" uuid NULL;
ALTER TABLE "cat_profiles" ADD CONSTRAINT "cat_profiles_place_erased" CHECK ((archived_at IS NULL) OR (place_id IS NULL)) NOT VALID;
ALTER TABLE "cat_profiles" ADD CONSTRAINT "cat_profiles_places_place" FOREIGN KEY ("place_id") REFERENCES "places" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT NOT VALID;

-- A server of the version before archives cats and deletes accounts without the place. The triggers go with the release after.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_erase_place"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."place_id" := NULL;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER "by_hand_cat_profiles_place" BEFORE UPDATE ON "cat_profiles" FOR EACH ROW
    WHEN (NEW."archived_at" IS NOT NULL AND NEW."place_id" IS NOT NULL) EXECUTE FUNCTION "by_hand_erase_place"();
CREATE TRIGGER "by_hand_users_place" BEFORE UPDATE ON "users" FOR EACH ROW
    WHEN (NEW."deleted_at" IS NOT NULL AND NEW."place_id" IS NOT NULL) EXECUTE FUNCTION "by_hand_erase_place"();

-- +goose Down
DROP TRIGGER "by_hand_users_place" ON "users";
DROP TRIGGER "by_hand_cat_profiles_place" ON "cat_profiles";
DROP FUNCTION "by_hand_erase_place"();
-- reverse: modify "users" table
ALTER TABLE "users" DROP COLUMN "place_id";
-- reverse: modify "cat_profiles" table
ALTER TABLE "cat_profiles" DROP CONSTRAINT "cat_profiles_place_erased", DROP COLUMN "place_id";
DROP TABLE "by_hand_place_names";
-- reverse: create "places" table
DROP TABLE "places";
