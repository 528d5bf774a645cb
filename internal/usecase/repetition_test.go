package usecase

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/database"
)

func godard() CatEdit {
	return CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}
}

// TestCats_Repeated repeats a call after the cat has changed, and when the account has as many cats as it may have.
func TestCats_Repeated(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, key := c.user(t), c.user(t), uuid.New()
	cats, _ := c.otherProcess()
	cats.quota = 1
	create := func(owner uuid.UUID, cat CatEdit, key *uuid.UUID) (*ent.CatProfile, error) {
		return cats.Create(t.Context(), owner, cat, key)
	}
	first, err := create(ada, godard(), &key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cats.Update(t.Context(), first.OwnerID, first.ID, CatEdit{Name: new("Truffaut")}, nil); err != nil {
		t.Fatal(err)
	}
	entries := c.outboxEntries(t)
	again, err := create(ada, godard(), &key)
	if err != nil || again.ID != first.ID || again.Name != "Truffaut" {
		t.Fatalf("a repetition returns %v (%v), want the cat of the first call as it is now", again, err)
	}
	if _, err := again.QueryOwner().Only(t.Context()); err != nil {
		t.Errorf("the cat of a repetition cannot be used after its transaction: %v", err)
	}
	if got := c.outboxEntries(t); got != entries {
		t.Errorf("a repetition writes %d outbox entries, want none", got-entries)
	}
	other := godard()
	other.Age = new(4)
	_, err = create(ada, other, &key)
	wantConflict(t, "the same key with another age", err, apperr.IdempotencyKeyReused)
	other = godard()
	other.PhotosURLs = Field[[]string]{Set: true, Value: &[]string{"https://photos.example/1.jpg"}}
	_, err = create(ada, other, &key)
	wantConflict(t, "the same key with a photo", err, apperr.IdempotencyKeyReused)
	_, err = create(ada, godard(), new(uuid.New()))
	wantConflict(t, "a new key", err, apperr.QuotaExceeded)
	_, err = create(ada, godard(), nil)
	wantConflict(t, "no key", err, apperr.QuotaExceeded)
	if theirs, err := create(bob, godard(), &key); err != nil || theirs.ID == first.ID {
		t.Errorf("the key of another member: %v, %v; want a cat of their own", theirs, err)
	}
	if err := cats.Delete(t.Context(), ada, first.ID, nil); err != nil {
		t.Fatal(err)
	}
	if later, err := create(ada, godard(), &key); err != nil || later.ID == first.ID {
		t.Errorf("the key of a cat that is deleted: %v, %v; want a new cat", later, err)
	}
}

// TestFosterings_Repeated repeats a request when all that it needs has changed.
func TestFosterings_Repeated(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, eve := c.user(t), c.user(t), c.user(t)
	cat := c.cat(t, ada)
	request := FosteringRequest{CatID: cat, StartDate: day(1), EndDate: day(5), Message: new("Please."), IdempotencyKey: new(uuid.New())}
	ask := func(participant uuid.UUID, request FosteringRequest) (*ent.Fostering, error) {
		return c.fosterings.Request(t.Context(), participant, request)
	}
	first, err := ask(bob, request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.fosterings.Edit(t.Context(), first.ParticipantID, first.ID, FosteringEdit{Message: Field[string]{Set: true}}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.cats.Update(t.Context(), ada, cat, CatEdit{Available: new(false)}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.move(t, fostering.Owner, fostering.Approve, first.ID, nil); err != nil {
		t.Fatal(err)
	}
	c.travel(3)
	entries := c.outboxEntries(t)
	again, err := ask(bob, request)
	if err != nil || again.ID != first.ID || again.Message != nil {
		t.Fatalf("a repetition returns %v (%v), want the first request as it is now", again, err)
	}
	if got := c.outboxEntries(t); got != entries {
		t.Errorf("a repetition writes %d outbox entries, want none", got-entries)
	}
	for what, change := range map[string]func(*FosteringRequest){
		"another cat":      func(r *FosteringRequest) { r.CatID = uuid.New() },
		"another last day": func(r *FosteringRequest) { r.EndDate = day(6) },
		"another message":  func(r *FosteringRequest) { r.Message = new("Please!") },
		"no message":       func(r *FosteringRequest) { r.Message = nil },
	} {
		other := request
		change(&other)
		_, err := ask(bob, other)
		wantConflict(t, "the same key with "+what, err, apperr.IdempotencyKeyReused)
	}
	_, err = ask(eve, request)
	wantCode(t, "the key of another member, on a day that has passed", err, apperr.BadUserInput)

	if err := c.accounts.DeleteVanished(t.Context(), bob); err != nil {
		t.Fatal(err)
	}
	left, err := c.db.Client.Fostering.Query().Where(entfostering.ID(first.ID)).Only(t.Context())
	if err != nil || left.IdempotencyKey != nil || left.InputHash != nil {
		t.Errorf("the request of a deleted account is %v (%v), want it without key and hash", left, err)
	}
}

// TestRepetition_AtOnce sends one call twelve times at the same time, each to another process.
func TestRepetition_AtOnce(t *testing.T) {
	t.Parallel()
	const calls = 12
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	cat, key := c.cat(t, ada), uuid.New()
	about := c.request(t, bob, c.cat(t, ada), 1, 2).ID
	for what, call := range map[string]func(*Cats, *Fosterings) (uuid.UUID, error){
		"cat": func(cats *Cats, _ *Fosterings) (uuid.UUID, error) {
			row, err := cats.Create(t.Context(), bob, godard(), &key)
			if err != nil {
				return uuid.Nil, err
			}
			return row.ID, nil
		},
		"request": func(_ *Cats, fosterings *Fosterings) (uuid.UUID, error) {
			row, err := fosterings.Request(t.Context(), bob, FosteringRequest{CatID: cat, StartDate: day(1), EndDate: day(2), IdempotencyKey: &key})
			if err != nil {
				return uuid.Nil, err
			}
			return row.ID, nil
		},
		"message": func(_ *Cats, fosterings *Fosterings) (uuid.UUID, error) {
			row, err := fosterings.Send(t.Context(), NewMessage{Author: bob, FosteringID: about, Text: "Hello", IdempotencyKey: &key})
			if err != nil {
				return uuid.Nil, err
			}
			return row.ID, nil
		},
	} {
		var ids [calls]uuid.UUID
		var group sync.WaitGroup
		for i := range ids {
			cats, fosterings := c.otherProcess()
			group.Go(func() {
				id, err := call(cats, fosterings)
				for database.IsLocked(err) { // On a slow machine.
					id, err = call(cats, fosterings)
				}
				if ids[i] = id; err != nil {
					t.Errorf("a %s, sent %d times at once: %v", what, calls, err)
				}
			})
		}
		group.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("a %s, sent %d times at once, is %v, want one", what, calls, ids)
				break
			}
		}
	}
}

// outboxEntries returns how often objects have been enqueued. Nothing is synced, as Keto does not answer.
func (c *community) outboxEntries(t *testing.T) int {
	t.Helper()
	var versions int
	if err := c.db.QueryRowContext(t.Context(), "SELECT coalesce(sum(version), 0) FROM outbox_entries").Scan(&versions); err != nil {
		t.Fatal(err)
	}
	return versions
}
