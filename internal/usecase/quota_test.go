package usecase

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// otherProcess returns the use cases of another process: only Postgres makes them wait.
func (c *community) otherProcess() (*Cats, *Fosterings) {
	return NewCats(c.db.Client, c.cats.syncer, quota, c.cats.clock), NewFosterings(c.db.Client, c.cats.syncer, quotas(), c.cats.clock)
}

// atOnce calls a function from all windows. Their transactions wait for the row of the member, and
// go on at the same time. It returns how often there was no error, and one of the others.
func (c *community) atOnce(t *testing.T, member uuid.UUID, call func(window int) error) (succeeded int, other error) {
	t.Helper()
	holder, err := c.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback() }()
	if _, err := holder.ExecContext(t.Context(), "SELECT FROM users WHERE id = $1 FOR UPDATE", member); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, windows)
	for window := range windows {
		go func() { errs <- call(window) }()
	}
	for waiting := 0; waiting < windows && len(errs) == 0; {
		err := c.db.QueryRowContext(t.Context(),
			"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range windows {
		if err := <-errs; err == nil {
			succeeded++
		} else {
			other = err
		}
	}
	return succeeded, other
}

// windows is how many requests a member sends at the same time. Each goes to another process.
const windows = 8

// TestCats_Quota has processes add cats to an account at the same time. The failure: each of
// them counts before the other has added, so that the member gets more.
func TestCats_Quota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, cats := c.user(t), make([]*Cats, windows)
	for i := range cats {
		cats[i], _ = c.otherProcess()
	}
	first := c.cat(t, owner)
	for range quota - 3 {
		c.cat(t, owner)
	}
	add := func(i int) error {
		_, err := cats[i].Create(t.Context(), owner, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}, nil)
		return err
	}
	added, err := c.atOnce(t, owner, add)
	if added != 2 {
		t.Errorf("%d of %d cats are added to %d, want 2, because a member may have %d", added, windows, quota-2, quota)
	}
	wantConflict(t, "add one more cat", err, apperr.QuotaExceeded)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint("may have ", quota)) {
		t.Errorf("the error is %q, want it to name the limit", err)
	}
	if _, err := c.cats.Create(t.Context(), c.user(t), CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy.")}, nil); err != nil {
		t.Errorf("somebody else cannot add a cat: %v", err)
	}
	c.request(t, c.user(t), first, 1, 2) // Then the cat is archived.
	if err := c.cats.Delete(t.Context(), owner, first, nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "add a cat after deleting one", add(0), "")
}

// TestFosterings_Quota has processes request different cats for a member at the same time.
func TestFosterings_Quota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, otherOwner, ada, fosterings := c.user(t), c.user(t), c.user(t), make([]*Fosterings, windows)
	for i := range fosterings {
		_, fosterings[i] = c.otherProcess()
	}
	cats := make([]uuid.UUID, quota+windows)
	for i := range cats {
		cats[i] = c.cat(t, []uuid.UUID{owner, otherOwner}[i%2])
	}
	request := func(i int) error {
		_, err := fosterings[i%windows].Request(t.Context(), ada, FosteringRequest{CatID: cats[i], StartDate: day(1), EndDate: day(2)})
		return err
	}
	pending := c.request(t, ada, cats[0], 1, 2)
	for i := 1; i < quota-2; i++ {
		wantCode(t, "request a cat", request(i), "")
	}
	requested, err := c.atOnce(t, ada, func(window int) error { return request(quota + window) })
	if requested != 2 {
		t.Errorf("%d of %d requests are added to %d, want 2, because a member may have %d", requested, windows, quota-2, quota)
	}
	wantConflict(t, "request one more cat", err, apperr.QuotaExceeded)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint("may have ", quota)) {
		t.Errorf("the error is %q, want it to name the limit", err)
	}
	c.request(t, c.user(t), cats[0], 1, 2) // Others may.
	// What is no longer pending does not count.
	if _, err := c.move(t, fostering.Owner, fostering.Approve, pending.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got := c.status(t, pending.ID); got != fostering.Approved {
		t.Fatalf("the request is %s", got)
	}
	wantCode(t, "request a cat after an approval", request(quota-2), "")
}

// TestFosterings_QuotaOfNewcomers lets somebody on the first day do less than others.
func TestFosterings_QuotaOfNewcomers(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	c.setClock(c.db.Client.User.GetX(t.Context(), c.user(t)).CreatedAt)
	low := quotas()
	low.NewcomerMessagesPerHour, low.NewcomerPendingRequests, low.NewcomerLinks = 1, 1, 1
	fosterings := NewFosterings(c.db.Client, c.cats.syncer, low, c.cats.clock)
	owner, newcomer := c.user(t), c.user(t)
	request := func() (*ent.Fostering, error) {
		return fosterings.Request(t.Context(), newcomer, FosteringRequest{CatID: c.cat(t, owner), StartDate: c.today().AddDate(0, 0, 1), EndDate: c.today().AddDate(0, 0, 2)})
	}
	send := func(f *ent.Fostering) error {
		_, err := fosterings.Send(t.Context(), NewMessage{Author: newcomer, FosteringID: f.ID, Text: "Hello."})
		return err
	}
	first, err := request()
	wantCode(t, "a first request", err, "")
	_, err = request()
	wantConflict(t, "a second request", err, apperr.QuotaExceeded)
	wantCode(t, "a first message", send(first), "")
	wantConflict(t, "a second message", send(first), apperr.QuotaExceeded)
	member := c.db.Client.User.GetX(t.Context(), newcomer)
	if most, err := fosterings.MaxLinks(t.Context(), member); most != 1 || err != nil {
		t.Errorf("a newcomer may have %d links, %v, want 1", most, err)
	}
	c.setClock(c.now().Add(newcomerTime + time.Minute))
	second, err := request()
	wantCode(t, "a request on the second day", err, "")
	wantCode(t, "a message on the second day", errors.Join(send(second), send(second)), "")
	if most, err := fosterings.MaxLinks(t.Context(), member); most != -1 || err != nil {
		t.Errorf("who is no newcomer may have %d links, %v, want any number", most, err)
	}
}

// TestFosterings_QuotaAfterCompletion lets both sides of a completed fostering do as much on the first day as other members.
func TestFosterings_QuotaAfterCompletion(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	c.setClock(c.db.Client.User.GetX(t.Context(), c.user(t)).CreatedAt)
	low := quotas()
	low.NewcomerMessagesPerHour, low.NewcomerPendingRequests, low.NewcomerLinks = 1, 1, 1
	fosterings := NewFosterings(c.db.Client, c.cats.syncer, low, c.cats.clock)
	other, owner, participant := c.user(t), c.user(t), c.user(t)
	request := func(by, of uuid.UUID) (*ent.Fostering, error) {
		return fosterings.Request(t.Context(), by, FosteringRequest{CatID: c.cat(t, of), StartDate: c.today(), EndDate: c.today()})
	}
	done, err := request(participant, owner)
	wantCode(t, "a request", err, "")
	done.Update().SetStatus(fostering.Completed).SetEndedBy(fostering.System).SetEndedAt(c.now()).ExecX(t.Context())
	for who, member := range map[string]uuid.UUID{"the owner": owner, "the participant": participant} {
		first, err := request(member, other)
		wantCode(t, who+" asks", err, "")
		_, err = request(member, other)
		wantCode(t, who+" asks again", err, "")
		for range 2 {
			_, err := fosterings.Send(t.Context(), NewMessage{Author: member, FosteringID: first.ID, Text: "Hello."})
			wantCode(t, who+" writes", err, "")
		}
		if most, err := fosterings.MaxLinks(t.Context(), c.member(t, member)); most != -1 || err != nil {
			t.Errorf("%s may have %d links, %v, want any number", who, most, err)
		}
	}
}

// TestQuotas_Raise lets a newcomer, such as a shelter, have three times the quotas of all members, and no more than these later.
func TestQuotas_Raise(t *testing.T) {
	t.Parallel()
	g := newGallery(t) // Its clock is that of the rows.
	low := config.Quotas{
		PendingRequests: 2, MessagesPerHour: 2, NewcomerPendingRequests: 1, NewcomerMessagesPerHour: 1, NewcomerLinks: 1,
	}
	clock, syncer := g.cats.clock, g.cats.syncer
	fosterings, cats := NewFosterings(g.db.Client, syncer, low, clock), NewCats(g.db.Client, syncer, 2, clock)
	photos := NewPhotos(g.db.Client, syncer, g.files, 2, clock)
	raise := NewQuotas(g.db.Client).Raise

	owner, newcomer, shelter := g.user(t), g.user(t), g.user(t)
	request := func(by uuid.UUID) (*ent.Fostering, error) {
		return fosterings.Request(t.Context(), by, FosteringRequest{CatID: g.cat(t, owner), StartDate: g.today(), EndDate: g.today()})
	}
	about := map[uuid.UUID]uuid.UUID{} // a fostering of each member
	acts := map[string]func(by uuid.UUID) error{
		"have %d cats": func(by uuid.UUID) error {
			_, err := cats.Create(t.Context(), by, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy.")}, nil)
			return err
		},
		"have %d pending requests": func(by uuid.UUID) error {
			row, err := request(by)
			if err == nil {
				about[by] = row.ID
			}
			return err
		},
		"send %d messages": func(by uuid.UUID) error {
			_, err := fosterings.Send(t.Context(), NewMessage{Author: by, FosteringID: about[by], Text: "Hello."})
			return err
		},
		"upload %d photos": func(by uuid.UUID) error {
			_, err := photos.Add(t.Context(), by, made())
			if known := photos.RequireQuota(t.Context(), g.member(t, by)); apperr.ReasonOf(err) != "" && apperr.ReasonOf(known) != apperr.ReasonOf(err) {
				t.Errorf("before an upload that is refused: %v, want %v", known, err)
			}
			return err
		},
	}
	// may checks that a member may do all this so many times, and not once more.
	may := func(who string, by uuid.UUID, allowed map[string]int) {
		t.Helper()
		for _, what := range []string{"have %d cats", "have %d pending requests", "send %d messages", "upload %d photos"} {
			for n := range allowed[what] {
				wantCode(t, fmt.Sprintf("%s may "+what+", but not the number %d", who, allowed[what], n+1), acts[what](by), "")
			}
			err := acts[what](by)
			wantConflict(t, fmt.Sprintf("%s may "+what+", and one more", who, allowed[what]), err, apperr.QuotaExceeded)
			if limit := strings.Fields(fmt.Sprintf(what, allowed[what])); err != nil && !strings.Contains(err.Error(), fmt.Sprintf("may %s %s", limit[0], limit[1])) {
				t.Errorf("%s: the error is %q, want it to name the limit of this member, %s", who, err, limit[1])
			}
		}
	}
	links := func(who string, id uuid.UUID, want int) {
		t.Helper()
		if most, err := fosterings.MaxLinks(t.Context(), g.member(t, id)); most != want || err != nil {
			t.Errorf("%s may have %d links, %v, want %d", who, most, err, want)
		}
	}
	wantCode(t, "raise the quotas", raise(t.Context(), shelter, 3), "")
	may("a shelter", shelter, map[string]int{"have %d cats": 6, "have %d pending requests": 6, "send %d messages": 6, "upload %d photos": 6})
	may("a newcomer", newcomer, map[string]int{"have %d cats": 2, "have %d pending requests": 1, "send %d messages": 1, "upload %d photos": 2})
	links("a shelter", shelter, -1)
	links("a newcomer", newcomer, 1)

	wantCode(t, "end it", raise(t.Context(), shelter, 1), "")
	if factor := g.member(t, shelter).QuotaFactor; factor != nil {
		t.Errorf("after its end the exception is %d times the quotas", *factor)
	}
	err := acts["have %d pending requests"](shelter)
	if wantConflict(t, "one more request than a newcomer may have", err, apperr.QuotaExceeded); err != nil && !strings.Contains(err.Error(), "may have 1:") {
		t.Errorf("after the end of the exception the error is %q, want it to name the quota of newcomers", err)
	}
	links("who was a shelter", shelter, 1)

	for _, times := range []int{-1, 0, limits.MaxQuotaFactor + 1} {
		if err := raise(t.Context(), shelter, times); err == nil {
			t.Errorf("a member may have %d times the quotas", times)
		}
	}
	if _, err := g.db.ExecContext(t.Context(), "UPDATE users SET quota_factor = 101 WHERE id = $1", shelter); database.Constraint(err) != "users_quota_factor_range_1_100" {
		t.Errorf("a row with 101 times the quotas: %v, want a violation of the constraint", err)
	}
	var details []string
	for _, entry := range g.db.Client.Event.Query().Where(event.SubjectID(shelter), event.Audited(true)).Order(event.ByCreatedAt(), event.ByID()).AllX(t.Context()) {
		details = append(details, string(audit.Of(entry.Kind))+" "+*audit.Detail(entry.Data))
	}
	if want := []string{"OPERATOR_COMMAND user quota --times 3", "OPERATOR_COMMAND user quota --times 1"}; !slices.Equal(details, want) {
		t.Errorf("the audit log has %q, want %q", details, want)
	}

	wantCode(t, "raise the quotas again", raise(t.Context(), shelter, limits.MaxQuotaFactor), "")
	wantCode(t, "delete the account", g.accounts.Delete(t.Context(), shelter), "")
	if row := g.member(t, shelter); row.QuotaFactor != nil {
		t.Error("the raised quotas are left of a deleted account")
	}
	wantCode(t, "raise the quotas of a deleted account", raise(t.Context(), shelter, 2), apperr.Unauthenticated)
}
