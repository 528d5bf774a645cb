package database_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestFieldIn checks the condition for different numbers of values, which must not be
// different statements.
func TestFieldIn(t *testing.T) {
	t.Parallel()
	for _, prepared := range []bool{true, false} {
		c := dbtest.New(t).Config
		c.MaxConnections, c.PreparedStatements = 1, prepared
		db := open(t, c, database.DefaultLimits())
		client := database.NewClient(db, nil)
		var ids []uuid.UUID
		var names []string
		for _, name := range []string{"Ada", `"Bob", {}\`, "Eve"} {
			u, err := client.User.Create().SetName(name).SetEmail("someone@example.org").Save(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ids, names = append(ids, u.ID), append(names, name)
		}
		for n := range len(ids) + 1 {
			byID, err := client.User.Query().Where(database.FieldIn(user.FieldID, ids[:n])).Count(t.Context())
			if err != nil || byID != n {
				t.Errorf("prepared statements %t: %d ids find %d users, %v", prepared, n, byID, err)
			}
			byName, err := client.User.Query().Where(database.FieldIn(user.FieldName, names[:n])).Count(t.Context())
			if err != nil || byName != n {
				t.Errorf("prepared statements %t: %d names find %d users, %v", prepared, n, byName, err)
			}
		}
		if statements, _ := preparedLike(t, db, "%ANY%"); prepared && statements != 2 {
			t.Errorf("there are %d statements, want 2", statements)
		}
	}
}
