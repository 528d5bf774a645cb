package usecase

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// logged returns the entries of the audit log, the earliest first.
func (c *community) logged(t *testing.T) (entries []*ent.Event) {
	t.Helper()
	if err := NewAudit(c.db.Client).Each(t.Context(), time.Time{}, func(e *ent.Event) error {
		entries = append(entries, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return entries
}

// TestAudit_Entries does everything that is written into the log, and more.
func TestAudit_Entries(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, participant, admin := c.user(t), c.user(t), c.user(t)
	wanted, stays := c.cat(t, owner), c.cat(t, owner)
	edit := func(by uuid.UUID) {
		t.Helper()
		if _, err := c.cats.Update(t.Context(), by, wanted, CatEdit{Name: new("Truffaut")}, nil); err != nil {
			t.Fatal(err)
		}
	}
	move := func(id uuid.UUID, by uuid.UUID, action fostering.Action) {
		t.Helper()
		if _, err := c.fosterings.Move(t.Context(), id, FosteringMove{Viewer: by, Action: action, Reason: new("Plans change.")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.admins.Grant(t.Context(), uuid.Nil, admin, Admin); err != nil {
		t.Fatal(err)
	}
	edit(owner)
	edit(admin)
	asked := c.request(t, participant, stays, 1, 2)
	move(asked.ID, admin, fostering.Cancel)
	move(c.request(t, participant, stays, 1, 2).ID, participant, fostering.Cancel)
	wantCode(t, "delete a cat", c.cats.Delete(t.Context(), admin, wanted, nil), "")
	c.suspend(t, participant, nil)
	if _, err := c.suspensions.Reinstate(t.Context(), admin, participant); err != nil {
		t.Fatal(err)
	}
	if err := NewAudit(c.db.Client).RecordCommand(t.Context(), "reconcile", uuid.Nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete an account", c.accounts.Delete(t.Context(), owner), "")
	wantCode(t, "delete an account that has vanished", c.accounts.DeleteVanished(t.Context(), participant), "")
	wantCode(t, "delete the admin's account", c.accounts.Delete(t.Context(), admin), "")

	of := func(id uuid.UUID) string {
		return map[uuid.UUID]string{uuid.Nil: "-", owner: "owner", participant: "participant", admin: "admin", wanted: "cat", asked.ID: "request"}[id]
	}
	var got []string
	for _, e := range c.logged(t) {
		actor, detail, reason := "-", "", ""
		if e.ActorID != nil {
			actor = of(*e.ActorID)
		}
		if d := audit.Detail(e.Data); d != nil {
			detail = " (" + *d + ")"
		}
		if e.Reason != nil {
			reason = ": " + *e.Reason
		}
		got = append(got, actor+" "+string(audit.Of(e.Kind))+detail+" "+of(e.SubjectID)+reason)
	}
	want := []string{
		"- ROLE_GRANTED (admin) admin",
		"admin CAT_CHANGED cat",
		"admin FOSTERING_CANCELLED request: Plans change.",
		"admin CAT_REMOVED cat",
		"- MEMBER_SUSPENDED participant: Spam.",
		"admin MEMBER_REINSTATED participant",
		"- OPERATOR_COMMAND (reconcile) -",
		"owner ACCOUNT_DELETED owner",
		"- ACCOUNT_DELETED participant",
		"admin ACCOUNT_DELETED admin",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAudit_Refuses tries to change what is in the log in the ways in which a program may.
func TestAudit_Refuses(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	if err := NewAudit(c.db.Client).RecordCommand(t.Context(), "reconcile", uuid.New()); err != nil {
		t.Fatal(err)
	}
	c.request(t, c.user(t), c.cat(t, c.user(t)), 1, 2) // Its event is in no log.
	for statement, want := range map[string]bool{
		`UPDATE events SET actor_id = NULL WHERE audited`:                                  false,
		`UPDATE events SET audited = false WHERE audited`:                                  false,
		`DELETE FROM events WHERE audited`:                                                 false,
		`DELETE FROM events`:                                                               false,
		`UPDATE events SET actor_id = NULL WHERE NOT audited`:                              true,
		`SET catfoster.cleanup = 'off'; UPDATE events SET audited = false WHERE audited`:   false,
		`BEGIN; SET LOCAL catfoster.cleanup = 'on'; COMMIT; DELETE FROM events`:            false,
		`BEGIN; SET LOCAL catfoster.cleanup = 'on'; UPDATE events SET data = '{}'; COMMIT`: true,
	} {
		if _, err := c.db.ExecContext(t.Context(), statement); (err == nil) != want {
			t.Errorf("%s: %v, want success: %t", statement, err, want)
		}
	}
	if entries := c.logged(t); len(entries) != 1 {
		t.Errorf("the log has %d entries, want 1", len(entries))
	}
}

// TestAudit_Prune prunes what is older than a day. The events of fosterings stay for both sides.
func TestAudit_Prune(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, participant, admin, former := c.user(t), c.user(t), c.user(t), c.user(t)
	log := NewAudit(c.db.Client)
	command := func(n int) {
		t.Helper()
		for range n {
			if err := log.RecordCommand(t.Context(), "reconcile", uuid.Nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	command(3)
	var called []uuid.UUID
	for _, by := range []uuid.UUID{admin, former} {
		f := c.request(t, participant, c.cat(t, owner), 1, 2)
		if _, err := c.fosterings.Move(t.Context(), f.ID, FosteringMove{Viewer: by, Action: fostering.Cancel, Reason: new("Plans change.")}); err != nil {
			t.Fatal(err)
		}
		called = append(called, f.ID)
	}
	wantCode(t, "delete an account", c.accounts.Delete(t.Context(), former), "")
	if _, err := c.db.ExecContext(t.Context(), `BEGIN; SET LOCAL catfoster.cleanup = 'on'; UPDATE events SET created_at = created_at - interval '2 days'; COMMIT`); err != nil {
		t.Fatal(err)
	}
	command(2)
	pruned, err := log.Prune(context.WithoutCancel(t.Context()), time.Now().AddDate(0, 0, -1))
	if err != nil || pruned != 6 {
		t.Errorf("%d entries are pruned, %v, want 6", pruned, err)
	}
	if entries := c.logged(t); len(entries) != 2 {
		t.Errorf("the log has %d entries, want the 2 of today", len(entries))
	}
	for i, id := range called {
		events := c.events(t, id)
		last := events[len(events)-1]
		if len(events) != 2 || last.Audited || last.Reason != nil || (last.ActorID != nil) != (i == 0) {
			t.Errorf("the history of fostering %d has %d events, and the last one is %+v: want 2, without what the log had", i, len(events), last)
		}
	}
}
