package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/web"
)

const (
	// password is that of all members.
	password = "a-cat-named-Godard-7"
	// noAnswer is the code of a request to which there was no answer of a server.
	noAnswer = "NO_ANSWER"
	// repeatAfter is how long a page waits before it repeats a mutation whose result is not known.
	repeatAfter = 100 * time.Millisecond
	// maxAnswer is the size of the largest answer that is read.
	maxAnswer = 4 << 20
)

// load is what all stories share.
type load struct {
	url       string // of the balancer
	config    config.Config
	client    *http.Client
	documents map[string]document // of the pages, by the name of the operation
	ledger    *ledger
}

// document is a registered document with one operation.
type document struct {
	id       string
	mutation bool
}

func newLoad(c *cluster, l *ledger) (*load, error) {
	var texts map[string]string
	if err := json.Unmarshal(web.Operations(), &texts); err != nil {
		return nil, fmt.Errorf("read the operations of the pages: %w", err)
	}
	operation := regexp.MustCompile(`^(query|mutation) (\w+)`)
	documents := map[string]document{}
	for id, text := range texts {
		if found := operation.FindStringSubmatch(text); found != nil {
			documents[found[2]] = document{id: id, mutation: found[1] == "mutation"}
		}
	}
	return &load{url: c.URL, config: c.config, client: newClient(), documents: documents, ledger: l}, nil
}

// member is a member who is logged in.
type member struct {
	id           uuid.UUID
	email, token string
	// bios are what the profile may say: the last that was acknowledged, and what was sent after it without an answer.
	bios []string
	// changed is when the last one was acknowledged.
	changed time.Time
}

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

func (l *load) signUp(ctx context.Context, name string) (*member, error) {
	forms, admin := kratos.NewSelfService(l.config.Kratos), kratos.NewAdmin(l.config.Kratos, nil)
	m := &member{email: uuid.NewString() + "@example.org", bios: []string{""}}
	id, err := forms.Register(ctx, m.email, name, password)
	if err != nil {
		return nil, err
	}
	if m.id, err = uuid.Parse(id); err != nil {
		return nil, err
	}
	if err := admin.Verify(ctx, m.email); err != nil {
		return nil, err
	}
	m.token, err = forms.Login(ctx, m.email, password)
	return m, err
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

// send sends an operation of the pages. into gets the data, unless it is nil. Any code but those of a failure and the expected ones
// is a wrong answer.
func (s *story) send(
	ctx context.Context, as *member, operation string, variables map[string]any, into any, expected ...string,
) answer {
	a := answer{began: time.Now(), operation: operation, mutation: s.documents[operation].mutation}
	var detail string
	a.code, detail = s.post(ctx, as, operation, variables, into)
	a.ended = time.Now()
	if ctx.Err() != nil {
		a.code = noAnswer // The run is over.
		return a
	}
	s.ledger.answered(a)
	if a.code != "OK" && !a.failed() && !slices.Contains(expected, a.code) {
		s.ledger.violate(wrong, "%s: %s %s", operation, a.code, detail)
	}
	return a
}

// post sends an operation, and returns the code of the answer, and more about an error.
func (s *story) post(ctx context.Context, as *member, operation string, variables map[string]any, into any) (code, detail string) {
	body, err := json.Marshal(map[string]any{"documentId": s.documents[operation].id, "variables": variables})
	if err != nil {
		return noAnswer, err.Error()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return noAnswer, err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Authorization", "Bearer "+as.token)
	response, err := s.client.Do(request)
	if err != nil {
		return noAnswer, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil || response.StatusCode == http.StatusBadGateway {
		return noAnswer, response.Status
	}
	var got struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code, Reason string }
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		return "NO_JSON", fmt.Sprintf("%s %.200s", response.Status, text)
	}
	if len(got.Errors) > 0 {
		first := got.Errors[0]
		return first.Extensions.Code, first.Extensions.Reason + " " + first.Message
	}
	if into != nil {
		if err := json.Unmarshal(got.Data, into); err != nil {
			return "BAD_DATA", err.Error()
		}
	}
	return "OK", ""
}

// repeat sends a mutation with an idempotency key until its result is known, as pages do. It returns false if the run is over.
func (s *story) repeat(
	ctx context.Context, as *member, operation string, input map[string]any, expected ...string,
) (answered map[string]struct{ ID uuid.UUID }, ok bool) {
	input["idempotencyKey"] = uuid.New()
	for {
		a := answer{began: time.Now(), operation: operation, mutation: true}
		var detail string
		a.code, detail = s.post(ctx, as, operation, map[string]any{"input": input}, &answered)
		a.ended = time.Now()
		if ctx.Err() != nil {
			return nil, false
		}
		s.ledger.answered(a)
		switch {
		case a.code == "OK":
			return answered, true
		case slices.Contains(expected, a.code):
			return nil, false
		case !a.failed():
			s.ledger.violate(wrong, "%s: %s %s", operation, a.code, detail)
			return nil, false
		}
		wait(ctx, repeatAfter)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
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

// mutate sends a mutation that has no key. It returns whether it was acknowledged, and otherwise whether it may have been done.
func (s *story) mutate(
	ctx context.Context, as *member, operation string, variables map[string]any, expected ...string,
) (done, maybe bool) {
	// A new cat may have no tuples yet, while Keto does not answer.
	a := s.send(ctx, as, operation, variables, nil, append(expected, "FORBIDDEN")...)
	if a.code == "FORBIDDEN" && !s.isDisturbed(a) {
		s.ledger.violate(wrong, "%s: FORBIDDEN without a fault", operation)
	}
	return a.code == "OK", a.failed()
}

func (s *story) isDisturbed(a answer) bool {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	return s.ledger.isExplained(a)
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
