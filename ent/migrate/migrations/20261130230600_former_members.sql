-- +goose Up
-- A server of the version before deletes an account without what it does not know of the member. These triggers delete that in the same
-- transaction, and find nothing if a server of this version has. The daily sweep finds the photos. A role stays, as
-- Keto has it: nobody can log in to use it. They go with the release after.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_empty_former"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."confirmed_email" := NULL; NEW."new_email" := NULL; NEW."new_email_at" := NULL; NEW."recovered_at" := NULL;
    NEW."language" := NULL; NEW."mail_off" := false; NEW."muted_kinds" := NULL; NEW."refused_email" := NULL;
    NEW."unsubscribe_token" := NULL; NEW."quota_factor" := NULL;
    RETURN NEW;
END $$;
CREATE FUNCTION "by_hand_forget_former"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "fosterings" SET "end_reason" = NULL
        WHERE "participant_id" = NEW."id" AND "ended_by" = 'PARTICIPANT' AND "end_reason" IS NOT NULL;
    UPDATE "fostering_changes" SET "message" = NULL FROM "fosterings"
        WHERE "fosterings"."id" = "fostering_id" AND "participant_id" = NEW."id" AND "proposed_by" = 'PARTICIPANT' AND "fostering_changes"."message" IS NOT NULL;
    UPDATE "fostering_changes" SET "decline_reason" = NULL FROM "fosterings"
        WHERE "fosterings"."id" = "fostering_id" AND "participant_id" = NEW."id" AND "proposed_by" = 'OWNER' AND "decline_reason" IS NOT NULL;
    DELETE FROM "messages" WHERE "author_id" = NEW."id";
    DELETE FROM "notifications" WHERE "user_id" = NEW."id";
    DELETE FROM "blocks" WHERE "blocker_id" = NEW."id" OR "blocked_id" = NEW."id";
    DELETE FROM "suspensions" WHERE "user_id" = NEW."id";
    DELETE FROM "events" WHERE "subject_id" = NEW."id" AND "kind" IN ('password', 'email', 'secondFactor'); -- They have addresses.
    UPDATE "events" SET "actor_id" = NULL WHERE "actor_id" = NEW."id" AND NOT "audited";
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER "by_hand_users_empty_former" BEFORE UPDATE OF "deleted_at" ON "users" FOR EACH ROW
    WHEN (OLD."deleted_at" IS NULL AND NEW."deleted_at" IS NOT NULL) EXECUTE FUNCTION "by_hand_empty_former"();
CREATE TRIGGER "by_hand_users_forget_former" AFTER UPDATE OF "deleted_at" ON "users" FOR EACH ROW
    WHEN (OLD."deleted_at" IS NULL AND NEW."deleted_at" IS NOT NULL) EXECUTE FUNCTION "by_hand_forget_former"();

-- +goose Down
DROP TRIGGER "by_hand_users_forget_former" ON "users";
DROP TRIGGER "by_hand_users_empty_former" ON "users";
DROP FUNCTION "by_hand_forget_former"();
DROP FUNCTION "by_hand_empty_former"();
