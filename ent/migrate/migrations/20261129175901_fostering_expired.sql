-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE "fosterings" VALIDATE CONSTRAINT "fosterings_end_reason_length_2000";
ALTER TABLE "fosterings" VALIDATE CONSTRAINT "fosterings_ended_by";
ALTER TABLE "fosterings" VALIDATE CONSTRAINT "fosterings_status_expired";
-- A request that was cancelled after its first day was not answered in time: nothing but the passage of
-- time ends a request then. The deletion of an account may have written its row later, so rows of former
-- members stay as they are. Each batch is a transaction. A server of the old version shows the status of
-- these rows as an empty text, and changes none of them.
-- +goose StatementBegin
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
    batch uuid[];
BEGIN
    LOOP
        batch := ARRAY (SELECT "id" FROM "fosterings" WHERE "id" > last ORDER BY "id" LIMIT 5000);
        EXIT WHEN batch = '{}';
        UPDATE "fosterings" SET "status" = 'EXPIRED', "ended_by" = 'SYSTEM', "ended_at" = "updated_at"
            WHERE "id" = ANY (batch) AND "status" = 'CANCELLED' AND "ended_by" IS NULL
                AND ("updated_at" AT TIME ZONE 'UTC')::date > "start_date"
                AND NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = "participant_id" AND "deleted_at" IS NOT NULL);
        COMMIT;
        last := batch[cardinality(batch)];
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
UPDATE "fosterings" SET "status" = 'CANCELLED' WHERE "status" = 'EXPIRED';
