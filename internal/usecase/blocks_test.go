package usecase

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/block"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/account"
)

func (c *community) block(t *testing.T, blocker, blocked uuid.UUID) {
	t.Helper()
	wantCode(t, "block a member", c.blocks.Block(t.Context(), blocker, blocked), "")
}

// TestBlocks_Refusals says whom a member cannot block. Nobody learns that they are blocked.
func TestBlocks_Refusals(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, gone := c.user(t), c.user(t), c.user(t)
	if err := c.accounts.DeleteVanished(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	pending := c.db.Client.User.Create().SetName("Pending").SetEmail("").SaveX(t.Context()).ID
	c.block(t, ada, bob)
	for _, change := range []struct {
		name string
		do   func(context.Context, uuid.UUID, uuid.UUID) error
	}{{"block", c.blocks.Block}, {"unblock", c.blocks.Unblock}} {
		for about, test := range map[string]struct {
			blocker, blocked uuid.UUID
			want             apperr.Code
		}{
			"nobody":                        {ada, uuid.New(), apperr.NotFound},
			"a former member":               {ada, gone, apperr.NotFound},
			"whoever has not signed up yet": {ada, pending, apperr.NotFound},
			"whoever has blocked one":       {bob, ada, apperr.NotFound},
		} {
			wantCode(t, change.name+" "+about, change.do(t.Context(), test.blocker, test.blocked), test.want)
		}
		if err := change.do(t.Context(), gone, ada); !errors.Is(err, account.ErrDeleted) {
			t.Errorf("%s by a former member: %v, want that the account is deleted", change.name, err)
		}
	}
	wantCode(t, "block oneself", c.blocks.Block(t.Context(), ada, ada), apperr.BadUserInput)
	for range 2 {
		c.block(t, ada, bob)
		wantCode(t, "unblock a member", c.blocks.Unblock(t.Context(), ada, bob), "")
		wantCode(t, "unblock a member who is not blocked", c.blocks.Unblock(t.Context(), ada, bob), "")
	}
	wantCode(t, "block whoever has ended a block", c.blocks.Block(t.Context(), bob, ada), "")
}

func TestBlocks_Quota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, first, last := c.user(t), c.user(t), c.user(t)
	c.block(t, ada, first)
	blocks := make([]*ent.BlockCreate, limits.MaxBlocks-1)
	for i := range blocks {
		blocks[i] = c.db.Client.Block.Create().SetBlockerID(ada).SetBlockedID(c.db.Client.User.Create().SetName("").SetEmail("").SaveX(t.Context()).ID)
	}
	c.db.Client.Block.CreateBulk(blocks...).ExecX(t.Context())
	wantConflict(t, "one block more than a member may have", c.blocks.Block(t.Context(), ada, last), apperr.QuotaExceeded)
	wantCode(t, "block whoever is blocked, with as many blocks as a member may have", c.blocks.Block(t.Context(), ada, first), "")
	wantCode(t, "be blocked, with as many blocks as a member may have", c.blocks.Block(t.Context(), last, ada), "")
}

// TestBlocks_Requests blocks whoever has asked, and whoever is asked. Only what waits for an answer is cancelled, by nobody.
func TestBlocks_Requests(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, eve := c.user(t), c.user(t), c.user(t)
	ofAda, ofBob := c.cat(t, ada), c.cat(t, bob)
	byBob, byAda, byEve := c.request(t, bob, ofAda, 1, 2), c.request(t, ada, ofBob, 1, 2), c.request(t, eve, ofAda, 1, 2)
	approved := c.request(t, bob, c.cat(t, ada), 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, approved.ID, nil); err != nil {
		t.Fatal(err)
	}
	c.block(t, ada, bob)
	for id, want := range map[uuid.UUID]fostering.Status{
		byBob.ID: fostering.Cancelled, byAda.ID: fostering.Cancelled, approved.ID: fostering.Approved, byEve.ID: fostering.Pending,
	} {
		if got := c.status(t, id); got != want {
			t.Errorf("a fostering is %s, want %s", got, want)
		}
	}
	row := c.db.Client.Fostering.GetX(t.Context(), byBob.ID)
	events := c.events(t, byBob.ID)
	last := events[len(events)-1]
	if *row.EndedBy != fostering.System || row.EndReason != nil || last.ActorID != nil || last.Party != fostering.System {
		t.Errorf("the request was ended by %s with the reason %v, in the event by %v as %s; want nobody",
			*row.EndedBy, row.EndReason, last.ActorID, last.Party)
	}
	for _, who := range []uuid.UUID{ada, bob} {
		other := map[uuid.UUID]uuid.UUID{ada: ofBob, bob: ofAda}[who]
		_, err := c.fosterings.Request(t.Context(), who, FosteringRequest{CatID: other, StartDate: day(3), EndDate: day(4)})
		wantCode(t, "ask for a cat of the other one", err, apperr.NotFound)
		_, err = c.fosterings.Move(t.Context(), byBob.ID, FosteringMove{Viewer: who, Action: fostering.Cancel})
		wantCode(t, "cancel what is hidden", err, apperr.Forbidden)
		proposal := FosteringProposal{Viewer: who, FosteringID: byBob.ID, StartDate: day(3), EndDate: day(4)}
		_, err = c.fosterings.ProposeChange(t.Context(), proposal)
		wantCode(t, "propose other days for what is hidden", err, apperr.Forbidden)
		wantConflict(t, "write about what is agreed", c.send(t, who, approved.ID, "Hello"), apperr.ConversationClosed)
		wantCode(t, "write about what is hidden", c.send(t, who, byBob.ID, "Hello"), apperr.Forbidden)
	}
	proposal := FosteringProposal{Viewer: bob, FosteringID: approved.ID, StartDate: day(3), EndDate: day(4)}
	if _, err := c.fosterings.ProposeChange(t.Context(), proposal); err != nil {
		t.Errorf("propose other days for what is agreed: %v", err)
	}
	wantCode(t, "unblock", c.blocks.Unblock(t.Context(), ada, bob), "")
	if got := c.status(t, byBob.ID); got != fostering.Cancelled {
		t.Errorf("after the block the request is %s, want it cancelled", got)
	}
	c.request(t, bob, ofAda, 3, 4)
}

// TestBlocks_Repetition repeats a request and a message from before a block, which do not exist any more.
func TestBlocks_Repetition(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	request := FosteringRequest{CatID: c.cat(t, ada), StartDate: day(1), EndDate: day(2), IdempotencyKey: new(uuid.New())}
	row, err := c.fosterings.Request(t.Context(), bob, request)
	if err != nil {
		t.Fatal(err)
	}
	written := NewMessage{Author: bob, FosteringID: row.ID, Text: "Hello", IdempotencyKey: new(uuid.New())}
	if _, err := c.fosterings.Send(t.Context(), written); err != nil {
		t.Fatal(err)
	}
	c.block(t, ada, bob)
	_, err = c.fosterings.Request(t.Context(), bob, request)
	wantCode(t, "repeat a request", err, apperr.NotFound)
	_, err = c.fosterings.Send(t.Context(), written)
	wantCode(t, "repeat a message", err, apperr.Forbidden)

	eve := c.user(t)
	request.CatID = c.cat(t, eve)
	_, err = c.fosterings.Request(t.Context(), bob, request)
	wantConflict(t, "ask for another cat with the key of a hidden request", err, apperr.IdempotencyKeyReused)
	request.IdempotencyKey = nil
	other, err := c.fosterings.Request(t.Context(), bob, request)
	if err != nil {
		t.Fatal(err)
	}
	written.FosteringID = other.ID
	_, err = c.fosterings.Send(t.Context(), written)
	wantConflict(t, "write to somebody else with the key of a hidden message", err, apperr.IdempotencyKeyReused)
}

// TestBlocks_Races blocks a member while something happens between the two. Afterwards no request waits for an answer, and nothing
// was written after the block.
func TestBlocks_Races(t *testing.T) {
	t.Parallel()
	const atOnce, rounds = 8, 6
	c := newCommunity(t)
	var running sync.WaitGroup
	for range atOnce {
		running.Go(func() {
			for range rounds {
				c.raceBlock(t)
			}
		})
	}
	running.Wait()
}

func (c *community) raceBlock(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	ada, bob := c.user(t), c.user(t)
	free := c.cat(t, ada)
	asked := c.request(t, bob, c.cat(t, ada), 1, 2)
	rivals := []func() error{
		func() error { return c.blocks.Block(ctx, ada, bob) },
		func() error { return c.blocks.Block(ctx, bob, ada) },
		func() error {
			_, err := c.fosterings.Request(ctx, bob, FosteringRequest{CatID: free, StartDate: day(1), EndDate: day(2)})
			return err
		},
		func() error { return c.send(t, bob, asked.ID, "Hello") },
		func() error { return c.send(t, ada, asked.ID, "Hello") },
		func() error {
			_, err := c.fosterings.Move(ctx, asked.ID, FosteringMove{Viewer: ada, Action: fostering.Approve})
			return err
		},
	}
	errs := make([]error, len(rivals))
	var running sync.WaitGroup
	for i, rival := range rivals {
		running.Go(func() { errs[i] = rival() })
	}
	running.Wait()
	for i, err := range errs {
		if code := apperr.CodeOf(err); err != nil && !slices.Contains([]apperr.Code{apperr.NotFound, apperr.Forbidden, apperr.Conflict}, code) {
			t.Errorf("rival %d: %v", i, err)
		}
	}
	blocks := c.db.Client.Block.Query().Where(block.BlockerIDIn(ada, bob)).AllX(ctx)
	if len(blocks) != 1 {
		t.Fatalf("of two blocks at the same time %d stay, want one", len(blocks))
	}
	if n := c.db.Client.Fostering.Query().Where(entfostering.ParticipantID(bob), entfostering.StatusEQ(fostering.Pending)).CountX(ctx); n > 0 {
		t.Errorf("%d requests between two members survive a block", n)
	}
	about := entfostering.ParticipantID(bob)
	if late := c.db.Client.Message.Query().Where(message.HasFosteringWith(about), message.CreatedAtGT(blocks[0].CreatedAt)).CountX(ctx); late > 0 {
		t.Errorf("%d messages were written after the block", late)
	}
}
