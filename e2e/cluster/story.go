package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// cat is what is known about a cat.
type cat struct {
	id uuid.UUID
	// names are those that it may have: the last that was acknowledged, and those that were sent after it without an answer.
	names []string
	// deleted says that the deletion was acknowledged.
	deleted bool
}

// request is what is known about a fostering.
type request struct {
	id  uuid.UUID
	cat *cat
	// statuses are those that it may have.
	statuses []string
	messages []uuid.UUID
}

// story is what an owner and a participant do, one thing after the other, so that it is known at any time what both must see.
type story struct {
	*load
	random             *rand.Rand
	owner, participant *member
	cats               []*cat
	requests           []*request
}

// newStory signs up two members.
func (l *load) newStory(ctx context.Context, number int, random *rand.Rand) (*story, error) {
	s := &story{load: l, random: random}
	for name, m := range map[string]**member{"Owner": &s.owner, "Participant": &s.participant} {
		signedUp, err := l.signUp(ctx, fmt.Sprintf("%s %d", name, number))
		if err != nil {
			return nil, fmt.Errorf("sign up a member: %w", err)
		}
		*m = signedUp
	}
	return s, nil
}

// run tells the story until ctx is done.
func (s *story) run(ctx context.Context) {
	for ctx.Err() == nil {
		s.step(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(s.random.IntN(60)) * time.Millisecond): // People read.
		}
	}
}

// step is one thing that members do on the pages.
func (s *story) step(ctx context.Context) {
	choice := s.random.IntN(100)
	cat, r := s.anyCat(), s.anyRequest()
	switch {
	case choice < 8 || cat == nil:
		s.createCat(ctx)
	case choice < 20:
		s.renameCat(ctx, cat)
	case choice < 35:
		s.lookAtCat(ctx, s.anybody(), cat)
	case choice < 38:
		s.deleteCat(ctx, cat)
	case choice < 48 || r == nil:
		s.request(ctx, cat)
	case choice < 58:
		s.move(ctx, r)
	case choice < 72:
		s.write(ctx, r)
	case choice < 80:
		s.lookAtRequest(ctx, s.anybody(), r)
	case choice < 84:
		s.changeProfile(ctx, s.anybody())
	case choice < 90:
		s.lookAtProfile(ctx, s.anybody())
	case choice < 95:
		s.send(ctx, s.anybody(), "Home", nil, nil)
	case choice < 99:
		s.send(ctx, s.anybody(), "Cats", map[string]any{"first": 20}, nil)
	default:
		s.logInAgain(ctx, s.anybody())
	}
}

func (s *story) anybody() *member {
	if s.random.IntN(2) == 0 {
		return s.owner
	}
	return s.participant
}

// anyCat returns a cat that is not deleted, or nil.
func (s *story) anyCat() *cat {
	left := slices.DeleteFunc(slices.Clone(s.cats), func(c *cat) bool { return c.deleted })
	if len(left) == 0 {
		return nil
	}
	return left[s.random.IntN(len(left))]
}

// anyRequest returns a request for a cat that is not deleted, or nil.
func (s *story) anyRequest() *request {
	left := slices.DeleteFunc(slices.Clone(s.requests), func(r *request) bool { return r.cat.deleted })
	if len(left) == 0 {
		return nil
	}
	return left[s.random.IntN(len(left))]
}

func (s *story) createCat(ctx context.Context) {
	name := uuid.NewString()
	answered, ok := s.repeat(ctx, s.owner, "CreateCat", map[string]any{"name": name, "age": 3, "description": "Shy at first."})
	if !ok {
		return
	}
	made := &cat{id: answered["createCatProfile"].ID, names: []string{name}}
	s.cats = append(s.cats, made)
	s.lookAtCat(ctx, s.owner, made)
}

func (s *story) renameCat(ctx context.Context, c *cat) {
	name := uuid.NewString()
	done, maybe := s.mutate(ctx, s.owner, "UpdateCat", map[string]any{"id": c.id, "input": map[string]any{"name": name}})
	switch {
	case done:
		c.names = []string{name}
	case maybe || ctx.Err() != nil:
		c.names = append(c.names, name)
	}
	if done {
		s.lookAtCat(ctx, s.owner, c)
	}
}

func (s *story) deleteCat(ctx context.Context, c *cat) {
	done, maybe := s.mutate(ctx, s.owner, "DeleteCat", map[string]any{"id": c.id}, "CONFLICT")
	if done || maybe || ctx.Err() != nil {
		s.cats = slices.DeleteFunc(s.cats, func(other *cat) bool { return other == c && !done })
		c.deleted = true // After a failure it is not known, and nobody asks any more.
	}
	if done {
		s.lookAtCat(ctx, s.owner, c)
	}
}

func (s *story) request(ctx context.Context, c *cat) {
	today := time.Now().UTC()
	answered, ok := s.repeat(ctx, s.participant, "RequestFostering", map[string]any{
		"catProfileId": c.id,
		"startDate":    today.AddDate(0, 0, 2).Format(time.DateOnly), "endDate": today.AddDate(0, 0, 9).Format(time.DateOnly),
	}, "CONFLICT", "FORBIDDEN") // There is a request for the cat already.
	if !ok {
		return
	}
	made := &request{id: answered["requestFostering"].ID, cat: c, statuses: []string{"PENDING"}}
	s.requests = append(s.requests, made)
	s.lookAtRequest(ctx, s.participant, made)
}

// move changes the status of a request.
func (s *story) move(ctx context.Context, r *request) {
	operation, as, to := "ApproveFostering", s.owner, "APPROVED"
	switch s.random.IntN(4) {
	case 0:
		operation, to = "RejectFostering", "REJECTED"
	case 1:
		operation, as, to = "CancelFostering", s.anybody(), "CANCELLED"
	}
	done, maybe := s.mutate(ctx, as, operation, map[string]any{"id": r.id}, "CONFLICT")
	switch {
	case done:
		r.statuses = []string{to}
	case maybe || ctx.Err() != nil:
		r.statuses = append(r.statuses, to)
	}
	if done {
		s.lookAtRequest(ctx, as, r)
	}
}

func (s *story) write(ctx context.Context, r *request) {
	as := s.anybody()
	answered, ok := s.repeat(ctx, as, "SendMessage", map[string]any{"fosteringId": r.id, "text": "Hello."}, "CONFLICT", "FORBIDDEN")
	if !ok {
		return
	}
	r.messages = append(r.messages, answered["sendMessage"].ID)
	s.lookAtRequest(ctx, as, r)
}

func (s *story) changeProfile(ctx context.Context, m *member) {
	bio := uuid.NewString()
	a := s.send(ctx, m, "UpdateProfile", map[string]any{"input": map[string]any{"bio": bio}}, nil)
	switch {
	case a.code == "OK":
		m.bios, m.changed = []string{bio}, time.Now()
	case a.failed():
		m.bios = append(m.bios, bio)
	}
	for a.code == "OK" && !s.lookAtProfile(ctx, m) { // Another server remembers the member for a moment.
		if s.ledger.longest(&s.ledger.ownProfile, time.Since(m.changed)); time.Since(m.changed) > forgetLimit {
			s.ledger.violate(outdate, "the profile of user %s is as it was before after %s", m.id, time.Since(m.changed))
			return
		}
	}
}

// logInAgain logs a member in, ends all other sessions, and waits until no server accepts the old one any more.
func (s *story) logInAgain(ctx context.Context, m *member) {
	token, err := kratos.NewSelfService(s.config.Kratos).Login(ctx, m.email, password)
	if err != nil {
		return // A fault. The session of before is still there.
	}
	old := *m
	m.token = token
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, s.url+config.ProxyPath+"sessions", http.NoBody)
	if err != nil {
		return
	}
	request.Header.Set("X-Session-Token", token)
	response, err := s.client.Do(request)
	if err != nil {
		return
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return
	}
	ended := time.Now()
	for refused := 0; refused < 2*servers && ctx.Err() == nil; {
		asked := time.Now()
		switch code, _ := s.post(ctx, &old, "Viewer", nil, nil); code {
		case "UNAUTHENTICATED":
			refused++
		case "OK":
			refused = 0
			if s.ledger.longest(&s.ledger.forgotten, asked.Sub(ended)); asked.Sub(ended) > forgetLimit {
				s.ledger.violate(outdate, "an ended session of user %s is accepted after %s", m.id, asked.Sub(ended))
				return
			}
		}
	}
}
