-- +goose Up
-- modify "cat_profiles" table
ALTER TABLE "cat_profiles" ADD COLUMN "idempotency_key" uuid NULL, ADD COLUMN "input_hash" bytea NULL;
-- create index "cat_profiles_idempotency_key" to table: "cat_profiles"
CREATE UNIQUE INDEX "cat_profiles_idempotency_key" ON "cat_profiles" ("owner_id", "idempotency_key") WHERE (idempotency_key IS NOT NULL);
-- modify "fosterings" table
ALTER TABLE "fosterings" ADD COLUMN "idempotency_key" uuid NULL, ADD COLUMN "input_hash" bytea NULL;
-- create index "fosterings_idempotency_key" to table: "fosterings"
CREATE UNIQUE INDEX "fosterings_idempotency_key" ON "fosterings" ("participant_id", "idempotency_key") WHERE (idempotency_key IS NOT NULL);

-- +goose Down
-- reverse: create index "fosterings_idempotency_key" to table: "fosterings"
DROP INDEX "fosterings_idempotency_key";
-- reverse: modify "fosterings" table
ALTER TABLE "fosterings" DROP COLUMN "input_hash", DROP COLUMN "idempotency_key";
-- reverse: create index "cat_profiles_idempotency_key" to table: "cat_profiles"
DROP INDEX "cat_profiles_idempotency_key";
-- reverse: modify "cat_profiles" table
ALTER TABLE "cat_profiles" DROP COLUMN "input_hash", DROP COLUMN "idempotency_key";
