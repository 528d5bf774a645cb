package e2e

import (
	"context"
	"flag"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	model "github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/hint"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// TestHints_AgreeWithKeto makes random communities and changes them. Each time that Keto is in sync, it asks for every permission
// of the model, every object and every member whether Keto decides what the rules of the rows say.
func TestHints_AgreeWithKeto(t *testing.T) {
	t.Parallel()
	classes, err := model.Classes()
	if err != nil {
		t.Fatal(err)
	}
	requireHintsKnow(t, classes)
	if err := flag.Set("rapid.checks", "8"); err != nil { // Each asks Keto some thousand times.
		t.Fatal(err)
	}
	stack := env.NewIsolatedStack(t)
	db := database.NewClient(stack.DB, nil)
	syncer := projection.NewSyncer(db, stack.Keto, slog.New(slog.DiscardHandler))
	var asked, allowed int
	rapid.Check(t, func(r *rapid.T) {
		c := &hintedCommunity{stack: stack, db: db, classes: classes}
		for _, change := range []func(*testing.T, *rapid.T){c.make, c.change} {
			change(t, r)
			if _, err := syncer.Reconcile(t.Context(), stack.DB, false, func(projection.Progress) {}); err != nil {
				r.Fatalf("sync: %v", err)
			}
			n, yes := c.compare(t.Context(), r)
			asked, allowed = asked+n, allowed+yes
		}
	})
	if allowed == 0 || allowed == asked {
		t.Errorf("of %d questions %d are answered by yes: the communities are too uniform to tell anything", asked, allowed)
	}
}

// hintTypes are the types of package hint by the namespaces that they stand for.
func hintTypes() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, value := range []any{hint.User{}, hint.Group{}, hint.CatProfile{}, hint.Fostering{}} {
		types[reflect.TypeOf(value).Name()] = reflect.TypeOf(value)
	}
	return types
}

// requireHintsKnow fails the test unless package hint has the namespaces, relations and permissions of the model, and no others.
func requireHintsKnow(t *testing.T, classes []model.Class) {
	t.Helper()
	var inModel, inHints []string
	for _, class := range classes {
		inModel = append(inModel, class.Name)
		for _, relation := range class.Relations {
			inModel = append(inModel, class.Name+" relation "+relation)
		}
		for _, permission := range class.Permissions {
			inModel = append(inModel, class.Name+" permission "+permission.Name)
		}
	}
	for name, kind := range hintTypes() {
		inHints = append(inHints, name)
		for field := range kind.Fields() {
			inHints = append(inHints, name+" relation "+inTypeScript(field.Name))
		}
		for method := range kind.Methods() {
			inHints = append(inHints, name+" permission "+inTypeScript(method.Name))
		}
	}
	slices.Sort(inModel)
	slices.Sort(inHints)
	if diff := cmp.Diff(inModel, inHints); diff != "" {
		t.Fatalf("what is in namespaces.ts and in package hint (-model +hint):\n%s", diff)
	}
}

// inTypeScript returns the name of the model for a name of package hint.
func inTypeScript(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// hintedCommunity is a random community.
type hintedCommunity struct {
	stack   *harness.IsolatedStack
	db      *ent.Client
	classes []model.Class

	members    []uuid.UUID
	cats       []*ent.CatProfile
	fosterings []*ent.Fostering
}

// make makes members, of whom some have roles, are suspended or have blocked others, with cats and fosterings.
func (c *hintedCommunity) make(t *testing.T, r *rapid.T) {
	t.Helper()
	for range rapid.IntRange(4, 6).Draw(r, "members") {
		member := c.db.User.Create().SetIdentityID(uuid.New()).SetName("Member").SetEmail("").SaveX(t.Context()).ID
		c.members = append(c.members, member)
		switch rapid.SampledFrom([]string{"none", "none", "admin", "super admin", "moderator", "admin and moderator"}).Draw(r, "role") {
		case "admin":
			c.db.AdminRole.Create().SetUserID(member).ExecX(t.Context())
		case "super admin":
			c.db.AdminRole.Create().SetUserID(member).SetSuper(true).ExecX(t.Context())
		case "moderator":
			c.db.ModeratorRole.Create().SetUserID(member).ExecX(t.Context())
		case "admin and moderator":
			c.db.AdminRole.Create().SetUserID(member).ExecX(t.Context())
			c.db.ModeratorRole.Create().SetUserID(member).ExecX(t.Context())
		}
		if rapid.IntRange(0, 3).Draw(r, "suspended") == 0 {
			c.db.Suspension.Create().SetUserID(member).SetReason("Spam.").ExecX(t.Context())
		}
		if other := c.members[0]; other != member && rapid.Bool().Draw(r, "blocked") {
			c.db.Block.Create().SetBlockerID(other).SetBlockedID(member).ExecX(t.Context())
		}
	}
	for range rapid.IntRange(2, 3).Draw(r, "cats") {
		c.cats = append(c.cats, c.db.CatProfile.Create().SetOwnerID(rapid.SampledFrom(c.members).Draw(r, "owner")).
			SetName("Godard").SetAge(3).SetDescription("Shy at first.").SetAvailable(rapid.Bool().Draw(r, "available")).SaveX(t.Context()))
	}
	for range rapid.IntRange(3, 6).Draw(r, "fosterings") {
		c.ask(t, r)
	}
}

// ask makes a fostering in any state. A member has one open fostering of a cat at most, and the days of none overlap.
func (c *hintedCommunity) ask(t *testing.T, r *rapid.T) {
	t.Helper()
	cat, participant := rapid.SampledFrom(c.cats).Draw(r, "cat"), rapid.SampledFrom(c.members).Draw(r, "participant")
	status := rapid.SampledFrom([]fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Active,
		fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Completed,
	}).Draw(r, "status")
	isOpen := func(f *ent.Fostering) bool {
		return f.CatProfileID == cat.ID && f.ParticipantID == participant && slices.Contains(fostering.Open(), f.Status)
	}
	if participant == cat.OwnerID || slices.ContainsFunc(c.fosterings, isOpen) {
		return
	}
	day := time.Date(2030, 1, 1+len(c.fosterings), 0, 0, 0, 0, time.UTC)
	c.fosterings = append(c.fosterings, c.db.Fostering.Create().SetCatProfileID(cat.ID).SetParticipantID(participant).
		SetStartDate(day).SetEndDate(day).SetStatus(status).SaveX(t.Context()))
}

// change ends some fosterings, makes others, and takes roles away or gives them.
func (c *hintedCommunity) change(t *testing.T, r *rapid.T) {
	t.Helper()
	for i, f := range c.fosterings {
		if rapid.Bool().Draw(r, "ends") {
			c.fosterings[i] = c.db.Fostering.UpdateOneID(f.ID).SetStatus(fostering.Completed).SaveX(t.Context())
		}
	}
	c.ask(t, r)
	member := rapid.SampledFrom(c.members).Draw(r, "member")
	if rapid.Bool().Draw(r, "promoted") {
		c.stack.Exec(t, `INSERT INTO admin_roles (id, created_at, updated_at, user_id, super) VALUES ($1, now(), now(), $1, true)
			ON CONFLICT (user_id) DO UPDATE SET super = true`, member)
	} else {
		c.stack.Exec(t, `DELETE FROM admin_roles WHERE user_id = $1`, member)
	}
	cat := rapid.SampledFrom(c.cats).Draw(r, "deleted cat")
	c.db.Fostering.Delete().Where(entfostering.CatProfileID(cat.ID)).ExecX(t.Context())
	c.db.CatProfile.DeleteOne(cat).ExecX(t.Context())
	c.cats = slices.DeleteFunc(c.cats, func(other *ent.CatProfile) bool { return other.ID == cat.ID })
	c.fosterings = slices.DeleteFunc(c.fosterings, func(f *ent.Fostering) bool { return f.CatProfileID == cat.ID })
}

// compare asks about every permission on every object, for the members and for somebody who is none. It returns how many questions
// there were, and to how many of them the answer was yes.
func (c *hintedCommunity) compare(ctx context.Context, r *rapid.T) (asked, allowed int) {
	type question struct {
		tuple harness.Tuple
		hint  bool
	}
	var questions []question
	for _, member := range append(slices.Clone(c.members), uuid.New()) {
		for object, relations := range c.hintsFor(ctx, r, member) {
			for _, class := range c.classes {
				if class.Name != string(object.Namespace) {
					continue
				}
				for _, permission := range class.Permissions {
					method := relations.MethodByName(strings.ToUpper(permission.Name[:1]) + permission.Name[1:])
					questions = append(questions, question{
						harness.Tuple{Object: object, Relation: keto.Relation(permission.Name), Subject: keto.UserSubject(member)},
						method.Call(nil)[0].Bool(),
					})
				}
			}
		}
	}
	answers := make([]bool, len(questions))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, q := range questions {
		group.Go(func() (err error) {
			answers[i], err = c.stack.Keto.Check(ctx, q.tuple)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		r.Fatal(err)
	}
	for i, q := range questions {
		if answers[i] != q.hint {
			r.Errorf("%s: Keto says %t, the rows say %t", q.tuple, answers[i], q.hint)
		}
		if q.hint {
			allowed++
		}
	}
	return len(questions), allowed
}

// hintsFor returns what a member is to all objects, as values of package hint.
func (c *hintedCommunity) hintsFor(ctx context.Context, r *rapid.T, member uuid.UUID) map[harness.Object]reflect.Value {
	roles, err := hint.RolesOf(ctx, c.db, []uuid.UUID{member})
	if err != nil {
		r.Fatal(err)
	}
	found := map[harness.Object]reflect.Value{
		keto.ObjectOf(keto.User, member): reflect.ValueOf(hint.User{}),
		keto.AdminGroup():                reflect.ValueOf(roles[member].Admins()),
		keto.ModeratorGroup():            reflect.ValueOf(roles[member].Moderators()),
	}
	cats, fosterings := make([]uuid.UUID, len(c.cats)), make([]uuid.UUID, len(c.fosterings))
	for i, cat := range c.cats {
		cats[i] = cat.ID
	}
	for i, f := range c.fosterings {
		fosterings[i] = f.ID
	}
	toCats, err := hint.ToCats(ctx, c.db, member, cats)
	if err != nil || len(toCats) != len(cats) {
		r.Fatalf("%d hints for %d cats: %v", len(toCats), len(cats), err)
	}
	for id, to := range toCats {
		found[harness.CatObject(id)] = reflect.ValueOf(*to)
	}
	toFosterings, err := hint.ToFosterings(ctx, c.db, member, fosterings)
	if err != nil || len(toFosterings) != len(fosterings) {
		r.Fatalf("%d hints for %d fosterings: %v", len(toFosterings), len(fosterings), err)
	}
	for id, to := range toFosterings {
		found[harness.FosteringObject(id)] = reflect.ValueOf(*to)
	}
	return found
}
