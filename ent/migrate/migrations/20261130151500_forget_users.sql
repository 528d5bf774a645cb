-- +goose Up
-- Servers remember users for some seconds. Whoever changes a row, by whatever program, makes all of them forget the user when the
-- change commits. The payload is read by package live: the time by the clock of Postgres, the kind, and the id.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_forget_user"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catfoster_live', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint || ' FORGET ' || NEW."id");
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- Nobody has a session of a user without an identity.
CREATE TRIGGER "by_hand_users_forget" AFTER UPDATE ON "users" FOR EACH ROW
    WHEN (NEW."identity_id" IS NOT NULL) EXECUTE FUNCTION "by_hand_forget_user"();

-- +goose Down
DROP TRIGGER "by_hand_users_forget" ON "users";
DROP FUNCTION "by_hand_forget_user"();
