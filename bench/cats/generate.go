package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// words returns the texts from which cats are generated. Every opening contains the word
// "cat". There are a hundred names and a hundred locations, so one cat in a hundred has a
// given one.
func words() (names, locations, openings, habits, needs []string) {
	for _, first := range strings.Fields("Mi Lu Ka To Ni Sa Bo Fe Pi Zo") {
		for _, last := range strings.Fields("nka na lo mmy zzi xi ras lix del rro") {
			names = append(names, first+last)
		}
	}
	for _, city := range strings.Fields(`Paris Berlin Wien Zürich Roma Madrid Lisboa Oslo Helsinki København
		Warszawa Praha Budapest Athína Dublin London Leeds Glasgow Lyon Nantes Hamburg Köln München Graz Torino`) {
		for _, part := range []string{"North", "South", "Old Town", "Harbour"} {
			locations = append(locations, city+" "+part)
		}
	}
	openings = []string{
		"A shy cat that hides at first", "A bold cat that greets everybody", "An old cat that sleeps all day",
		"A young cat full of mischief", "A cat that was found behind the bakery", "A gentle cat with one eye",
		"A house cat that has never been outside", "A cat of few words", "A very loud cat with a small heart",
		"A long-haired cat that loves to be brushed",
	}
	habits = []string{
		"purrs when you read aloud", "steals socks and brings them back", "watches birds from the window sill",
		"drinks only from the tap", "gets along with dogs but not with vacuum cleaners", "sleeps on warm laptops",
		"opens doors and never closes them", "talks to the neighbours", "chases shadows at dusk", "fears thunder",
	}
	needs = []string{
		"wants a quiet home", "needs two meals a day", "may live with children", "wants to be the only one",
		"needs a garden with a fence", "takes diabetic food", "must be brushed every evening",
		"would love a friend", "is used to flats", "comes with a scratching post",
	}
	return names, locations, openings, habits, needs
}

// seed makes random() return the same values in every run.
const seed = "SELECT setseed(0.7)"

// insertUsers creates $1 members with identities. Their ids are computed from their
// numbers, so that the statements below can refer to them without a join.
const insertUsers = `
INSERT INTO users (id, created_at, updated_at, identity_id, name, email, email_verified, location)
SELECT md5('user ' || n)::uuid, t, t, md5('identity ' || n)::uuid,
	'Member ' || n, 'member' || n || '@example.org', true, 'Somewhere'
FROM generate_series(1, $1) AS n, LATERAL (SELECT timestamptz '2024-01-01' + n * interval '1 minute' AS t) AS at`

// insertCats creates $1 cats of $2 members, over two years. Their ids increase with time,
// as those of the API do. About ten cats share a surname, whatever $1 is. The surname has
// only letters, so that the text search treats it as one word.
const insertCats = `
INSERT INTO cat_profiles (id, created_at, updated_at, owner_id, name, age, description,
	special_care_instructions, photos_urls, location, available)
SELECT (lpad(to_hex((extract(epoch FROM t) * 1000)::bigint), 12, '0') || '7' || substr(md5('cat ' || n), 1, 3) ||
		'8' || substr(md5('cat ' || n), 4, 15))::uuid,
	t, t,
	md5('user ' || 1 + floor(random() * $2)::int)::uuid,
	($3::text[])[1 + floor(random() * cardinality($3::text[]))::int] || ' ' ||
		initcap(translate(lpad(to_hex(floor(random() * $1 / 10)::int), 6, '0'), '0123456789', 'ghijklmnop')),
	floor(random() * 21)::int,
	($5::text[])[1 + floor(random() * cardinality($5::text[]))::int] || ', ' ||
		($6::text[])[1 + floor(random() * cardinality($6::text[]))::int] || ' and ' ||
		($7::text[])[1 + floor(random() * cardinality($7::text[]))::int] || '. Loves ' ||
		'q' || translate(lpad(to_hex(floor(exp(random() * ln(10000)))::int), 4, '0'), '0123456789', 'ghijklmnop') || '.',
	CASE WHEN random() < 0.2 THEN 'Half a pill every morning, hidden in cheese.' END,
	'[]',
	($4::text[])[1 + floor(random() * cardinality($4::text[]))::int],
	random() < 0.8
FROM generate_series(1, $1::int) AS n,
	LATERAL (SELECT timestamptz '2024-01-01' + n * (interval '730 days' / $1::int) AS t) AS at`

// insertFosterings creates one fostering per ten cats: two for every twentieth cat, in
// different months, so that they do not overlap. Three in ten are promised.
const insertFosterings = `
INSERT INTO fosterings (id, created_at, updated_at, start_date, end_date, status, cat_profile_id, participant_id)
SELECT md5('fostering ' || cat.n || ' ' || turn)::uuid,
	cat.created_at + turn * interval '1 day', cat.created_at + turn * interval '1 day',
	day, day + floor(random() * 25)::int,
	(ARRAY['APPROVED', 'APPROVED', 'ACTIVE', 'PENDING', 'PENDING', 'COMPLETED', 'COMPLETED', 'COMPLETED',
		'REJECTED', 'CANCELLED'])[1 + floor(random() * 10)::int],
	cat.id, md5('user ' || 1 + (cat.n / 20 + turn * 7) % $1::int)::uuid
FROM (SELECT id, created_at, row_number() OVER (ORDER BY created_at) AS n FROM cat_profiles) AS cat,
	generate_series(0, 1) AS turn,
	LATERAL (SELECT date '2026-06-01' + 60 * turn + floor(random() * 30)::int AS day) AS at
WHERE cat.n % 20 = 0`

// dropIndexes drops the indexes that belong to no constraint, and createIndexes creates them again.
// To fill the tables without them takes a tenth of the time.
const (
	dropIndexes = `
DO $$ DECLARE dropped record; BEGIN
	CREATE TEMPORARY TABLE dropped_indexes AS
	SELECT indexname, indexdef FROM pg_indexes
	WHERE tablename IN ('users', 'cat_profiles', 'fosterings') AND schemaname = 'public'
		AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('%I.%I', schemaname, indexname)::regclass);
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE format('DROP INDEX %I', dropped.indexname); END LOOP;
END $$`
	createIndexes = `
DO $$ DECLARE dropped record; BEGIN
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE dropped.indexdef; END LOOP;
END $$`
)

// fill creates members, cats and fosterings.
func fill(ctx context.Context, db *sql.DB, cats, users int) (err error) {
	names, locations, openings, habits, needs := words()
	// The seed, maintenance_work_mem and the temporary table belong to one session.
	session, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	for _, step := range []struct {
		what, statement string
		arguments       []any
	}{
		{"drop the indexes", dropIndexes, nil},
		{"set the seed", seed, nil},
		{"set the memory for indexes", "SET maintenance_work_mem = '512MB'", nil},
		{"create members", insertUsers, []any{users}},
		{"create cats", insertCats, []any{
			cats, users, pq.Array(names), pq.Array(locations), pq.Array(openings), pq.Array(habits), pq.Array(needs),
		}},
		{"create fosterings", insertFosterings, []any{users}},
		{"create the indexes", createIndexes, nil},
		// Autovacuum would do this later: statistics for the planner, and the visibility
		// map for index-only scans.
		{"analyze", "VACUUM ANALYZE", nil},
	} {
		if _, err := session.ExecContext(ctx, step.statement, step.arguments...); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}
