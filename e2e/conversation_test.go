package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

const sendMessage = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { id text author { name } } }`

// conversation is what a member sees of a conversation.
type conversation struct {
	Fostering struct {
		ViewerCanWrite bool
		Messages       struct {
			TotalCount int
			PageInfo   struct {
				HasPreviousPage bool
				StartCursor     *string
			}
			Edges []struct {
				Node struct {
					ID     uuid.UUID
					Text   string
					Author struct{ Name string }
				}
			}
		}
	}
}

// String returns who has written what.
func (c conversation) String() string {
	lines := make([]string, len(c.Fostering.Messages.Edges))
	for i, edge := range c.Fostering.Messages.Edges {
		lines[i] = edge.Node.Author.Name + ": " + edge.Node.Text
	}
	return strings.Join(lines, "\n")
}

// conversationOf returns the newest messages about a fostering, before a position.
func conversationOf(t *testing.T, viewer harness.Member, id uuid.UUID, last int, before *string) (c conversation) {
	t.Helper()
	env.Query(t, viewer.Token, `query($id: ID!, $last: Int!, $before: Cursor) { fostering(id: $id) { viewerCanWrite
		messages(last: $last, before: $before) { totalCount pageInfo { hasPreviousPage startCursor } edges { node { id text author { name } } } }
	} }`, map[string]any{"id": id, "last": last, "before": before}).Decode(t, &c)
	return c
}

func send(t *testing.T, author harness.Member, id uuid.UUID, text string) harness.Response {
	t.Helper()
	return env.Query(t, author.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": id, "text": text}})
}

// TestConversation_Story has the two sides of a fostering talk, until one of them leaves.
func TestConversation_Story(t *testing.T) {
	t.Parallel()
	ada, bob, eve, admin := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve"), env.NewAdmin(t)
	var request struct{ RequestFostering struct{ ID uuid.UUID } }
	env.Query(t, bob.Token, harness.RequestFosteringMutation, map[string]any{
		"cat": env.NewCat(t, ada), "start": env.Day(1), "end": env.Day(2), "message": "May I?",
	}).Decode(t, &request)
	id := request.RequestFostering.ID
	send(t, ada, id, " Do you have a balcony?\nShe climbs. ").RequireOK(t)
	send(t, bob, id, "I have a net.").RequireOK(t)
	env.Query(t, ada.Token, `mutation($id: ID!) { rejectFostering(id: $id) { id } }`, map[string]any{"id": id}).RequireOK(t)
	send(t, ada, id, "Sorry, she stays.").RequireOK(t)

	const all = "Bob: May I?\nAda: Do you have a balcony?\nShe climbs.\nBob: I have a net.\nAda: Sorry, she stays."
	for _, side := range []harness.Member{ada, bob} {
		got := conversationOf(t, side, id, 20, nil)
		if got.String() != all || !got.Fostering.ViewerCanWrite || got.Fostering.Messages.TotalCount != 4 {
			t.Errorf("%s sees %d messages:\n%s\nand can write: %t; want all 4, and yes", side.Name, got.Fostering.Messages.TotalCount, got, got.Fostering.ViewerCanWrite)
		}
	}
	newest := conversationOf(t, ada, id, 2, nil)
	older := conversationOf(t, ada, id, 2, newest.Fostering.Messages.PageInfo.StartCursor)
	if pages := older.String() + "\n" + newest.String(); pages != all || !newest.Fostering.Messages.PageInfo.HasPreviousPage ||
		older.Fostering.Messages.PageInfo.HasPreviousPage {
		t.Errorf("two pages, from the end, have\n%s\nwant\n%s", pages, all)
	}

	if got := env.Query(t, eve.Token, `query($id: ID!) { fostering(id: $id) { messages { totalCount } } }`, map[string]any{"id": id}).Code(); got != "FORBIDDEN" {
		t.Errorf("a stranger gets %s, want FORBIDDEN", got)
	}
	if got := conversationOf(t, admin, id, 20, nil); got.String() != "" || got.Fostering.Messages.TotalCount != 0 || got.Fostering.ViewerCanWrite {
		t.Errorf("an admin sees %d messages, %q, and can write: %t; want none, and no", got.Fostering.Messages.TotalCount, got, got.Fostering.ViewerCanWrite)
	}
	for _, other := range []harness.Member{eve, admin} {
		if got := send(t, other, id, "Hello").Code(); got != "FORBIDDEN" {
			t.Errorf("sendMessage of %s: %s, want FORBIDDEN", other.Name, got)
		}
		var node struct{ Node *struct{ ID string } }
		env.Query(t, other.Token, `query($id: ID!) { node(id: $id) { id } }`,
			map[string]any{"id": newest.Fostering.Messages.Edges[0].Node.ID}).Decode(t, &node)
		if node.Node != nil {
			t.Errorf("%s finds a message by its id", other.Name)
		}
	}

	env.Query(t, bob.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	got := conversationOf(t, ada, id, 20, nil)
	if want := "Ada: Do you have a balcony?\nShe climbs.\nAda: Sorry, she stays."; got.String() != want || got.Fostering.ViewerCanWrite {
		t.Errorf("after Bob has left, Ada sees\n%s\nand can write: %t; want\n%s\nand no", got, got.Fostering.ViewerCanWrite, want)
	}
	if got := send(t, ada, id, "Hello").Errors; len(got) != 1 || got[0].Extensions.Reason != "CONVERSATION_CLOSED" {
		t.Errorf("a message to a former member: %+v, want the reason CONVERSATION_CLOSED", got)
	}
}

// TestConversation_ClosedLongAfterTheEnd compares what viewerCanWrite says with what sendMessage does.
func TestConversation_ClosedLongAfterTheEnd(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2))
	env.MoveFostering(t, ada.Token, "rejectFostering", id)
	for days, open := range map[int]bool{0: true, limits.ConversationDays - 1: true, limits.ConversationDays: false} {
		env.Exec(t, "UPDATE fosterings SET ended_at = $1 WHERE id = $2", env.Now().AddDate(0, 0, -days).Add(-time.Second), id)
		for _, side := range []harness.Member{ada, bob} {
			can, sent := conversationOf(t, side, id, 1, nil).Fostering.ViewerCanWrite, send(t, side, id, "Hello").Code()
			if can != open || (sent == "OK") != open {
				t.Errorf("%d days after the end viewerCanWrite of %s is %t, and sendMessage %s; want it open: %t", days, side.Name, can, sent, open)
			}
		}
	}
}

func TestConversation_Texts(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2))
	refused := []string{"BAD_USER_INPUT text"}
	for text, want := range map[string][]string{
		"":                                    refused,
		" \n\u3000":                           refused,
		"\u200b\u2060\u2800":                  refused,
		"\u202e":                              refused,
		"null\u0000":                          refused,
		strings.Repeat("ä", limits.MaxText+1): refused,
		strings.Repeat("ä", limits.MaxText):   nil,
		"<b>&amp;</b>\r\n\r\nhttps://example.org 🐈\u200d⬛ علی\u200cرضا": nil,
	} {
		if got := send(t, ada, id, text).Fields(); !slices.Equal(got, want) {
			t.Errorf("a message %.30q: %q, want %q", text, got, want)
		}
	}
}

// TestConversation_Quota is that of the configuration.
func TestConversation_Quota(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Quotas.MessagesPerHour = 2
	server := env.StartServer(t, c)
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2))
	input := func(key string) map[string]any {
		return map[string]any{"input": map[string]any{"fosteringId": id, "text": "Hello", "idempotencyKey": key}}
	}
	first, second := uuid.NewString(), uuid.NewString()
	for key, want := range map[string]string{first: "OK", second: "OK"} {
		if got := server.Query(t, bob.Token, sendMessage, input(key)).Code(); got != want {
			t.Errorf("a message within the quota: %s, want %s", got, want)
		}
	}
	refused := server.Query(t, bob.Token, sendMessage, input(uuid.NewString())).Errors
	if len(refused) != 1 || refused[0].Extensions.Reason != "QUOTA_EXCEEDED" {
		t.Errorf("one more message: %+v, want the reason QUOTA_EXCEEDED", refused)
	}
	if got := server.Query(t, bob.Token, sendMessage, input(first)).Code(); got != "OK" {
		t.Errorf("a repetition: %s, want OK", got)
	}
	if got := conversationOf(t, ada, id, 20, nil); got.Fostering.Messages.TotalCount != 2 {
		t.Errorf("the conversation has %d messages, want 2", got.Fostering.Messages.TotalCount)
	}
}
