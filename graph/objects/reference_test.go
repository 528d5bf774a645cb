package objects_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// referred is a community in which every fostering of an owner's cats has a reference of its participant.
type referred struct {
	dbtest.Database
	owner, foster *ent.User
}

func newReferred(t *testing.T) *referred {
	t.Helper()
	r := &referred{Database: dbtest.New(t)}
	r.owner, r.foster = r.user(t), r.user(t)
	return r
}

func (r *referred) user(t *testing.T) *ent.User {
	t.Helper()
	return r.Client.User.Create().SetName("Ada").SetEmail("").SetIdentityID(uuid.New()).SaveX(t.Context())
}

// fostering adds a fostering that ended some time ago.
func (r *referred) fostering(t *testing.T, status fostering.Status, ago time.Duration) *ent.Fostering {
	t.Helper()
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	cat := r.Client.CatProfile.Create().SetOwner(r.owner).SetName("Godard").SetAge(3).SetDescription("Shy.").SaveX(t.Context())
	return r.Client.Fostering.Create().SetCatProfile(cat).SetParticipant(r.foster).SetStatus(status).SetEndedAt(time.Now().Add(-ago)).
		SetStartDate(day).SetEndDate(day).SaveX(t.Context())
}

// reference adds what the participant says about the owner, which others see from some time on. Without a text the fostering did not
// take place.
func (r *referred) reference(t *testing.T, text string, in time.Duration) *ent.Reference {
	t.Helper()
	create := r.Client.Reference.Create().SetFostering(r.fostering(t, fostering.Completed, time.Hour)).SetAuthor(r.foster).SetSubjectID(r.owner.ID).
		SetWrittenBy(fostering.Participant).SetTookPlace(text != "").SetVisibleAt(time.Now().Add(in))
	if text != "" {
		create.SetText(text).SetRecommends(text[0] == 'G')
	}
	return create.SaveX(t.Context())
}

// TestUser_References reads the published references of a page of members, newest first, and counts the statements.
func TestUser_References(t *testing.T) {
	t.Parallel()
	r := newReferred(t)
	var want []string
	for n := range 5 {
		text := fmt.Sprintf("Good, and a text of enough letters: %d", n)
		r.reference(t, text, -time.Duration(n+1)*time.Hour)
		want = append(want, text)
	}
	r.reference(t, "Bad, and a text of enough letters.", -time.Hour*24)
	want = append(want, "Bad, and a text of enough letters.")
	r.reference(t, "Good, but still hidden from everybody.", time.Hour)
	r.reference(t, "", -time.Hour)
	for range 20 {
		r.user(t)
	}
	ctx := asViewer(t, r.Database, r.foster)
	users := objects.NewFactory(r.Client, nil, clock(), objects.Photos{}).Users(r.Client.User.Query().AllX(t.Context())...)
	const size = 4
	pages := func() (texts []string) {
		for _, u := range users {
			var after *scalar.Cursor
			for {
				page, err := u.References(ctx, new(size), after, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				edges, err := page.Edges(ctx)
				if err != nil {
					t.Fatal(err)
				}
				for _, edge := range edges {
					texts, after = append(texts, *edge.Node.Text), &edge.Cursor
				}
				if len(edges) < size {
					break
				}
			}
		}
		return texts
	}
	before := r.Statements.Load()
	if got := pages(); !slices.Equal(got, want) {
		t.Errorf("the references are %q, want %q", got, want)
	}
	if n := r.Statements.Load() - before; n != 2 {
		t.Errorf("%d statements for two pages of references about %d members, want 2", n, len(users))
	}
	before = r.Statements.Load()
	for _, u := range users {
		summary := u.ReferencesSummary()
		good, err := summary.Recommends(ctx)
		bad, failure := summary.DoesNotRecommend(ctx)
		if err != nil || failure != nil || u.ID == r.owner.ID && (good != 5 || bad != 1) || u.ID != r.owner.ID && good+bad != 0 {
			t.Errorf("%d references recommend, %d do not (%v, %v); want 5 and 1 for the owner, and 0 for others", good, bad, err, failure)
		}
		if _, err := summary.LateCancellations(ctx); err != nil {
			t.Error(err)
		}
	}
	if n := r.Statements.Load() - before; n != 2 {
		t.Errorf("%d statements for the numbers of %d members, want 2", n, len(users))
	}
}

// TestUser_LateCancellations counts for each side what that side has called off.
func TestUser_LateCancellations(t *testing.T) {
	t.Parallel()
	r := newReferred(t)
	for by, n := range map[fostering.Party]int{fostering.Owner: 2, fostering.Participant: 3, fostering.Admin: 1} {
		for range n {
			r.fostering(t, fostering.Cancelled, 0).Update().SetEndedBy(by).SetCancelledLate(true).SaveX(t.Context())
		}
		r.fostering(t, fostering.Cancelled, 0).Update().SetEndedBy(by).SaveX(t.Context())
	}
	users := objects.NewFactory(r.Client, nil, clock(), objects.Photos{}).Users(r.owner, r.foster, r.user(t))
	for i, want := range []int{2, 3, 0} {
		if got, err := users[i].ReferencesSummary().LateCancellations(t.Context()); err != nil || got != want {
			t.Errorf("member %d has called off %d times (%v), want %d", i, got, err, want)
		}
	}
}

// TestFostering_ViewerCanRefer asks who may write, for a page of fosterings, in one statement.
func TestFostering_ViewerCanRefer(t *testing.T) {
	t.Parallel()
	r := newReferred(t)
	const day = 24 * time.Hour
	long := limits.ContactDays * day
	open := map[uuid.UUID]bool{
		r.fostering(t, fostering.Completed, 0).ID:                true,
		r.fostering(t, fostering.Completed, long-time.Minute).ID: true,
		r.fostering(t, fostering.Completed, long+time.Minute).ID: false,
		r.fostering(t, fostering.Cancelled, 0).ID:                false,
		r.fostering(t, fostering.Active, 0).ID:                   false,
	}
	written := r.reference(t, "Good, and a text of enough letters.", time.Hour).FosteringID
	factory := objects.NewFactory(r.Client, nil, clock(), objects.Photos{})
	for _, test := range []struct {
		about  string
		viewer *ent.User
		isSide bool
	}{{"the owner", r.owner, true}, {"the participant", r.foster, true}, {"a stranger", r.user(t), false}} {
		ctx := asViewer(t, r.Database, test.viewer)
		all := factory.Fosterings(r.Client.Fostering.Query().AllX(t.Context())...)
		before := r.Statements.Load()
		for _, f := range all {
			want := test.isSide && open[f.ID]
			if f.ID == written {
				want = test.viewer == r.owner // The participant has written.
			}
			if got, err := f.ViewerCanRefer(ctx); err != nil || got != want {
				t.Errorf("%s can write about a fostering that is %s and ended at %v: %t (%v), want %t", test.about, f.Status, f.EndedAt, got, err, want)
			}
		}
		if n := r.Statements.Load() - before; n != 1 {
			t.Errorf("%d statements for %d fosterings, want 1", n, len(all))
		}
	}
	r.Client.User.UpdateOne(r.foster).SetDeletedAt(time.Now()).ExecX(t.Context())
	ctx := asViewer(t, r.Database, r.owner)
	for _, f := range factory.Fosterings(r.Client.Fostering.Query().AllX(t.Context())...) {
		if got, err := f.ViewerCanRefer(ctx); err != nil || got {
			t.Errorf("the owner can write about a former member: %t (%v)", got, err)
		}
	}
}
