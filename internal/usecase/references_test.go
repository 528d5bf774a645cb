package usecase

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// completed returns a fostering that has just ended early.
func (c *community) completed(t *testing.T, owner, participant uuid.UUID) *ent.Fostering {
	t.Helper()
	row := c.request(t, participant, c.cat(t, owner), 0, 2)
	_, approved := c.move(t, fostering.Owner, fostering.Approve, row.ID, nil)
	activated := c.db.Client.Fostering.UpdateOneID(row.ID).SetStatus(fostering.Active).Exec(context.WithoutCancel(t.Context()))
	row, completed := c.move(t, fostering.Participant, fostering.Complete, row.ID, nil)
	if err := errors.Join(approved, activated, completed); err != nil {
		t.Fatal(err)
	}
	return row
}

// about returns a reference that recommends the other side.
func about(id, author uuid.UUID) NewReference {
	return NewReference{Author: author, FosteringID: id, TookPlace: true, Recommends: new(true), Text: new("All was well with the cat."), PrivateNote: new("Smokes.")}
}

// denial returns a reference that says that the fostering did not take place.
func denial(id, author uuid.UUID) NewReference { return NewReference{Author: author, FosteringID: id} }

func (c *community) refer(t *testing.T, n NewReference) error {
	t.Helper()
	_, err := c.fosterings.WriteReference(t.Context(), n)
	return err
}

// visible returns how many references about a fostering are visible to others than their authors.
func (c *community) visible(t *testing.T, id uuid.UUID) int {
	t.Helper()
	n, err := c.db.Client.Reference.Query().Where(reference.FosteringID(id), reference.VisibleAtLTE(c.now())).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestReferences_Write says who may write, when, and how often.
func TestReferences_Write(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, eve := c.user(t), c.user(t), c.user(t)
	row := c.completed(t, ada, bob)
	wantCode(t, "a reference of a stranger", c.refer(t, about(row.ID, eve)), apperr.Forbidden)
	wantCode(t, "a reference about no fostering", c.refer(t, about(uuid.New(), ada)), apperr.Forbidden)
	pending := c.request(t, bob, c.cat(t, ada), 1, 2)
	wantConflict(t, "a reference about a request", c.refer(t, about(pending.ID, ada)), apperr.StatusChanged)
	end := start.AddDate(0, 0, limits.ContactDays)
	c.setClock(end.Add(-time.Minute))
	wantCode(t, "a reference in the last minute", c.refer(t, about(row.ID, ada)), "")
	wantConflict(t, "a second reference", c.refer(t, about(row.ID, ada)), apperr.ReferenceWritten)
	wantConflict(t, "a denial after a reference", c.refer(t, denial(row.ID, ada)), apperr.ReferenceWritten)
	c.setClock(end)
	wantConflict(t, "a reference too late", c.refer(t, about(row.ID, bob)), apperr.ReferenceClosed)
	if got := c.visible(t, row.ID); got != 1 {
		t.Errorf("when the time is over, %d references are visible, want 1", got)
	}
	c.travel(0)
	if err := c.db.Client.Fostering.UpdateOneID(row.ID).ClearEndedAt().Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "a reference after an end that is not known", c.refer(t, about(row.ID, bob)), apperr.ReferenceClosed)
}

// TestReferences_Blind says when others see what the two sides have written, and who hears of it.
func TestReferences_Blind(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for name, test := range map[string]struct {
		first, second func(id, author uuid.UUID) NewReference
		heard         string // by the side that writes second
	}{
		"two references":           {about, about, "REFERENCE_WRITTEN"},
		"a denial and a reference": {denial, about, ""},
		"a reference and a denial": {about, denial, "REFERENCE_WRITTEN"},
	} {
		ada, bob := c.user(t), c.user(t)
		row := c.completed(t, ada, bob)
		before := len(c.heard(t, ada))
		wantCode(t, name+": the first", c.refer(t, test.first(row.ID, bob)), "")
		if got := c.visible(t, row.ID); got != 0 {
			t.Errorf("%s: before the second is written, %d are visible", name, got)
		}
		if got := kindsOf(c.heard(t, ada)[before:]); got != test.heard {
			t.Errorf("%s: the other side hears of %q, want %q", name, got, test.heard)
		}
		wantCode(t, name+": the second", c.refer(t, test.second(row.ID, ada)), "")
		if got := c.visible(t, row.ID); got != 2 {
			t.Errorf("%s: after both are written, %d are visible, want 2", name, got)
		}
	}
}

// TestReferences_Race has both sides write at the same time. Whoever is second shows both references.
func TestReferences_Race(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for range 25 {
		sides := []uuid.UUID{c.user(t), c.user(t)}
		row := c.completed(t, sides[0], sides[1])
		var running sync.WaitGroup
		for _, side := range sides {
			running.Go(func() {
				_, process := c.otherProcess()
				if _, err := process.WriteReference(context.WithoutCancel(t.Context()), about(row.ID, side)); err != nil {
					t.Errorf("one of two references: %v", err)
				}
			})
		}
		running.Wait()
		if got := c.visible(t, row.ID); got != 2 {
			t.Fatalf("after both sides have written at the same time, %d references are visible, want 2", got)
		}
	}
}

// TestReferences_Twice sends a reference from several windows at once. One is written, and with a key all get it.
func TestReferences_Twice(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	row, other := c.completed(t, ada, bob), c.completed(t, ada, bob)
	_, process := c.otherProcess()
	written, err := c.atOnce(t, bob, func(int) error {
		return errOf(process.WriteReference(t.Context(), about(row.ID, bob)))
	})
	if written != 1 {
		t.Errorf("%d windows write a reference, want 1", written)
	}
	wantConflict(t, "the others", err, apperr.ReferenceWritten)

	n := about(other.ID, bob)
	n.IdempotencyKey = new(uuid.New())
	if written, err := c.atOnce(t, bob, func(int) error { return errOf(process.WriteReference(t.Context(), n)) }); written != windows {
		t.Errorf("%d windows with a key get the reference, want all %d: %v", written, windows, err)
	}
	first, err := c.fosterings.WriteReference(t.Context(), n)
	if err != nil || first.FosteringID != other.ID {
		t.Fatalf("a repetition returns %v (%v), want the reference", first, err)
	}
	if _, err := first.QueryAuthor().Only(t.Context()); err != nil {
		t.Errorf("the reference of a repetition cannot be used after its transaction: %v", err)
	}
	for what, change := range map[string]func(*NewReference){
		"text":          func(n *NewReference) { n.Text = new("All was bad with the cat.") },
		"opinion":       func(n *NewReference) { n.Recommends = new(false) },
		"note":          func(n *NewReference) { n.PrivateNote = nil },
		"fostering":     func(n *NewReference) { n.FosteringID = row.ID },
		"word, no stay": func(n *NewReference) { n.TookPlace, n.Recommends, n.Text = false, nil, nil },
	} {
		changed := n
		change(&changed)
		wantConflict(t, "the same key with another "+what, c.refer(t, changed), apperr.IdempotencyKeyReused)
	}
	if got, err := c.db.Client.Reference.Query().Count(t.Context()); err != nil || got != 2 {
		t.Errorf("there are %d references (%v), want 2", got, err)
	}
}

// left returns the texts and notes of the references about a member.
func (c *community) left(t *testing.T, subject uuid.UUID) string {
	t.Helper()
	rows, err := c.db.Client.Reference.Query().Where(reference.SubjectID(subject)).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows {
		texts = append(texts, *row.Text, *row.PrivateNote)
	}
	return strings.Join(texts, " ")
}

// TestReferences_Deletion deletes the cat, and then the account of one side: what the member has written stays, and what is written
// about the member goes.
func TestReferences_Deletion(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for _, leaving := range []fostering.Party{fostering.Owner, fostering.Participant} {
		ada, bob := c.user(t), c.user(t)
		row := c.completed(t, ada, bob)
		n := about(row.ID, ada)
		n.IdempotencyKey = new(uuid.New())
		wantCode(t, "the owner's reference", c.refer(t, n), "")
		wantCode(t, "the participant's reference", c.refer(t, about(row.ID, bob)), "")
		if err := c.cats.Delete(t.Context(), ada, row.CatProfileID, nil); err != nil {
			t.Fatal(err)
		}
		const all = "All was well with the cat. Smokes."
		if c.left(t, ada) != all || c.left(t, bob) != all {
			t.Errorf("after the deletion of the cat there are %q and %q, want both references", c.left(t, ada), c.left(t, bob))
		}
		gone, stays := ada, bob
		if leaving == fostering.Participant {
			gone, stays = bob, ada
		}
		if err := c.accounts.DeleteVanished(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		if got := c.left(t, gone); got != "" {
			t.Errorf("after the %s has left, there is %q about the former member", leaving, got)
		}
		if got := c.left(t, stays); got != all {
			t.Errorf("after the %s has left, there is %q about the other side, want what the former member has written", leaving, got)
		}
		if keys, err := c.db.Client.Reference.Query().
			Where(reference.AuthorID(gone), reference.Or(reference.IdempotencyKeyNotNil(), reference.InputHashNotNil())).Count(t.Context()); err != nil || keys != 0 {
			t.Errorf("%d references of a former member have a key or a hash (%v)", keys, err)
		}
	}
}

// TestReferences_FormerMember writes about somebody who has left, and while somebody leaves.
func TestReferences_FormerMember(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for range 10 {
		ada, bob := c.user(t), c.user(t)
		row := c.completed(t, ada, bob)
		leaves := make(chan error, 1)
		go func() { leaves <- c.accounts.DeleteVanished(context.WithoutCancel(t.Context()), bob) }()
		if err := c.refer(t, about(row.ID, ada)); err != nil && apperr.ReasonOf(err) != apperr.ReferenceClosed {
			t.Errorf("a reference while the other side leaves: %v, want it written, or a conflict", err)
		}
		if err := <-leaves; err != nil {
			t.Fatal(err)
		}
		if got := c.left(t, bob); got != "" {
			t.Errorf("there is %q about a former member", got)
		}
		if err := c.refer(t, about(row.ID, ada)); apperr.ReasonOf(err) != apperr.ReferenceClosed {
			t.Errorf("a reference about a former member: %v, want a conflict", err)
		}
	}
}

// TestFosterings_CancelledLate calls off what is approved, and asks whether it was late.
func TestFosterings_CancelledLate(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for name, test := range map[string]struct {
		first    int // day
		approved bool
		by       fostering.Party
		want     bool
	}{
		"by the owner, two days before":        {2, true, fostering.Owner, true},
		"by the participant, on the first day": {0, true, fostering.Participant, true},
		"by the participant, three days ahead": {limits.LateDays, true, fostering.Participant, false},
		"by an admin":                          {1, true, fostering.Admin, false},
		"of a request":                         {1, false, fostering.Participant, false},
	} {
		row := c.request(t, c.user(t), c.cat(t, c.user(t)), test.first, test.first)
		if test.approved {
			if _, err := c.move(t, fostering.Owner, fostering.Approve, row.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.move(t, test.by, fostering.Cancel, row.ID, nil); err != nil {
			t.Fatal(err)
		}
		if late, err := c.db.Client.Fostering.Query().Where(entfostering.ID(row.ID), entfostering.CancelledLate(true)).Exist(t.Context()); err != nil || late != test.want {
			t.Errorf("a cancellation %s is late: %t (%v), want %t", name, late, err, test.want)
		}
	}
}
