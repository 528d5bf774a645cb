-- +goose NO TRANSACTION
-- By these moderators find members. An index that is made CONCURRENTLY blocks no writes, but waits for the transactions of others,
-- longer than a lock may take elsewhere. One that was interrupted is made again.

-- +goose Up
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_users_name";
CREATE INDEX CONCURRENTLY "by_hand_users_name" ON "users" (lower("name") text_pattern_ops);
DROP INDEX CONCURRENTLY IF EXISTS "by_hand_users_email";
CREATE INDEX CONCURRENTLY "by_hand_users_email" ON "users" (lower("email") text_pattern_ops);
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY "by_hand_users_email";
DROP INDEX CONCURRENTLY "by_hand_users_name";
