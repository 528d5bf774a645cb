-- +goose Up
-- Fosterings are locked before accounts: whoever deletes an account writes to them in this order. Nothing else writes to both.
-- create "member_references" table
CREATE TABLE "member_references" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "idempotency_key" uuid NULL, "input_hash" bytea NULL, "subject_id" uuid NOT NULL, "written_by" character varying NOT NULL, "took_place" boolean NOT NULL, "recommends" boolean NULL, "text" character varying NULL, "private_note" character varying NULL, "visible_at" timestamptz NOT NULL, "fostering_id" uuid NOT NULL, "author_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "member_references_fosterings_references" FOREIGN KEY ("fostering_id") REFERENCES "fosterings" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, CONSTRAINT "member_references_users_author" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "member_references_opinion" CHECK ((took_place = (recommends IS NOT NULL)) AND (took_place = (text IS NOT NULL))), CONSTRAINT "member_references_private_note_length_2000" CHECK (char_length((private_note)::text) <= 2000), CONSTRAINT "member_references_text_length_20_2000" CHECK ((char_length((text)::text) >= 20) AND (char_length((text)::text) <= 2000)), CONSTRAINT "member_references_written_by" CHECK ((written_by)::text = ANY ((ARRAY['OWNER'::character varying, 'PARTICIPANT'::character varying])::text[])));
-- create index "member_references_idempotency_key" to table: "member_references"
CREATE UNIQUE INDEX "member_references_idempotency_key" ON "member_references" ("author_id", "idempotency_key") WHERE (idempotency_key IS NOT NULL);
-- create index "reference_fostering_id_author_id" to table: "member_references"
CREATE UNIQUE INDEX "reference_fostering_id_author_id" ON "member_references" ("fostering_id", "author_id");
-- create index "reference_subject_id_visible_at_id" to table: "member_references"
CREATE INDEX "reference_subject_id_visible_at_id" ON "member_references" ("subject_id", "visible_at", "id");

-- A server of the version before deletes accounts without the references about the member. The trigger goes with the release after.
-- +goose StatementBegin
CREATE FUNCTION "by_hand_forget_references"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "member_references" WHERE "subject_id" = NEW."id";
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER "by_hand_users_references" AFTER UPDATE OF "deleted_at" ON "users" FOR EACH ROW
    WHEN (OLD."deleted_at" IS NULL AND NEW."deleted_at" IS NOT NULL) EXECUTE FUNCTION "by_hand_forget_references"();

-- +goose Down
DROP TRIGGER "by_hand_users_references" ON "users";
DROP FUNCTION "by_hand_forget_references"();
-- reverse: create index "reference_subject_id_visible_at_id" to table: "member_references"
DROP INDEX "reference_subject_id_visible_at_id";
-- reverse: create index "reference_fostering_id_author_id" to table: "member_references"
DROP INDEX "reference_fostering_id_author_id";
-- reverse: create index "member_references_idempotency_key" to table: "member_references"
DROP INDEX "member_references_idempotency_key";
-- reverse: create "member_references" table
DROP TABLE "member_references";
