package usecase

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
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

	mu    sync.Mutex
	clock time.Time
}

// quota is how many cats, and how many pending requests, a member may have.
const quota = 60

// start is the day on which the tests begin.
var start = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func newCommunity(t *testing.T) *community {
	t.Helper()
	const nothing = "http://127.0.0.1:1"
	c := &community{db: dbtest.New(t), clock: start}
	log := slog.New(slog.DiscardHandler)
	client := keto.NewClient(config.Keto{PublicURL: nothing, AdminURL: nothing}, nil)
	syncer := projection.NewSyncer(c.db.Client, client, log)
	c.fosterings = NewFosterings(syncer, quota, c.now)
	c.cats = NewCats(c.db.Client, syncer, quota)
	c.admins = NewAdmins(syncer)
	c.accounts = NewAccounts(AccountsConfig{
		DB: c.db.Client, Syncer: syncer, Now: c.now, Log: log,
		Kratos: kratos.NewAdmin(config.Kratos{AdminURL: nothing}, nil),
	})
	return c
}

func (c *community) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

// travel sets the clock to some days after the start.
func (c *community) travel(days int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock = start.AddDate(0, 0, days)
}

// day returns the day that is n days after the start.
func day(n int) time.Time { return fostering.Day(start).AddDate(0, 0, n) }

func (c *community) user(t *testing.T) uuid.UUID {
	t.Helper()
	u, err := c.db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

func (c *community) cat(t *testing.T, owner uuid.UUID) uuid.UUID {
	t.Helper()
	cat, err := c.cats.Create(t.Context(), owner, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")})
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

func (c *community) status(t *testing.T, id uuid.UUID) fostering.Status {
	t.Helper()
	f, err := c.db.Client.Fostering.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f.Status
}

// wantCode reports an error whose code is another one; the empty code means no error.
func wantCode(t *testing.T, what string, err error, want apperr.Code) {
	t.Helper()
	if apperr.CodeOf(err) != want || (want == "") != (err == nil) {
		t.Errorf("%s: %v, want code %q", what, err, want)
	}
}
