package usecase

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// TestBlocks_Visibility asks what two members and others see of each other, before a block, while it lasts and afterwards. The block
// is by either of the two.
func TestBlocks_Visibility(t *testing.T) {
	t.Parallel()
	for _, byOwner := range []bool{true, false} {
		c := newCommunity(t)
		owner, participant, stranger, admin := c.user(t), c.user(t), c.user(t), c.user(t)
		if _, err := c.admins.Grant(t.Context(), uuid.Nil, admin, Admin); err != nil {
			t.Fatal(err)
		}
		fosterings := map[fostering.Status]uuid.UUID{}
		for _, status := range []fostering.Status{fostering.Rejected, fostering.Approved, fostering.Active, fostering.Completed} {
			row := c.request(t, participant, c.cat(t, owner), 1, 2)
			wantCode(t, "write", c.send(t, participant, row.ID, "Hello"), "")
			c.db.Client.Fostering.UpdateOne(row).SetStatus(status).SetEndedAt(c.now()).ExecX(t.Context())
			fosterings[status] = row.ID
		}
		sees := func(viewer uuid.UUID) string {
			ctx := t.Context()
			counts := []struct {
				what string
				n    int
			}{
				{"owner", c.db.Client.User.Query().Where(user.ID(owner), VisibleMember(viewer)).CountX(ctx)},
				{"participant", c.db.Client.User.Query().Where(user.ID(participant), VisibleMember(viewer)).CountX(ctx)},
				{"cats", min(1, c.db.Client.CatProfile.Query().Where(catprofile.OwnerID(owner), VisibleCat(viewer)).CountX(ctx))},
				{"messages", min(1, c.db.Client.Message.Query().Where(message.AuthorID(participant), VisibleMessage(viewer)).CountX(ctx))},
			}
			for _, status := range []fostering.Status{fostering.Rejected, fostering.Approved, fostering.Active, fostering.Completed} {
				is := entfostering.And(entfostering.ID(fosterings[status]), VisibleFostering(viewer, c.now()))
				counts = append(counts, struct {
					what string
					n    int
				}{string(status), c.db.Client.Fostering.Query().Where(is).CountX(ctx)})
			}
			var seen strings.Builder
			for _, count := range counts {
				if count.n > 0 {
					seen.WriteString(count.what + " ")
				}
			}
			return seen.String()
		}
		const everything = "owner participant cats messages REJECTED APPROVED ACTIVE COMPLETED "
		want := func(when string, all map[uuid.UUID]string) {
			t.Helper()
			for who, want := range all {
				name := map[uuid.UUID]string{owner: "the owner", participant: "the participant", stranger: "a stranger", admin: "an admin"}[who]
				if got := sees(who); got != want {
					t.Errorf("%s sees %q %s (by the owner: %t), want %q", name, got, when, byOwner, want)
				}
			}
		}
		want("without a block", map[uuid.UUID]string{owner: everything, participant: everything, stranger: everything, admin: everything})
		blocker, blocked := owner, participant
		ofOwner, ofParticipant := "owner participant cats APPROVED ACTIVE COMPLETED ", "participant APPROVED ACTIVE COMPLETED "
		if !byOwner {
			blocker, blocked = participant, owner
			ofOwner, ofParticipant = "owner cats APPROVED ACTIVE COMPLETED ", "owner participant APPROVED ACTIVE COMPLETED "
		}
		c.block(t, blocker, blocked)
		want("with a block", map[uuid.UUID]string{owner: ofOwner, participant: ofParticipant, stranger: everything, admin: everything})
		if _, err := c.admins.Grant(t.Context(), uuid.Nil, blocked, Admin); err != nil {
			t.Fatal(err)
		}
		want("as an admin", map[uuid.UUID]string{blocked: everything})
		for status, id := range fosterings {
			err := c.send(t, blocked, id, "Hello")
			wantConflict(t, "a message of a blocked admin about a fostering that is "+string(status), err, apperr.ConversationClosed)
		}
		if _, err := c.admins.Revoke(t.Context(), uuid.Nil, blocked, Admin); err != nil {
			t.Fatal(err)
		}
		c.travel(limits.ContactDays + 1)
		want("when contact is over", map[uuid.UUID]string{
			owner:       ofOwner[:len(ofOwner)-len("COMPLETED ")],
			participant: ofParticipant[:len(ofParticipant)-len("COMPLETED ")],
		})
		wantCode(t, "unblock", c.blocks.Unblock(t.Context(), blocker, blocked), "")
		want("after a block", map[uuid.UUID]string{owner: everything, participant: everything})
	}
}

// visibleKinds returns the kinds of notifications that a member sees.
func (c *community) visibleKinds(t *testing.T, member uuid.UUID) string {
	t.Helper()
	rows := c.db.Client.Notification.Query().WithEvent().Where(entnotification.UserID(member), VisibleNotification(member, c.now())).
		Order(entnotification.ByCreatedAt(), entnotification.ByID()).AllX(t.Context())
	return kindsOf(rows)
}

// TestBlocks_Notifications says of what two members hear while one has blocked the other.
func TestBlocks_Notifications(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	asked, agreed := c.request(t, bob, c.cat(t, ada), 1, 2), c.request(t, bob, c.cat(t, ada), 1, 2)
	withdrawn, calledOff := c.request(t, bob, c.cat(t, ada), 1, 2), c.request(t, bob, c.cat(t, ada), 1, 2)
	wantCode(t, "write", c.send(t, bob, asked.ID, "Hello"), "")
	wantCode(t, "write", c.send(t, bob, agreed.ID, "Hello"), "")
	for _, step := range []func() (*ent.Fostering, error){
		func() (*ent.Fostering, error) { return c.move(t, fostering.Owner, fostering.Approve, agreed.ID, nil) },
		func() (*ent.Fostering, error) {
			return c.move(t, fostering.Owner, fostering.Approve, calledOff.ID, nil)
		},
		func() (*ent.Fostering, error) {
			return c.move(t, fostering.Participant, fostering.Cancel, calledOff.ID, nil)
		},
		func() (*ent.Fostering, error) {
			return c.move(t, fostering.Participant, fostering.Cancel, withdrawn.ID, nil)
		},
	} {
		if _, err := step(); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when, ofAda, ofBob string) {
		t.Helper()
		for member, want := range map[uuid.UUID]string{ada: ofAda, bob: ofBob} {
			if got := c.visibleKinds(t, member); got != want {
				t.Errorf("%s the %s hears of %q, want %q", when, map[bool]string{true: "owner", false: "participant"}[member == ada], got, want)
			}
		}
	}
	const before = "FOSTERING_REQUESTED FOSTERING_REQUESTED FOSTERING_REQUESTED FOSTERING_REQUESTED MESSAGE MESSAGE FOSTERING_CANCELLED FOSTERING_CANCELLED"
	want("before a block", before, "FOSTERING_APPROVED FOSTERING_APPROVED")
	c.block(t, bob, ada)
	want("with a block", "FOSTERING_REQUESTED FOSTERING_CANCELLED FOSTERING_CANCELLED", "FOSTERING_APPROVED FOSTERING_CANCELLED")
	if _, err := c.move(t, fostering.Participant, fostering.Cancel, agreed.ID, nil); err != nil {
		t.Fatal(err)
	}
	want("when what was agreed is called off", "FOSTERING_CANCELLED FOSTERING_CANCELLED FOSTERING_CANCELLED", "FOSTERING_CANCELLED")
	wantCode(t, "unblock", c.blocks.Unblock(t.Context(), bob, ada), "")
	want("after a block", before+" FOSTERING_CANCELLED FOSTERING_CANCELLED", "FOSTERING_APPROVED FOSTERING_APPROVED FOSTERING_CANCELLED")
}

// TestBlocks_Photos asks who sees photos of a member and of a cat.
func TestBlocks_Photos(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, eve := c.user(t), c.user(t), c.user(t)
	create := func() *ent.PhotoCreate {
		return c.db.Client.Photo.Create().SetUploaderID(ada).SetWidth(40).SetHeight(30).SetPlaceholder("#c08a5a").SetStoredAt(c.now())
	}
	photos := []uuid.UUID{create().SetPortraitOfID(ada).SaveX(t.Context()).ID, create().SetCatProfileID(c.cat(t, ada)).SaveX(t.Context()).ID}
	seen := func(viewer uuid.UUID) int {
		query := c.db.Client.Photo.Query().Where(VisiblePhoto(viewer, c.now()))
		return query.CountX(t.Context())
	}
	c.block(t, ada, bob)
	for viewer, want := range map[uuid.UUID]int{ada: len(photos), eve: len(photos), bob: 0} {
		if got := seen(viewer); got != want {
			t.Errorf("a viewer sees %d photos, want %d", got, want)
		}
	}
}
