package hidden_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestMembers asks in each way who is hidden from members, of whom some have blocked others.
func TestMembers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).Client
	names := []string{"blocker", "blocked", "both", "admin", "moderator", "suspended", "free", "stranger"}
	ids := map[string]uuid.UUID{}
	for _, name := range names {
		ids[name] = db.User.Create().SetIdentityID(uuid.New()).SetName(name).SetEmail("").SaveX(t.Context()).ID
		db.CatProfile.Create().SetOwnerID(ids[name]).SetName("Godard").SetAge(3).SetDescription("Shy.").ExecX(t.Context())
	}
	db.AdminRole.Create().SetUserID(ids["admin"]).ExecX(t.Context())
	db.ModeratorRole.Create().SetUserID(ids["moderator"]).ExecX(t.Context())
	db.Suspension.Create().SetUserID(ids["suspended"]).SetReason("Spam.").ExecX(t.Context())
	db.Suspension.Create().SetUserID(ids["free"]).SetReason("Spam.").SetUntil(time.Now().Add(-time.Second)).ExecX(t.Context()) // It has ended.
	for _, pair := range [][2]string{{"blocker", "blocked"}, {"blocker", "both"}, {"both", "blocker"}, {"blocker", "admin"}} {
		db.Block.Create().SetBlockerID(ids[pair[0]]).SetBlockedID(ids[pair[1]]).ExecX(t.Context())
	}
	for viewer, want := range map[string]struct{ hidden, apart, blocked string }{
		"blocker":   {"admin blocked both suspended", "admin blocked both suspended", "admin blocked both"},
		"blocked":   {"blocker suspended", "blocker suspended", ""},
		"both":      {"blocker suspended", "blocker suspended", "blocker"},
		"admin":     {"", "blocker suspended", ""},
		"moderator": {"", "suspended", ""},
		"stranger":  {"suspended", "suspended", ""},
	} {
		for what, test := range map[string]struct {
			members hidden.Members
			want    string
		}{
			"hidden from":     {hidden.From(ids[viewer]), want.hidden},
			"kept apart from": {hidden.ApartFrom(ids[viewer]), want.apart},
			"blocked by":      {hidden.BlockedBy(ids[viewer]), want.blocked},
		} {
			for way, got := range ways(t, db, test.members, ids[viewer]) {
				slices.Sort(got)
				if got := strings.Join(got, " "); got != test.want {
					t.Errorf("%s the %s, by %s: %q, want %q", what, viewer, way, got, test.want)
				}
			}
		}
	}
}

// ways returns the names of members, in all ways in which one can ask for them.
func ways(t *testing.T, db *ent.Client, members hidden.Members, viewer uuid.UUID) map[string][]string {
	t.Helper()
	ctx := t.Context()
	var marked []string
	for _, row := range db.User.Query().Modify(members.Mark(user.FieldID)).AllX(ctx) {
		if hidden.IsMarked(row) {
			marked = append(marked, row.Name)
		}
	}
	left := map[string]bool{}
	for _, row := range db.CatProfile.Query().Where(members.Exclude(catprofile.FieldOwnerID)).WithOwner().AllX(ctx) {
		left[row.Edges.Owner.Name] = true
	}
	var excluded []string
	for _, row := range db.User.Query().AllX(ctx) {
		if !left[row.Name] {
			excluded = append(excluded, row.Name)
		}
	}
	byText, err := database.Select[string](context.WithoutCancel(ctx), db,
		fmt.Sprintf(`SELECT name FROM users WHERE id IN (%s)`, members.Text("$1")), viewer)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]string{
		"include": db.User.Query().Where(members.Include(user.FieldID)).Select(user.FieldName).StringsX(ctx),
		"exclude": excluded, "mark": marked, "text": byText,
	}
}
