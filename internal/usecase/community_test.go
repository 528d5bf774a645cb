package usecase

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// community has the use cases on a database of its own. Kratos and Keto refuse every
// connection: use cases must not depend on them.
type community struct {
	db         dbtest.Database
	fosterings *Fosterings
	cats       *Cats
	accounts   *Accounts
	admins     *Admins
	blocks     *Blocks

	suspensions   *Suspensions
	notifications *Notifications

	mu    sync.Mutex
	clock time.Time
}

// quota is how many cats and pending requests a member may have, and how many messages a member may send within an hour.
const quota = 60

func quotas() config.Quotas {
	return config.Quotas{
		Cats: quota, PendingRequests: quota, MessagesPerHour: quota, ReportsPerDay: quota,
		NewcomerPendingRequests: quota, NewcomerMessagesPerHour: quota, NewcomerLinks: quota,
	}
}

// start is the day on which the tests begin.
var start = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func newCommunity(t *testing.T) *community {
	t.Helper()
	const nothing = "http://127.0.0.1:1"
	c := &community{db: dbtest.New(t), clock: start}
	log := slog.New(slog.DiscardHandler)
	client := keto.NewClient(config.Keto{PublicURL: nothing, AdminURL: nothing}, nil)
	syncer := projection.NewSyncer(c.db.Client, client, log)
	clock := Clock{Now: c.now, Day: dayOf}
	c.fosterings = NewFosterings(c.db.Client, syncer, quotas(), clock)
	c.cats = NewCats(c.db.Client, syncer, quota, clock)
	c.admins = NewAdmins(syncer)
	c.blocks = NewBlocks(syncer, clock)
	c.notifications = NewNotifications(c.db.Client, clock)
	ofAccounts := AccountsConfig{
		DB: c.db.Client, Syncer: syncer, Clock: clock, Log: log,
		Kratos: kratos.NewAdmin(config.Kratos{AdminURL: nothing}, nil),
	}
	c.accounts, c.suspensions = NewAccounts(ofAccounts), NewSuspensions(ofAccounts)
	return c
}

func (c *community) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

// today is the day in UTC.
func (c *community) today() time.Time { return dayOf(c.now()) }

// dayOf returns the day in UTC.
func dayOf(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// travel sets the clock to some days after the start.
func (c *community) travel(days int) { c.setClock(start.AddDate(0, 0, days)) }

func (c *community) setClock(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock = at.Truncate(time.Microsecond) // As Postgres stores it.
}

// day returns the day that is n days after the start.
func day(n int) time.Time { return start.Truncate(24*time.Hour).AddDate(0, 0, n) }

func (c *community) user(t *testing.T) uuid.UUID {
	t.Helper()
	u, err := c.db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// member returns the row of a user.
func (c *community) member(t *testing.T, id uuid.UUID) *ent.User {
	t.Helper()
	row, err := c.db.Client.User.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func (c *community) cat(t *testing.T, owner uuid.UUID) uuid.UUID {
	t.Helper()
	cat, err := c.cats.Create(t.Context(), owner, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cat.ID
}

func (c *community) request(t *testing.T, participant, cat uuid.UUID, first, last int) *ent.Fostering {
	t.Helper()
	f, err := c.fosterings.Request(t.Context(), participant, FosteringRequest{CatID: cat, StartDate: day(first), EndDate: day(last)})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// move makes a party of a fostering act: an admin is nobody else.
func (c *community) move(
	t *testing.T, by fostering.Party, action fostering.Action, id uuid.UUID, seen *time.Time,
) (*ent.Fostering, error) {
	t.Helper()
	viewer, ctx := uuid.New(), context.WithoutCancel(t.Context())
	if row, err := c.db.Client.Fostering.Query().Where(entfostering.ID(id)).WithCatProfile().Only(ctx); err == nil {
		switch by {
		case fostering.Owner:
			viewer = row.Edges.CatProfile.OwnerID
		case fostering.Participant:
			viewer = row.ParticipantID
		case fostering.Admin, fostering.System:
		}
	}
	return c.fosterings.Move(ctx, id, FosteringMove{Viewer: viewer, Action: action, Reason: new("Plans change."), Seen: seen})
}

func (c *community) status(t *testing.T, id uuid.UUID) fostering.Status {
	t.Helper()
	f, err := c.db.Client.Fostering.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f.Status
}

// events returns what parties and time have done with a fostering.
func (c *community) events(t *testing.T, id uuid.UUID) []*ent.Event {
	t.Helper()
	events, err := c.db.Client.Event.Query().
		Where(event.SubjectID(id), event.KindNotIn(notification.EventBeginsTomorrow, notification.EventEndsTomorrow, notification.EventDaysTaken)).
		Order(event.ByCreatedAt(), event.ByID()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// wantConflict checks the reason of a conflict.
func wantConflict(t *testing.T, what string, err error, want apperr.Reason) {
	t.Helper()
	if got := apperr.ReasonOf(err); got != want || apperr.CodeOf(err) != apperr.Conflict {
		t.Errorf("%s: %v with the reason %q, want a conflict with %q", what, err, got, want)
	}
}

// wantCode reports an error whose code is another one; the empty code means no error.
func wantCode(t *testing.T, what string, err error, want apperr.Code) {
	t.Helper()
	if apperr.CodeOf(err) != want || (want == "") != (err == nil) {
		t.Errorf("%s: %v, want code %q", what, err, want)
	}
}
