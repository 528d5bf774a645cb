-- +goose NO TRANSACTION
-- An index that is made CONCURRENTLY blocks no writes, but waits for the transactions of others, longer than a lock may take
-- elsewhere. One that was interrupted is made again.

-- +goose Up
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "events_audited";
CREATE INDEX CONCURRENTLY "events_audited" ON "events" ("created_at", "id") WHERE audited;
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY "events_audited";
