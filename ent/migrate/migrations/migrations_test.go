package migrations_test

import (
	"context"
	"database/sql"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// emptyDatabase creates a database without tables and returns its URL.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	admin := dbtest.New(t)
	name := "empty_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(admin.Config.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestUp_Concurrent(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	var mu sync.Mutex
	var all []string
	var processes sync.WaitGroup
	for range 4 {
		processes.Go(func() {
			applied, err := migrations.Up(t.Context(), address)
			if err != nil {
				t.Errorf("migrate: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, applied...)
		})
	}
	processes.Wait()
	if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(all) == 0 || len(distinct) != len(all) {
		t.Errorf("%d migrations were applied, %d different ones; want each once", len(all), len(distinct))
	}
	if state, err := migrations.StateOf(t.Context(), open(t, address)); err != nil || state != (migrations.State{}) {
		t.Errorf("the state afterwards is %+v, %v, want that the schema is that of the program", state, err)
	}
}

// TestUp_TableInUse has another transaction hold what the migrations need.
func TestUp_TableInUse(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	other, err := open(t, address).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "CREATE TABLE users ()"); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), address); err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Errorf("migrate while a table is in use: %v, want that it does not wait for long", err)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if applied, err := migrations.Up(t.Context(), address); err != nil || len(applied) == 0 {
		t.Errorf("migrate again: %q, %v, want it to apply all migrations", applied, err)
	}
}

func TestStateOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		migrated  bool
		statement string
		want      migrations.State
	}{
		"no table":         {false, "", migrations.State{Pending: true}},
		"the same version": {true, "", migrations.State{}},
		"one is missing":   {true, "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", migrations.State{Pending: true}},
		// A server beside one of the next version, which has migrated the database.
		"a newer version":                     {true, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (29991231235959, true)", migrations.State{Newer: true}},
		"a newer version, and one is missing": {true, "UPDATE goose_db_version SET version_id = 29991231235959 WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", migrations.State{Pending: true, Newer: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := emptyDatabase(t)
			if test.migrated {
				if _, err := migrations.Up(t.Context(), address); err != nil {
					t.Fatal(err)
				}
			}
			if test.statement != "" {
				execute(t, open(t, address), test.statement)
			}
			readOnly := open(t, address+"&default_transaction_read_only=on")
			if got, err := migrations.StateOf(t.Context(), readOnly); err != nil || got != test.want {
				t.Errorf("the state is %+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}

// TestConfirmedAddressBackfill runs the migration on more rows than a batch has. It leaves what a server has
// written meanwhile.
func TestConfirmedAddressBackfill(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const rows = 12_003
	exec := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO users (id, created_at, updated_at, name, email, email_verified, confirmed_email)
		SELECT gen_random_uuid(), now(), now(), 'Ada', n || '@example.org', n % 3 <> 0, CASE WHEN n % 3 = 1 THEN 'other@example.org' END
		FROM generate_series(1, $1) AS n`, rows)
	text, err := os.ReadFile("20261129080109_confirmed_address_backfill.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, statement, _ := strings.Cut(string(text), "-- +goose StatementBegin")
	statement, _, _ = strings.Cut(statement, "-- +goose StatementEnd")
	exec(statement)
	for condition, what := range map[string]string{
		`email_verified AND confirmed_email = email`:               "have their own address",
		`email_verified AND confirmed_email = 'other@example.org'`: "keep what a server has written",
		`NOT email_verified AND confirmed_email IS NULL`:           "have none, because it is not verified",
	} {
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM users WHERE `+condition).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != rows/3 {
			t.Errorf("%d users %s, want %d", n, what, rows/3)
		}
	}
}

// section returns the statements of a migration in one direction. Those between StatementBegin and StatementEnd are one.
func section(t *testing.T, file, direction string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, found, _ := strings.Cut(string(text), "-- +goose "+direction+"\n")
	found, _, _ = strings.Cut(found, "-- +goose Down")
	plain, rest, _ := strings.Cut(found, "-- +goose StatementBegin")
	whole, rest, _ := strings.Cut(rest, "-- +goose StatementEnd")
	return []string{plain, whole, rest}
}

// execute runs statements.
func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// TestArchived_Upgrade archives a cat beside a server of the old version, and goes the way back.
func TestArchived_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const expand, validate, before = "20261129202818_archived_cats.sql", "20261129202819_archived_cats_validate.sql", "20261129175902_fostering_changes.sql"
	for _, name := range []string{places, "20261130070000_cat_words.sql"} { // They look at archived_at.
		execute(t, db, section(t, name, "Down")...)
	}
	down := func() {
		t.Helper()
		execute(t, db, section(t, validate, "Down")...)
		execute(t, db, section(t, expand, "Down")...)
	}
	insert := func(name string) { // As a server of the old version does.
		t.Helper()
		execute(t, db, `WITH owner AS (INSERT INTO users (id, created_at, updated_at, name, email)
				VALUES (gen_random_uuid(), now(), now(), '`+name+`', '') RETURNING id),
			cat AS (INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
				SELECT gen_random_uuid(), now(), now(), '`+name+`', 1, 'Shy.', '[]', id FROM owner RETURNING id),
			fostering AS (INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
				SELECT gen_random_uuid(), now(), now(), cat.id, owner.id, '2026-12-05', '2026-12-06', 'REJECTED' FROM cat, owner RETURNING id)
			INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, party, data)
				SELECT gen_random_uuid(), now(), now(), 'reject', 'Fostering', id, 'OWNER', '{}' FROM fostering`)
	}
	execute(t, db, section(t, "20261130061200_cat_facts.sql", "Down")...) // It needs the column.
	down()
	insert("before")
	execute(t, db, section(t, expand, "Up")...)
	execute(t, db, section(t, validate, "Up")...)
	insert("archived")
	execute(t, db, `UPDATE cat_profiles SET archived_at = now(), description = '', available = false WHERE name = 'archived'`)
	for what, statement := range map[string]string{
		"a cat without a description":          `UPDATE cat_profiles SET description = '' WHERE name = 'before'`,
		"an archived cat that is described":    `UPDATE cat_profiles SET description = 'Shy.' WHERE name = 'archived'`,
		"an archived cat that is available":    `UPDATE cat_profiles SET available = true WHERE name = 'archived'`,
		"an archived cat that lives somewhere": `UPDATE cat_profiles SET location = 'Berlin' WHERE name = 'archived'`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s is stored", what)
		}
	}
	down()
	for table, want := range map[string]int{"cat_profiles": 1, "fosterings": 1, "events": 1, "users": 2} {
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil || n != want {
			t.Errorf("after the way back there are %d %s (%v), want %d", n, table, err, want)
		}
	}
	execute(t, db, section(t, before, "Down")...)
}

// places is a migration that some tests go back over first.
const places = "20261130102700_places.sql"

// TestPlaces_Upgrade archives a cat and deletes an account as a server of the version before does, and goes the way back.
func TestPlaces_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	execute(t, db,
		`INSERT INTO places VALUES ('00000000-0000-0000-0000-000000000001', 'Town', NULL, 'XX', 1, 1, 1000, 'test')`,
		`INSERT INTO users (id, created_at, updated_at, name, email, place_id)
			SELECT gen_random_uuid(), now(), now(), 'Ada', '', id FROM places`,
		`INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id, place_id)
			SELECT gen_random_uuid(), now(), now(), 'Mia', 1, 'Shy.', '[]', id, place_id FROM users`,
		`UPDATE cat_profiles SET archived_at = now(), description = '', location = NULL, available = false`,
		`UPDATE users SET deleted_at = now(), name = '', location = NULL`,
	)
	var left int
	err := db.QueryRowContext(t.Context(), `SELECT count(place_id) + (SELECT count(place_id) FROM users) FROM cat_profiles`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d places (%v) are left of an archived cat and a deleted account, want 0", left, err)
	}
	const indexes = "20261130102701_places_validate.sql"
	for range 2 {
		execute(t, db, statementsOf(t, indexes, "Down")...)
		execute(t, db, section(t, places, "Down")...)
		execute(t, db, section(t, places, "Up")...)
		execute(t, db, statementsOf(t, indexes, "Up")...)
	}
}

// TestReferences_Upgrade has a server of the version before delete an account, whose references by others go, while its own stay.
func TestReferences_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	execute(t, db,
		`INSERT INTO users (id, created_at, updated_at, name, email) VALUES
			('00000000-0000-0000-0000-000000000001', now(), now(), 'Ada', ''), ('00000000-0000-0000-0000-000000000002', now(), now(), 'Bob', '')`,
		`INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
			SELECT gen_random_uuid(), now(), now(), 'Mia', 1, 'Shy.', '[]', id FROM users WHERE name = 'Ada'`,
		`INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
			SELECT gen_random_uuid(), now(), now(), c.id, u.id, now(), now(), 'COMPLETED' FROM cat_profiles c, users u WHERE u.name = 'Bob'`,
		`INSERT INTO member_references (id, created_at, updated_at, fostering_id, author_id, subject_id, written_by, took_place, visible_at)
			SELECT gen_random_uuid(), now(), now(), f.id, a.id, b.id, 'OWNER', false, now() FROM fosterings f, users a, users b WHERE a.id <> b.id`,
		`UPDATE users SET name = '' WHERE name = 'Ada'`,
	)
	count := func() (n int) {
		t.Helper()
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM member_references`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 2 {
		t.Errorf("%d references are there before an account is deleted, want 2", n)
	}
	execute(t, db, `UPDATE users SET deleted_at = now() WHERE name = 'Bob'`, `UPDATE users SET forgotten_at = now() WHERE name = 'Bob'`)
	if n := count(); n != 1 {
		t.Errorf("%d references are left of a deleted account, want the one that it has written", n)
	}
	const references = "20261130141001_references.sql"
	for range 2 {
		execute(t, db, section(t, references, "Down")...)
		execute(t, db, section(t, references, "Up")...)
	}
}

// TestMessagesBackfill makes the messages of requests the openings of conversations. It leaves what a server has written
// meanwhile.
func TestMessagesBackfill(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const rows, backfill = 12_003, "20261129213501_messages_backfill.sql"
	execute(t, db, `WITH owner AS (INSERT INTO users (id, created_at, updated_at, name, email)
			VALUES (gen_random_uuid(), now(), now(), 'Ada', '') RETURNING id),
		cat AS (INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
			SELECT gen_random_uuid(), now(), now(), 'Godard', 1, 'Shy.', '[]', id FROM owner RETURNING id)
		INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status, message)
			SELECT gen_random_uuid(), now() - interval '1 day', now(), cat.id, owner.id, '2026-12-05', '2026-12-06', 'REJECTED',
				(ARRAY['Please.', 'Pretty please.', NULL])[n % 3 + 1] FROM cat, owner, generate_series(1, `+strconv.Itoa(rows)+`) AS n`,
		`INSERT INTO messages (id, created_at, updated_at, fostering_id, author_id, text, opening)
			SELECT gen_random_uuid(), created_at, now(), id, participant_id, 'Changed.', true FROM fosterings WHERE message = 'Pretty please.'`)
	execute(t, db, section(t, backfill, "Up")...)
	for condition, what := range map[string]string{
		`m.text = message AND message = 'Please.'`:                                 "begin with the message of the request",
		`m.text = 'Changed.'`:                                                      "keep what a server has written",
		`m.id IS NULL AND message IS NULL`:                                         "are empty",
		`m.text = 'Please.' AND m.created_at = f.created_at`:                       "begin with the request",
		`m.opening AND author_id = participant_id AND message <> 'Pretty please.'`: "begin with the participant",
	} {
		var n int
		if err := db.QueryRowContext(t.Context(),
			`SELECT count(*) FROM fosterings f LEFT JOIN messages m ON f.id = fostering_id WHERE `+condition).Scan(&n); err != nil || n != rows/3 {
			t.Errorf("%d conversations %s (%v), want %d", n, what, err, rows/3)
		}
	}
	execute(t, db, section(t, backfill, "Down")...) // The way back.
	execute(t, db, section(t, "20261129213500_messages.sql", "Down")...)
}

// TestExpired_Upgrade has rows in every status before the migrations that bring EXPIRED, and a server of the old version
// that goes on writing.
func TestExpired_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	run := func(statements ...string) { t.Helper(); execute(t, db, statements...) }
	const expand, backfill = "20261129175900_fostering_events.sql", "20261129175901_fostering_expired.sql"
	run(section(t, "20261129213450_notifications.sql", "Down")...) // It needs the events.
	run(section(t, backfill, "Down")...)
	run(section(t, expand, "Down")...)
	insert := func(status, name, end, changed string) string {
		return `WITH owner AS (INSERT INTO users (id, created_at, updated_at, name, email, deleted_at)
				VALUES (gen_random_uuid(), now(), now(), '` + name + `', '', CASE WHEN '` + name + `' LIKE 'former%' THEN now() END) RETURNING id),
			cat AS (INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
				SELECT gen_random_uuid(), now(), now(), '` + name + `', 1, 'Shy.', '[]', id FROM owner RETURNING id)
			INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
				SELECT gen_random_uuid(), now(), '` + changed + `', cat.id, owner.id, '2026-12-05', '` + end + `', '` + status + `' FROM cat, owner`
	}
	want := map[string]string{}
	for _, row := range []struct{ status, name, changed, want string }{
		{"PENDING", "pending", "2026-12-01", "PENDING "},
		{"APPROVED", "approved", "2026-12-01", "APPROVED "},
		{"ACTIVE", "active", "2026-12-05", "ACTIVE "},
		{"REJECTED", "rejected", "2026-12-09", "REJECTED "},
		{"COMPLETED", "completed", "2026-12-11", "COMPLETED "},
		{"CANCELLED", "by a member", "2026-12-05 23:59:59Z", "CANCELLED "},
		{"CANCELLED", "by time", "2026-12-06 00:00:40Z", "EXPIRED SYSTEM"},
		{"CANCELLED", "former member", "2026-12-06 00:00:40Z", "CANCELLED "},
	} {
		run(insert(row.status, row.name, "2026-12-10", row.changed))
		want[row.name] = row.want
	}
	run(section(t, expand, "Up")...)
	run(insert("CANCELLED", "by an old server", "2026-12-10", "2026-12-06 00:00:10Z"),
		`UPDATE fosterings SET status = 'APPROVED' WHERE status = 'PENDING'`)
	want["by an old server"], want["pending"] = "EXPIRED SYSTEM", "APPROVED "
	run(section(t, backfill, "Up")...)
	rows, err := db.QueryContext(t.Context(), `SELECT name, status || ' ' || coalesce(ended_by, '') FROM fosterings f JOIN cat_profiles c ON c.id = f.cat_profile_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var name, status string
		if err := rows.Scan(&name, &status); err != nil {
			t.Fatal(err)
		}
		got[name] = status
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("after the upgrade: %v\nwant %v", got, want)
	}
	run(section(t, backfill, "Down")...) // The way back.
	run(section(t, expand, "Down")...)
}

// TestFacts_Upgrade has cats from before birth dates, and a server of the old version that goes on writing. Both columns must
// agree, whoever has written last.
func TestFacts_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const expand, backfill = "20261130061200_cat_facts.sql", "20261130061201_cat_facts_backfill.sql"
	run := func(statements ...string) { t.Helper(); execute(t, db, statements...) }
	down := func() { t.Helper(); run(section(t, expand, "Down")...) } // The indexes go with their columns.
	insert := func(name, age, changed string) {                       // As a server of the old version does.
		t.Helper()
		run(`WITH owner AS (INSERT INTO users (id, created_at, updated_at, name, email) VALUES (gen_random_uuid(), now(), now(), 'Ada', '') RETURNING id)
			INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
				SELECT gen_random_uuid(), now(), ` + changed + `, '` + name + `', ` + age + `, 'Shy.', '[]', id FROM owner`)
	}
	const now, twoYearsAgo = "now()", "now() - interval '2 years'"
	down()
	for _, name := range []string{"lately", "edited", "available", "archived"} {
		insert(name, "3", now)
	}
	insert("long ago", "0", twoYearsAgo)
	insert("ancient", "40", twoYearsAgo)
	insert("gone", "5", now)
	run(`UPDATE cat_profiles SET archived_at = now(), description = '', available = false WHERE name = 'gone'`)

	run(section(t, expand, "Up")...)
	insert("during", "7", now)
	run(`UPDATE cat_profiles SET available = false WHERE name = 'available'`, `UPDATE cat_profiles SET age = 8 WHERE name = 'edited'`,
		`UPDATE cat_profiles SET archived_at = now(), description = '', available = false WHERE name = 'archived'`)
	run(section(t, backfill, "Up")...)
	insert("old server", "0", now)
	insert("known", "1", now)
	// A server of the new version.
	run(`UPDATE cat_profiles SET age = 2, birth_date = current_date - interval '2 years 3 months', birth_date_precision = 'DAY', sex = 'MALE',
		breed = 'Siamese', good_with_dogs = true, vaccinated_until = '2027-01-01' WHERE name IN ('known', 'lately', 'during')`,
		// Servers of the old version: the same age, other columns, another age, a deletion.
		`UPDATE cat_profiles SET age = 2, description = 'Shy still.' WHERE name = 'known'`,
		`UPDATE cat_profiles SET age = 9 WHERE name = 'lately'`,
		`UPDATE cat_profiles SET archived_at = now(), description = '', available = false WHERE name = 'during'`)

	rows, err := db.QueryContext(t.Context(), `SELECT name, concat_ws(' ', age, extract(year FROM age(current_date, birth_date)), birth_date_precision, sex) FROM cat_profiles`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var name, what string
		if err := rows.Scan(&name, &what); err != nil {
			t.Fatal(err)
		}
		got[name] = what
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{ // age, age by the birth date
		"available": "3 3 YEAR", "edited": "8 8 YEAR", "archived": "3", "long ago": "2 2 YEAR", "ancient": "40 42 YEAR", "gone": "5",
		"old server": "0 0 YEAR", "known": "2 2 DAY MALE", "lately": "9 9 YEAR MALE", "during": "2",
	}, got); diff != "" {
		t.Errorf("cats after the upgrade (-want +got):\n%s", diff)
	}
	for what, statement := range map[string]string{
		"an unknown sex":                   `UPDATE cat_profiles SET sex = 'OTHER' WHERE name = 'known'`,
		"an unknown precision":             `UPDATE cat_profiles SET birth_date_precision = 'WEEK' WHERE name = 'known'`,
		"a birth date without a precision": `UPDATE cat_profiles SET birth_date_precision = NULL WHERE name = 'known'`,
		"a breed that is too long":         `UPDATE cat_profiles SET breed = repeat('x', 481) WHERE name = 'known'`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s is stored", what)
		}
	}
	down()
	insert("afterwards", "3", now)
}

// TestCatWords_Upgrade has cats from before the migration, goes the way back, and forward again.
func TestCatWords_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const expand, indexes, before = "20261130070000_cat_words.sql", "20261130070001_cat_words_indexes.sql", "20261129213501_messages_backfill.sql"
	insert := func(name string) { // As a server of the old version does.
		t.Helper()
		execute(t, db, `WITH owner AS (INSERT INTO users (id, created_at, updated_at, name, email)
				VALUES (gen_random_uuid(), now(), now(), 'Ada', '') RETURNING id)
			INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
				SELECT gen_random_uuid(), now(), now(), '`+name+`', 1, 'Loves children', '[]', id FROM owner`)
	}
	expect := func(about, condition string, want int) {
		t.Helper()
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM cat_profiles WHERE `+condition).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d cats (%v) with %s, want %d", about, n, err, condition, want)
		}
	}
	insert("first")
	down := func() {
		t.Helper()
		for _, statement := range append(statementsOf(t, indexes, "Down"), statementsOf(t, expand, "Down")...) {
			execute(t, db, statement)
		}
	}
	down()
	insert("second")
	expect("after the way back", `by_hand_words @@ 'loves'`, 2)
	if _, err := db.ExecContext(t.Context(), `UPDATE cat_profiles SET by_hand_words = ''`); err == nil {
		t.Error("after the way back the words can be written, want that Postgres makes them")
	}
	execute(t, db, section(t, expand, "Up")...)
	insert("third")
	for range 2 { // The second time it was interrupted.
		for _, statement := range statementsOf(t, indexes, "Up") {
			execute(t, db, statement)
		}
	}
	expect("after the upgrade", `by_hand_words @@ 'loves' AND by_hand_words_version = 0`, 3)
	down()
	execute(t, db, section(t, before, "Down")...)
}

// statementsOf returns the statements of a migration in one direction one by one, for those that run in no transaction.
func statementsOf(t *testing.T, file, direction string) (all []string) {
	t.Helper()
	for _, text := range section(t, file, direction) {
		for statement := range strings.SplitSeq(text, ";\n") {
			if strings.TrimSpace(statement) != "" {
				all = append(all, statement)
			}
		}
	}
	return all
}

// TestUp_OwnerOfTheDatabase migrates as somebody who owns the database and may do nothing else.
func TestUp_OwnerOfTheDatabase(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	db, role := open(t, address), "owner"+strings.TrimPrefix(parsed.Path, "/empty_")
	execute(t, db, `CREATE ROLE `+role+` LOGIN PASSWORD 'secret'`, `ALTER DATABASE `+strings.TrimPrefix(parsed.Path, "/")+` OWNER TO `+role)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, _ = db.ExecContext(ctx, `DROP OWNED BY `+role+` CASCADE`)
		_, _ = db.ExecContext(ctx, `REASSIGN OWNED BY `+role+` TO CURRENT_USER`)
		if _, err := db.ExecContext(ctx, `DROP ROLE `+role); err != nil {
			t.Error(err)
		}
	})
	parsed.User = url.UserPassword(role, "secret")
	if _, err := migrations.Up(t.Context(), parsed.String()); err != nil {
		t.Errorf("migrate as the owner of the database: %v", err)
	}
}

// TestUp_AnotherVersionOfICU finds a collation whose version is another one than that of the library, as after an upgrade of
// Postgres, and makes the index again.
func TestUp_AnotherVersionOfICU(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	state := func() (node string, isCurrent bool) {
		t.Helper()
		if err := db.QueryRowContext(t.Context(), `SELECT relfilenode, collversion = pg_collation_actual_version(c.oid)
			FROM pg_class i, pg_collation c WHERE relname = 'by_hand_cat_profiles_name_order' AND collname = 'by_hand_name_order'`).Scan(&node, &isCurrent); err != nil {
			t.Fatal(err)
		}
		return node, isCurrent
	}
	before, isCurrent := state()
	if !isCurrent {
		t.Fatal("the collation of a new database is not that of the library")
	}
	execute(t, db, `UPDATE pg_collation SET collversion = '1.2.3' WHERE collname = 'by_hand_name_order'`)
	var processes sync.WaitGroup
	for range 3 {
		processes.Go(func() {
			if _, err := migrations.Up(t.Context(), address); err != nil {
				t.Errorf("migrate: %v", err)
			}
		})
	}
	processes.Wait()
	if after, isCurrent := state(); after == before || !isCurrent {
		t.Errorf("the index was made again: %t, its version is current: %t, want both", after != before, isCurrent)
	}
	before, _ = state()
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if after, _ := state(); after != before {
		t.Error("an index of the current version is made again")
	}
}

// TestFormerMembers_Upgrade has a server of the version before delete the account of a member who has used all that this version has.
// What others have, and what is in the audit log, stays.
func TestFormerMembers_Upgrade(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	if _, err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db := open(t, address)
	const ada, bob = `'00000000-0000-0000-0000-000000000001'`, `'00000000-0000-0000-0000-000000000002'`
	const base, made = `id, created_at, updated_at`, `gen_random_uuid(), now(), now()`
	execute(t, db,
		`INSERT INTO users (`+base+`, name, email, confirmed_email, new_email, new_email_at, recovered_at, language, mail_off, muted_kinds, refused_email, unsubscribe_token, quota_factor)
			SELECT id::uuid, now(), now(), name, 'a@example.org', 'a@example.org', 'b@example.org', now(), now(), 'de', true, '[]', 'c@example.org', name, 2
			FROM (VALUES (`+ada+`, 'Ada'), (`+bob+`, 'Bob')) AS members (id, name)`,
		`INSERT INTO cat_profiles (`+base+`, name, age, description, photos_urls, owner_id) VALUES (`+made+`, 'Mia', 1, 'Shy.', '[]', `+ada+`)`,
		`INSERT INTO fosterings (`+base+`, cat_profile_id, participant_id, start_date, end_date, status, ended_by, end_reason)
			SELECT `+made+`, c.id, `+bob+`, now(), now(), 'CANCELLED', party, 'A reason.' FROM cat_profiles AS c, (VALUES ('OWNER'), ('PARTICIPANT')) AS parties (party)`,
		`INSERT INTO fostering_changes (`+base+`, fostering_id, start_date, end_date, proposed_by, message, decline_reason, open)
			SELECT `+made+`, f.id, now(), now(), ended_by, 'A proposal.', 'No.', false FROM fosterings AS f`,
		`INSERT INTO messages (`+base+`, fostering_id, author_id, text) SELECT `+made+`, f.id, u.id, 'Hello.' FROM fosterings AS f, users AS u`,
		`INSERT INTO blocks (`+base+`, blocker_id, blocked_id) SELECT `+made+`, a.id, b.id FROM users AS a, users AS b WHERE a.id <> b.id`,
		`INSERT INTO suspensions (`+base+`, user_id, reason) SELECT `+made+`, id, 'Spam.' FROM users`,
		`INSERT INTO moderator_roles (`+base+`, user_id) SELECT `+made+`, id FROM users`,
		`INSERT INTO events (`+base+`, kind, subject, subject_id, actor_id, party, data, audited)
			SELECT `+made+`, kind, 'User', id, id, 'ADMIN', '{}', kind = 'grant' FROM users, (VALUES ('grant'), ('revoke'), ('email')) AS kinds (kind)`,
		`INSERT INTO notifications (`+base+`, user_id, event_id) SELECT `+made+`, u.id, e.id FROM users AS u, events AS e WHERE e.kind = 'revoke'`,
		`UPDATE users SET name = '', email = '' WHERE name = 'Bob'`,
	)
	count := func(query string) (n int) {
		t.Helper()
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	const kept = ` WHERE confirmed_email IS NOT NULL AND new_email IS NOT NULL AND language IS NOT NULL AND unsubscribe_token IS NOT NULL AND mail_off`
	if n := count(`users` + kept); n != 2 {
		t.Fatalf("%d members have everything before an account is deleted, want 2", n)
	}
	execute(t, db, `UPDATE users SET deleted_at = now() WHERE id = `+bob)
	for query, want := range map[string]int{
		`users` + kept: 1,
		`users WHERE (confirmed_email, new_email, new_email_at, recovered_at, language, muted_kinds, refused_email, unsubscribe_token, quota_factor) IS NULL AND NOT mail_off`: 1,
		`fosterings WHERE end_reason IS NOT NULL AND ended_by = 'OWNER'`:             1,
		`fosterings WHERE end_reason IS NOT NULL`:                                    1,
		`fostering_changes WHERE (message IS NULL) = (proposed_by = 'PARTICIPANT')`:  2,
		`fostering_changes WHERE (decline_reason IS NULL) = (proposed_by = 'OWNER')`: 2,
		`messages`:                          2,
		`messages WHERE author_id = ` + ada: 2,
		`blocks`:                            0,
		`suspensions`:                       1,
		`moderator_roles`:                   2,
		`events WHERE kind = 'email'`:       1,
		`events WHERE actor_id IS NULL AND NOT audited`:   1,
		`events WHERE actor_id = ` + bob + ` AND audited`: 1,
		`notifications WHERE user_id = ` + ada:            2,
		`notifications`:                                   2,
	} {
		if n := count(query); n != want {
			t.Errorf("after an account was deleted there are %d rows %s, want %d", n, query, want)
		}
	}
	const former = "20261130230600_former_members.sql"
	for range 2 {
		execute(t, db, section(t, former, "Down")...)
		execute(t, db, section(t, former, "Up")...)
	}
}
