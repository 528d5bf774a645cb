-- +goose NO TRANSACTION
-- +goose Up
-- Each batch is a transaction, so that members whose rows are written wait for moments only. What
-- was written before an interruption, or by a server that runs already, is left as it is.
-- +goose StatementBegin
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
    batch uuid[];
BEGIN
    LOOP
        batch := ARRAY (SELECT "id" FROM "users" WHERE "id" > last ORDER BY "id" LIMIT 5000);
        EXIT WHEN batch = '{}';
        UPDATE "users" SET "confirmed_email" = "email" WHERE "id" = ANY (batch) AND "email_verified" AND "confirmed_email" IS NULL;
        COMMIT;
        last := batch[cardinality(batch)];
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
UPDATE "users" SET "confirmed_email" = NULL WHERE "confirmed_email" IS NOT NULL;
