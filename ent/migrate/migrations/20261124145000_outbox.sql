-- +goose Up
-- The sync marks are the entries of an outbox: use the usual name for them.
ALTER TABLE "sync_marks" RENAME TO "outbox_entries";
ALTER TABLE "outbox_entries" RENAME COLUMN "settles_at" TO "recheck_at";
ALTER TABLE "outbox_entries" RENAME COLUMN "failure" TO "last_error";
ALTER INDEX "sync_marks_pkey" RENAME TO "outbox_entries_pkey";
ALTER INDEX "syncmark_due_at" RENAME TO "outboxentry_due_at";
ALTER INDEX "syncmark_namespace_object_id" RENAME TO "outboxentry_namespace_object_id";

-- +goose Down
ALTER INDEX "outboxentry_namespace_object_id" RENAME TO "syncmark_namespace_object_id";
ALTER INDEX "outboxentry_due_at" RENAME TO "syncmark_due_at";
ALTER INDEX "outbox_entries_pkey" RENAME TO "sync_marks_pkey";
ALTER TABLE "outbox_entries" RENAME COLUMN "last_error" TO "failure";
ALTER TABLE "outbox_entries" RENAME COLUMN "recheck_at" TO "settles_at";
ALTER TABLE "outbox_entries" RENAME TO "sync_marks";
