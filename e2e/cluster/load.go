package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
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
	url        string // of the balancer
	config     config.Config
	client     *http.Client
	operations map[string]web.Operation // of the pages
	ledger     *ledger
}

func newLoad(c *cluster, l *ledger) *load {
	return &load{url: c.URL, config: c.config, client: newClient(), operations: web.OperationsByName(), ledger: l}
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

// send sends an operation of the pages. into gets the data, unless it is nil. Any code but those of a failure and the expected ones
// is a wrong answer.
func (l *load) send(
	ctx context.Context, as *member, operation string, variables map[string]any, into any, expected ...string,
) answer {
	a := answer{began: time.Now(), operation: operation, mutation: l.operations[operation].Kind == "mutation"}
	var detail string
	a.code, detail = l.post(ctx, as, operation, variables, into)
	a.ended = time.Now()
	if ctx.Err() != nil {
		a.code = noAnswer // The run is over.
		return a
	}
	l.ledger.answered(a)
	if a.code != "OK" && !a.failed() && !slices.Contains(expected, a.code) {
		l.ledger.violate(wrong, "%s: %s %s", operation, a.code, detail)
	}
	return a
}

// post sends an operation, and returns the code of the answer, and more about an error.
func (l *load) post(ctx context.Context, as *member, operation string, variables map[string]any, into any) (code, detail string) {
	body, err := json.Marshal(map[string]any{"documentId": l.operations[operation].ID, "variables": variables})
	if err != nil {
		return noAnswer, err.Error()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return noAnswer, err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Authorization", "Bearer "+as.token)
	response, err := l.client.Do(request)
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
func (l *load) repeat(
	ctx context.Context, as *member, operation string, input map[string]any, expected ...string,
) (answered map[string]struct{ ID uuid.UUID }, ok bool) {
	input["idempotencyKey"] = uuid.New()
	for {
		a := answer{began: time.Now(), operation: operation, mutation: true}
		var detail string
		a.code, detail = l.post(ctx, as, operation, map[string]any{"input": input}, &answered)
		a.ended = time.Now()
		if ctx.Err() != nil {
			return nil, false
		}
		l.ledger.answered(a)
		switch {
		case a.code == "OK":
			return answered, true
		case slices.Contains(expected, a.code):
			return nil, false
		case !a.failed():
			l.ledger.violate(wrong, "%s: %s %s", operation, a.code, detail)
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

// mutate sends a mutation that has no key. It returns whether it was acknowledged, and otherwise whether it may have been done.
func (l *load) mutate(
	ctx context.Context, as *member, operation string, variables map[string]any, expected ...string,
) (done, maybe bool) {
	// A new cat may have no tuples yet, while Keto does not answer.
	a := l.send(ctx, as, operation, variables, nil, append(expected, "FORBIDDEN")...)
	if a.code == "FORBIDDEN" && !l.isDisturbed(a) {
		l.ledger.violate(wrong, "%s: FORBIDDEN without a fault", operation)
	}
	return a.code == "OK", a.failed()
}

func (l *load) isDisturbed(a answer) bool {
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	return l.ledger.isExplained(a)
}
