-- The words of a cat, made by package words. The column is that of before, so that servers of the version before still find
-- cats by it. What they write gets the words that they expect, and the version 0: a pass of the new servers makes the words
-- of such rows, in batches, and those of all rows from before. Everything here takes moments.

-- +goose Up
ALTER TABLE "cat_profiles" ALTER COLUMN "by_hand_words" DROP EXPRESSION,
    ADD COLUMN "by_hand_words_version" integer NOT NULL DEFAULT 0,
    ADD COLUMN "by_hand_words_at" timestamptz NULL;
-- +goose StatementBegin
CREATE FUNCTION "by_hand_cat_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."by_hand_words" := CASE WHEN NEW."archived_at" IS NULL THEN
        setweight(to_tsvector('simple', NEW."name"), 'A') ||
        setweight(to_tsvector('simple', NEW."description"), 'B') ||
        setweight(to_tsvector('simple', coalesce(NEW."special_care_instructions", '')), 'C')
    ELSE '' END;
    NEW."by_hand_words_version" := 0;
    RETURN NEW;
END $$;
-- +goose StatementEnd
-- Who writes texts without words is a server of the version before, or archives a cat. A server that writes words with a text
-- also writes when, as the words of the new text may be those of the old one.
CREATE TRIGGER "by_hand_cat_words_insert" BEFORE INSERT ON "cat_profiles" FOR EACH ROW
    WHEN (NEW."by_hand_words" IS NULL) EXECUTE FUNCTION "by_hand_cat_words"();
CREATE TRIGGER "by_hand_cat_words_update" BEFORE UPDATE OF "name", "description", "special_care_instructions" ON "cat_profiles" FOR EACH ROW
    WHEN (NEW."by_hand_words_at" IS NOT DISTINCT FROM OLD."by_hand_words_at" AND
        (NEW."name", NEW."description", NEW."special_care_instructions") IS DISTINCT FROM
        (OLD."name", OLD."description", OLD."special_care_instructions"))
    EXECUTE FUNCTION "by_hand_cat_words"();
-- Whether a cat is found. Without these settings Postgres may read all cats for a word that it takes for a common one: it
-- plans for words in general.
CREATE FUNCTION "by_hand_cat_has"(words tsquery) RETURNS boolean LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off
    AS $$ SELECT EXISTS (SELECT FROM "cat_profiles" WHERE "by_hand_words" @@ words AND "archived_at" IS NULL) $$;

-- +goose Down
-- This writes the whole table while nobody can use it. To replace the servers by the version before does not need it.
DROP FUNCTION "by_hand_cat_has";
DROP TRIGGER "by_hand_cat_words_update" ON "cat_profiles";
DROP TRIGGER "by_hand_cat_words_insert" ON "cat_profiles";
DROP FUNCTION "by_hand_cat_words";
ALTER TABLE "cat_profiles" DROP COLUMN "by_hand_words_at", DROP COLUMN "by_hand_words_version", DROP COLUMN "by_hand_words";
ALTER TABLE "cat_profiles" ADD COLUMN "by_hand_words" tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('simple', "name" || ' ' || "description" || ' ' || coalesce("special_care_instructions", ''))
) STORED;
CREATE INDEX "by_hand_cat_profiles_words" ON "cat_profiles" USING gin ("by_hand_words");
