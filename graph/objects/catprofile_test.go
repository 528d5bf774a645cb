package objects_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestCatProfile_Owner loads a cat and its owner in one statement, and compares them with
// what ent loads in two.
func TestCatProfile_Owner(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	newCats(t, db, 1)
	newCats(t, db, 2)
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	cats, err := db.Client.CatProfile.Query().WithOwner().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range cats {
		before := db.Statements.Load()
		got, err := db.Client.CatProfile.FindOneWithOwner(t.Context(), catprofile.Columns, user.Columns, "c.id = $1", want.ID)
		if err != nil {
			t.Fatal(err)
		}
		ignored := cmpopts.IgnoreUnexported(ent.CatProfile{}, ent.CatProfileEdges{}, ent.User{}, ent.UserEdges{})
		if diff := cmp.Diff(want, got, ignored); diff != "" {
			t.Errorf("the cat with its owner (-want +got):\n%s", diff)
		}
		owner, err := factory.Cat(got).Owner(t.Context())
		if err != nil || owner.ID != want.OwnerID {
			t.Errorf("the owner is %v, %v, want %v", owner, err, want.OwnerID)
		}
		if statements := db.Statements.Load() - before; statements != 1 {
			t.Errorf("a cat and its owner take %d statements, want 1", statements)
		}
		if rows, err := got.QueryOwner().All(t.Context()); err != nil || len(rows) != 1 { // It has ent's client.
			t.Errorf("query the owner of the cat: %v, %v", rows, err)
		}
	}
	if _, err := db.Client.CatProfile.FindOneWithOwner(t.Context(), catprofile.Columns, nil, "c.id = $1", uuid.New()); !ent.IsNotFound(err) {
		t.Errorf("load a cat that does not exist: %v, want the error that it is not found", err)
	}
}
