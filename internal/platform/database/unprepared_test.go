package database_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestUnprepared_OneRequest counts the requests of a statement: a pooler may send each of
// them to another server.
func TestUnprepared_OneRequest(t *testing.T) {
	t.Parallel()
	proxy := newSilenceableProxy(t, dbtest.New(t).Config)
	c := proxy.config
	c.MaxConnections, c.PreparedStatements = 1, false
	c.URL += "&binary_parameters=no" // It must not undo the switch.
	db := open(t, c, database.DefaultLimits())
	mustExec(t, db, "CREATE TEMP TABLE things (id int)")
	before := proxy.requests.Load()
	mustExec(t, db, "INSERT INTO things VALUES ($1)", 1)
	if got, err := read[int](t, db, "SELECT id FROM things WHERE id = $1", 1); err != nil || got != 1 {
		t.Errorf("read what was inserted: %d, %v, want 1", got, err)
	}
	if requests := proxy.requests.Load() - before; requests != 2 {
		t.Errorf("two statements take %d requests, want 2", requests)
	}
}

// TestUnprepared_Types writes and reads a column of every type.
func TestUnprepared_Types(t *testing.T) {
	t.Parallel()
	for _, prepared := range []bool{true, false} {
		c := dbtest.New(t).Config
		c.PreparedStatements = prepared
		client := database.NewClient(open(t, c, database.DefaultLimits()), nil)
		owner, err := client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want, err := client.CatProfile.Create().SetOwnerID(owner.ID).SetName("Minka").SetAge(3).
			SetBirthDate(time.Date(2023, 5, 6, 0, 0, 0, 0, time.UTC)).SetBirthDatePrecision(facts.Day).
			SetDescription("Shy at first.").SetPhotosUrls([]string{"https://example.org/minka.jpg", "é\\\""}).SetAvailable(false).Save(t.Context())
		if err != nil {
			t.Fatalf("prepared statements %t: write: %v", prepared, err)
		}
		got, err := client.CatProfile.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatalf("prepared statements %t: read: %v", prepared, err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("prepared statements %t: written (-) and read (+):\n%s", prepared, diff)
		}
	}
}
