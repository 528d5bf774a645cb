package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

func (s *story) lookAtCat(ctx context.Context, as *member, c *cat) {
	var data struct{ CatProfile *struct{ Name string } }
	if s.send(ctx, as, "Cat", map[string]any{"id": c.id}, &data).code != "OK" {
		return
	}
	switch found := data.CatProfile; {
	case c.deleted && found != nil:
		s.ledger.violate(missed, "cat %s was deleted and is seen", c.id)
	case !c.deleted && found == nil:
		s.ledger.violate(missed, "cat %s is not seen", c.id)
	case found != nil && !slices.Contains(c.names, found.Name):
		s.ledger.violate(missed, "cat %s is seen with the name %s, want one of %q", c.id, found.Name, c.names)
	}
}

// lookAtRequest opens the page of a fostering with its conversation.
func (s *story) lookAtRequest(ctx context.Context, as *member, r *request) {
	var data struct {
		Fostering *struct {
			Status   string
			Messages struct {
				Edges []struct{ Node struct{ ID uuid.UUID } }
			}
		}
	}
	a := s.send(ctx, as, "Conversation", map[string]any{"id": r.id, "last": 20}, &data, "FORBIDDEN")
	if a.code == "FORBIDDEN" && !s.isDisturbed(a) { // A new request may have no tuples yet, while Keto does not answer.
		s.ledger.violate(missed, "fostering %s is FORBIDDEN without a fault", r.id)
	}
	if a.code != "OK" {
		return
	}
	found := data.Fostering
	if found == nil {
		if !r.cat.deleted {
			s.ledger.violate(missed, "fostering %s is not seen", r.id)
		}
		return
	}
	if !slices.Contains(r.statuses, found.Status) {
		s.ledger.violate(missed, "fostering %s is seen as %s, want %s", r.id, found.Status, strings.Join(r.statuses, " or "))
	}
	var seen []uuid.UUID
	for _, edge := range found.Messages.Edges {
		seen = append(seen, edge.Node.ID)
	}
	for _, id := range r.messages[max(0, len(r.messages)-10):] {
		if !slices.Contains(seen, id) {
			s.ledger.violate(missed, "message %s in fostering %s is not seen", id, r.id)
		}
	}
}

// lookAtProfile opens the page of the own profile, and returns whether it is up to date, or not seen.
func (s *story) lookAtProfile(ctx context.Context, m *member) bool {
	var data struct{ Me *struct{ Bio *string } }
	began := time.Now()
	if s.send(ctx, m, "Profile", nil, &data).code != "OK" {
		return true
	}
	if data.Me == nil {
		s.ledger.violate(wrong, "a member with a session is nobody")
		return true
	}
	bio := ""
	if data.Me.Bio != nil {
		bio = *data.Me.Bio
	}
	if slices.Contains(m.bios, bio) {
		return true
	}
	if began.Sub(m.changed) > forgetLimit {
		s.ledger.violate(missed, "the profile of user %s says %q, want one of %q", m.id, bio, m.bios)
	}
	return false
}
