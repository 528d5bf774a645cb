-- +goose NO TRANSACTION
-- +goose Up
-- The trigger of the migration before gives each row its birth date. Each batch is a transaction, so that members whose rows are
-- written wait for moments only.
-- +goose StatementBegin
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
    batch uuid[];
BEGIN
    LOOP
        batch := ARRAY (SELECT "id" FROM "cat_profiles" WHERE "id" > last ORDER BY "id" LIMIT 500);
        EXIT WHEN batch = '{}';
        UPDATE "cat_profiles" SET "birth_date" = NULL WHERE "id" = ANY (batch) AND "birth_date" IS NULL AND "archived_at" IS NULL;
        COMMIT;
        last := batch[cardinality(batch)];
    END LOOP;
END $$;
-- +goose StatementEnd
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_birth_date_precision";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_born";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_breed_characters_60";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_facts_erased";
ALTER TABLE "cat_profiles" VALIDATE CONSTRAINT "cat_profiles_sex";

-- +goose Down
SELECT 'nothing to reverse';
