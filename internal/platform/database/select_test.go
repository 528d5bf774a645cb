package database_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestSelect_Structs(t *testing.T) {
	t.Parallel()
	type (
		Status string
		Days   struct{ StartDate, EndDate *time.Time }
		row    struct {
			ObjectID uuid.UUID
			Claim    uuid.NullUUID
			Status   Status
			Count    int
			Hash     []byte
			Days
		}
	)
	one, claim, day := uuid.New(), uuid.New(), time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)
	got, err := database.Select[row](t.Context(), dbtest.New(t).DB, `
		SELECT * FROM (VALUES
			(2, $1::uuid, $2::uuid, 'OPEN', '\x01'::bytea, date '2030-01-02', NULL::date),
			(1, $1, NULL, '', NULL, NULL, NULL)) AS given (count, object_id, claim, status, hash, start_date, end_date)`, one, claim)
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{ObjectID: one, Claim: uuid.NullUUID{UUID: claim, Valid: true}, Status: "OPEN", Count: 2, Hash: []byte{1}, Days: Days{StartDate: &day}},
		{ObjectID: one, Count: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestSelect_Values(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	if got, err := database.Select[uuid.NullUUID](t.Context(), db, `SELECT NULL::uuid`); err != nil || len(got) != 1 || got[0].Valid {
		t.Errorf("a NULL is read as %v, %v", got, err)
	}
	if got, err := database.Select[string](t.Context(), db, `SELECT unnest($1::text[])`, "{a,b}"); err != nil || !cmp.Equal(got, []string{"a", "b"}) {
		t.Errorf("texts are read as %v, %v", got, err)
	}
}

func TestSelect_ColumnWithoutField(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	if got, err := database.Select[struct{ ID int }](t.Context(), db, `SELECT 1 AS id, 2 AS other`); err == nil {
		t.Errorf("a column without a field is left out: %v", got)
	}
	if got, err := database.Select[int](t.Context(), db, `SELECT 1, 2`); err == nil {
		t.Errorf("a second column is left out: %v", got)
	}
}
