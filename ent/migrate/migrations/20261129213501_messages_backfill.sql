-- +goose NO TRANSACTION
-- +goose Up
-- The message of a request is the first entry of its conversation. Each batch is a transaction. What a server that runs
-- already has written meanwhile is left as it is. The lock waits for the deletion of an account, which erases the message.
-- +goose StatementBegin
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
    batch uuid[];
BEGIN
    LOOP
        batch := ARRAY (SELECT "id" FROM "fosterings" WHERE "id" > last ORDER BY "id" LIMIT 5000);
        EXIT WHEN batch = '{}';
        INSERT INTO "messages" ("id", "created_at", "updated_at", "fostering_id", "author_id", "text", "opening")
            SELECT gen_random_uuid(), "created_at", "created_at", "id", "participant_id", "message", true FROM "fosterings"
            WHERE "id" = ANY (batch) AND "message" <> '' ORDER BY "id" FOR SHARE
            ON CONFLICT ("fostering_id") WHERE "opening" DO NOTHING;
        COMMIT;
        last := batch[cardinality(batch)];
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DELETE FROM "messages" WHERE "opening";
