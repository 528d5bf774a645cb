-- +goose Up
-- modify "cat_profiles" table
-- The constraints are validated by a later migration, so that members wait for moments only.
ALTER TABLE "cat_profiles" ADD COLUMN "birth_date" date NULL, ADD COLUMN "birth_date_precision" character varying NULL, ADD COLUMN "sex" character varying NULL, ADD COLUMN "breed" character varying NULL, ADD COLUMN "neutered" boolean NULL, ADD COLUMN "vaccinated_until" date NULL, ADD COLUMN "microchipped" boolean NULL, ADD COLUMN "indoor_only" boolean NULL, ADD COLUMN "good_with_cats" boolean NULL, ADD COLUMN "good_with_dogs" boolean NULL, ADD COLUMN "good_with_children" boolean NULL, ADD COLUMN "needs_medication" boolean NULL;
ALTER TABLE "cat_profiles"
    ADD CONSTRAINT "cat_profiles_birth_date_precision" CHECK ((birth_date_precision)::text = ANY ((ARRAY['DAY'::character varying, 'MONTH'::character varying, 'YEAR'::character varying])::text[])) NOT VALID,
    ADD CONSTRAINT "cat_profiles_born" CHECK (((birth_date IS NULL) = (archived_at IS NOT NULL)) AND ((birth_date IS NULL) = (birth_date_precision IS NULL))) NOT VALID,
    ADD CONSTRAINT "cat_profiles_breed_characters_60" CHECK (char_length((breed)::text) <= 480) NOT VALID,
    ADD CONSTRAINT "cat_profiles_facts_erased" CHECK ((archived_at IS NULL) OR ((sex IS NULL) AND (breed IS NULL) AND (neutered IS NULL) AND (vaccinated_until IS NULL) AND (microchipped IS NULL) AND (indoor_only IS NULL) AND (good_with_cats IS NULL) AND (good_with_dogs IS NULL) AND (good_with_children IS NULL) AND (needs_medication IS NULL))) NOT VALID,
    ADD CONSTRAINT "cat_profiles_sex" CHECK ((sex)::text = ANY ((ARRAY['FEMALE'::character varying, 'MALE'::character varying])::text[])) NOT VALID;

-- A server of the version before writes the age alone. This keeps both columns in agreement, for as long as such a server may
-- run; what a server of this version writes it leaves as it is. It goes with the column "age", except for archived cats.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_cat_profiles_birth"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    IF NEW."archived_at" IS NOT NULL THEN
        IF NEW."birth_date" IS NOT NULL THEN
            NEW."age" := least(40, extract(year FROM age(today, NEW."birth_date")));
        END IF;
        NEW."birth_date" := NULL; NEW."birth_date_precision" := NULL; NEW."sex" := NULL; NEW."breed" := NULL;
        NEW."neutered" := NULL; NEW."vaccinated_until" := NULL; NEW."microchipped" := NULL; NEW."indoor_only" := NULL;
        NEW."good_with_cats" := NULL; NEW."good_with_dogs" := NULL; NEW."good_with_children" := NULL; NEW."needs_medication" := NULL;
    ELSIF NEW."birth_date" IS NULL OR NEW."birth_date" = OLD."birth_date" AND NEW."age" NOT BETWEEN
        least(40, extract(year FROM age(today - 1, NEW."birth_date"))) AND extract(year FROM age(today + 1, NEW."birth_date")) THEN
        -- The age was true when the row was written. The day before is not in the future in any time zone.
        NEW."birth_date" := least(today, (NEW."updated_at" AT TIME ZONE 'UTC')::date) - 1 - make_interval(years => NEW."age"::int);
        NEW."birth_date_precision" := 'YEAR';
        NEW."age" := least(40, extract(year FROM age(today, NEW."birth_date")));
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER "by_hand_cat_profiles_birth_insert" BEFORE INSERT ON "cat_profiles" FOR EACH ROW
    WHEN (NEW."birth_date" IS NULL) EXECUTE FUNCTION "by_hand_cat_profiles_birth"();
CREATE TRIGGER "by_hand_cat_profiles_birth_update" BEFORE UPDATE ON "cat_profiles" FOR EACH ROW
    WHEN (NEW."birth_date" IS NULL OR NEW."archived_at" IS NOT NULL OR NEW."age" <> OLD."age") EXECUTE FUNCTION "by_hand_cat_profiles_birth"();

-- +goose Down
DROP TRIGGER "by_hand_cat_profiles_birth_update" ON "cat_profiles";
DROP TRIGGER "by_hand_cat_profiles_birth_insert" ON "cat_profiles";
DROP FUNCTION "by_hand_cat_profiles_birth"();
-- reverse: modify "cat_profiles" table
ALTER TABLE "cat_profiles" DROP COLUMN "needs_medication", DROP COLUMN "good_with_children", DROP COLUMN "good_with_dogs", DROP COLUMN "good_with_cats", DROP COLUMN "indoor_only", DROP COLUMN "microchipped", DROP COLUMN "vaccinated_until", DROP COLUMN "neutered", DROP COLUMN "breed", DROP COLUMN "sex", DROP COLUMN "birth_date_precision", DROP COLUMN "birth_date";
