package usecase

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// send writes to the other side of a fostering.
func (c *community) send(t *testing.T, author, id uuid.UUID, text string) error {
	t.Helper()
	_, err := c.fosterings.Send(t.Context(), NewMessage{Author: author, FosteringID: id, Text: text})
	return err
}

// conversation returns the texts of the messages about a fostering.
func (c *community) conversation(t *testing.T, id uuid.UUID) string {
	t.Helper()
	rows, err := c.db.Client.Message.Query().Where(message.FosteringID(id)).Order(message.ByCreatedAt(), message.ByID()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = row.Text
	}
	return strings.Join(texts, " ")
}

// TestFosterings_Opening follows the message of a request, which is the first of the conversation.
func TestFosterings_Opening(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	cat := c.cat(t, ada)
	row, err := c.fosterings.Request(t.Context(), bob, FosteringRequest{CatID: cat, StartDate: day(1), EndDate: day(2), Message: new("Please.")})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "answer a request", c.send(t, ada, row.ID, "Why?"), "")
	for _, step := range []struct {
		edit FosteringEdit
		want string
	}{
		{FosteringEdit{}, "Please. Why?"},
		{FosteringEdit{EndDate: new(day(3))}, "Please. Why?"},
		{FosteringEdit{Message: given(new("Pretty please."))}, "Pretty please. Why?"},
		{FosteringEdit{Message: Field[string]{Set: true}}, "Why?"},
		{FosteringEdit{Message: Field[string]{Set: true}}, "Why?"},
		{FosteringEdit{Message: given(new("Because."))}, "Because. Why?"},
	} {
		if _, err := c.fosterings.Edit(t.Context(), bob, row.ID, step.edit, nil); err != nil {
			t.Fatal(err)
		}
		if got := c.conversation(t, row.ID); got != step.want {
			t.Errorf("the conversation after the edit %+v is %q, want %q", step.edit, got, step.want)
		}
	}
	other := c.request(t, c.user(t), cat, 1, 2)
	if got := c.conversation(t, other.ID); got != "" {
		t.Errorf("the conversation of a request without a message is %q", got)
	}
}

// TestFosterings_Send says who may write, and how long.
func TestFosterings_Send(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, eve := c.user(t), c.user(t), c.user(t)
	row := c.request(t, bob, c.cat(t, ada), 1, 2)
	both := func(about string, want apperr.Reason) {
		t.Helper()
		for _, author := range []uuid.UUID{ada, bob} {
			if err := c.send(t, author, row.ID, "Hello"); apperr.ReasonOf(err) != want || want == "" && err != nil {
				t.Errorf("a message %s: %v, want the reason %q", about, err, want)
			}
		}
	}
	both("about a request", "")
	wantCode(t, "a message of a stranger", c.send(t, eve, row.ID, "Hello"), apperr.Forbidden)
	wantCode(t, "a message about no fostering", c.send(t, ada, uuid.New(), "Hello"), apperr.Forbidden)
	if _, err := c.move(t, fostering.Owner, fostering.Reject, row.ID, nil); err != nil {
		t.Fatal(err)
	}
	both("after a rejection", "")
	c.travel(limits.ConversationDays - 1)
	both("while the conversation is open", "")
	c.travel(limits.ConversationDays)
	both("too late", apperr.ConversationClosed)
	if err := c.db.Client.Fostering.UpdateOneID(row.ID).ClearEndedAt().SetUpdatedAt(c.now()).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	both("after an end at a time that is not known", "")

	if err := c.cats.Delete(t.Context(), ada, row.CatProfileID, nil); err != nil {
		t.Fatal(err)
	}
	both("about an archived cat", "")
	if err := c.accounts.DeleteVanished(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "a message to a former member", c.send(t, bob, row.ID, "Hello"), apperr.ConversationClosed)
	if err := c.send(t, ada, row.ID, "Hello"); err == nil {
		t.Error("a former member writes a message")
	}
	authors, err := c.db.Client.Message.Query().Unique(true).Select(message.FieldAuthorID).Strings(t.Context())
	if err != nil || len(authors) != 1 || authors[0] != bob.String() {
		t.Errorf("after the deletion of an account there are messages of %v (%v), want those of the other side alone", authors, err)
	}
}

// TestFosterings_SendToParticipantWhoLeft is the other direction: the participant deletes the account.
func TestFosterings_SendToParticipantWhoLeft(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	cat := c.cat(t, ada)
	row, err := c.fosterings.Request(t.Context(), bob, FosteringRequest{CatID: cat, StartDate: day(1), EndDate: day(2), Message: new("Please.")})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "answer a request", c.send(t, ada, row.ID, "Why?"), "")
	if err := c.accounts.DeleteVanished(t.Context(), bob); err != nil {
		t.Fatal(err)
	}
	if got := c.conversation(t, row.ID); got != "Why?" {
		t.Errorf("the conversation with a former member is %q, want the messages of the other side", got)
	}
	wantConflict(t, "a message to a former member", c.send(t, ada, row.ID, "Hello"), apperr.ConversationClosed)
}

// TestFosterings_MessageQuota has processes send messages of a member at the same time.
func TestFosterings_MessageQuota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	first, second := c.request(t, bob, c.cat(t, ada), 1, 2), c.request(t, bob, c.cat(t, ada), 1, 2)
	processes := make([]*Fosterings, windows)
	for i := range processes {
		_, processes[i] = c.otherProcess()
		processes[i].clock.Now = time.Now // That of the rows.
	}
	send := func(i int) error {
		about := []uuid.UUID{first.ID, second.ID}[i%2] // The quota is that of the member.
		_, err := processes[i%windows].Send(t.Context(), NewMessage{Author: bob, FosteringID: about, Text: "Hello"})
		return err
	}
	for i := range quota - 2 {
		wantCode(t, "send a message", send(i), "")
	}
	sent, err := c.atOnce(t, bob, send)
	if sent != 2 {
		t.Errorf("%d of %d messages are sent after %d, want 2, because a member may send %d", sent, windows, quota-2, quota)
	}
	wantConflict(t, "send one more message", err, apperr.QuotaExceeded)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint("may send ", quota)) {
		t.Errorf("the error is %q, want it to name the limit", err)
	}
	if _, err := processes[0].Send(t.Context(), NewMessage{Author: ada, FosteringID: first.ID, Text: "Hello"}); err != nil {
		t.Errorf("the other side cannot answer: %v", err)
	}
	one, err := c.db.Client.Message.Query().Where(message.AuthorID(bob)).FirstID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.ExecContext(t.Context(), "UPDATE messages SET created_at = now() - interval '61 minutes' WHERE id = $1", one); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "send a message an hour after another one", send(0), "")
}

// TestFosterings_MessageRepeated repeats a message when the quota is used up and the conversation is closed.
func TestFosterings_MessageRepeated(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob, key := c.user(t), c.user(t), uuid.New()
	row := c.request(t, bob, c.cat(t, ada), 1, 2)
	_, limited := c.otherProcess()
	limited.clock.Now, limited.quotas.MessagesPerHour = time.Now, 1
	send := func(f *Fosterings, author uuid.UUID, text string) (*ent.Message, error) {
		return f.Send(t.Context(), NewMessage{Author: author, FosteringID: row.ID, Text: text, IdempotencyKey: &key})
	}
	first, err := send(limited, bob, "Hello")
	if err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "another message", errOf(limited.Send(t.Context(), NewMessage{Author: bob, FosteringID: row.ID, Text: "Hello"})), apperr.QuotaExceeded)
	wantConflict(t, "the same key with another text", errOf(send(limited, bob, "Bye")), apperr.IdempotencyKeyReused)
	if theirs, err := send(c.fosterings, ada, "Hello"); err != nil || theirs.ID == first.ID {
		t.Errorf("the key of another member: %v, %v; want a message of their own", theirs, err)
	}
	if _, err := c.move(t, fostering.Owner, fostering.Reject, row.ID, nil); err != nil {
		t.Fatal(err)
	}
	c.travel(limits.ConversationDays + 1)
	again, err := send(c.fosterings, bob, "Hello")
	if err != nil || again.ID != first.ID {
		t.Fatalf("a repetition returns %v (%v), want the first message", again, err)
	}
	if _, err := again.QueryAuthor().Only(t.Context()); err != nil {
		t.Errorf("the message of a repetition cannot be used after its transaction: %v", err)
	}
	if got := c.conversation(t, row.ID); got != "Hello Hello" {
		t.Errorf("the conversation is %q, want one message of each side", got)
	}
}

// TestFosterings_SendWhileOtherSideLeaves sends messages while the other side deletes the account. A message is either sent
// before that, or refused.
func TestFosterings_SendWhileOtherSideLeaves(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	row := c.request(t, bob, c.cat(t, ada), 1, 2)
	left := make(chan error, 1)
	go func() { left <- c.accounts.DeleteVanished(t.Context(), bob) }()
	var err error
	for deadline := time.Now().Add(10 * time.Second); err == nil && time.Now().Before(deadline); {
		if err = c.send(t, ada, row.ID, "Are you there?"); errors.Is(err, ErrBusy) {
			err = nil
		}
	}
	wantConflict(t, "a message after the other side has left", err, apperr.ConversationClosed)
	if err := <-left; err != nil {
		t.Error(err)
	}
}

// errOf returns the error of a call alone.
func errOf[T any](_ T, err error) error { return err }
