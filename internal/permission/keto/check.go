package keto

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

const (
	// checkConcurrency is how many calls of one CheckAll are in flight. Two fields of a request
	// reach what a request may have in flight at all. With 16, a single field is a twentieth
	// faster at most, but each call that waits for its turn has a goroutine and a request.
	checkConcurrency = 8
	// batchSize is how many tuples one batch check has: the limit of Keto's default
	// configuration (limit.max_batch_check_size).
	batchSize = 10
	// maxAnswer bounds the answer to a check, in bytes.
	maxAnswer = 64 << 10
)

// errNoPath says that this version of Keto does not have the path of a call.
var errNoPath = fmt.Errorf("%w: it does not have the path", ErrModel)

// Check reports whether the tuple follows from what Keto holds. An error means that
// there is no answer: [ErrUnavailable], or [ErrModel] if Keto does not have the relation.
//
// Keto denies what it cannot look up while its database cannot be reached. After a denial
// Keto is therefore made to read from its database, at most once a second. If that fails,
// there is no answer.
//
// Negated permissions, such as foster, are granted for objects that do not exist. Check
// the existence of the object first.
func (c *Client) Check(ctx context.Context, tuple Tuple) (bool, error) {
	if c == nil || c.read == nil {
		return false, fmt.Errorf("check %s: %w", tuple, ErrUnavailable)
	}
	allowed, err := c.checkOne(ctx, tuple)
	if err == nil && !allowed {
		err = c.confirmDenial(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("check %s: %w", tuple, err)
	}
	return allowed, nil
}

// CheckAll checks several tuples. The answers are in the order of the tuples. An error
// means that there is no answer to any of them.
//
// It uses Keto's batch check if [Client.HasPermissions] has found one, and otherwise checks
// tuples one by one, several at the same time. Keto has it from v0.14 on.
func (c *Client) CheckAll(ctx context.Context, tuples []Tuple) ([]bool, error) {
	if len(tuples) > 1 && c.hasBatch.Load() {
		answers, err := c.checkParts(ctx, tuples, batchSize, c.checkBatch)
		if !errors.Is(err, errNoPath) {
			return answers, err
		}
		c.hasBatch.Store(false) // It is another version now.
	}
	return c.checkParts(ctx, tuples, 1, func(ctx context.Context, one []Tuple) ([]bool, error) {
		allowed, err := c.Check(ctx, one[0])
		return []bool{allowed}, err
	})
}

// checkParts checks parts of the tuples concurrently.
func (c *Client) checkParts(
	ctx context.Context, tuples []Tuple, size int, check func(context.Context, []Tuple) ([]bool, error),
) ([]bool, error) {
	answers := make([]bool, len(tuples))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(checkConcurrency)
	first := 0
	for part := range slices.Chunk(tuples, size) {
		into := answers[first : first+len(part)]
		first += len(part)
		group.Go(func() error {
			found, err := check(ctx, part)
			copy(into, found)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return answers, nil
}

// checkOne is the call of one check. See Ory's documentation, "Check a permission". The
// generated client needs half as much CPU time again, and one page may take forty checks.
func (c *Client) checkOne(ctx context.Context, tuple Tuple) (bool, error) {
	// The subject's relation is sent even if it is empty, because nothing matches
	// without it. A maximum depth is never sent, because it inverts negations.
	path := "/relation-tuples/check/openapi" +
		"?namespace=" + url.QueryEscape(string(tuple.Object.Namespace)) +
		"&object=" + url.QueryEscape(tuple.Object.ID) +
		"&relation=" + url.QueryEscape(string(tuple.Relation)) +
		"&subject_set.namespace=" + url.QueryEscape(string(tuple.Subject.Namespace)) +
		"&subject_set.object=" + url.QueryEscape(tuple.Subject.ID) +
		"&subject_set.relation=" + url.QueryEscape(string(tuple.Subject.Relation))
	var answer struct {
		Allowed *bool `json:"allowed"`
	}
	err := c.call(ctx, http.MethodGet, path, nil, &answer)
	switch {
	case err != nil:
		return false, err
	case answer.Allowed == nil:
		return false, errEmptyAnswer
	}
	return *answer.Allowed, nil
}

// checkBatch is the call of a batch check. The error is errNoPath if Keto has none. See
// Ory's documentation, "Batch check permissions".
func (c *Client) checkBatch(ctx context.Context, tuples []Tuple) ([]bool, error) {
	type subjectSet struct {
		Namespace string `json:"namespace"`
		Object    string `json:"object"`
		Relation  string `json:"relation"`
	}
	type relationship struct {
		Namespace  string     `json:"namespace"`
		Object     string     `json:"object"`
		Relation   string     `json:"relation"`
		SubjectSet subjectSet `json:"subject_set"`
	}
	var batch struct {
		Tuples []relationship `json:"tuples"`
	}
	for _, t := range tuples {
		batch.Tuples = append(batch.Tuples, relationship{
			string(t.Object.Namespace), t.Object.ID, string(t.Relation),
			subjectSet{string(t.Subject.Namespace), t.Subject.ID, string(t.Subject.Relation)},
		})
	}
	var answer struct {
		Results []struct {
			Allowed *bool  `json:"allowed"`
			Error   string `json:"error"`
		} `json:"results"`
	}
	if err := c.call(ctx, http.MethodPost, "/relation-tuples/batch/check", batch, &answer); err != nil {
		return nil, fmt.Errorf("check %d tuples: %w", len(tuples), err)
	}
	if len(answer.Results) != len(tuples) {
		return nil, fmt.Errorf("check %d tuples: %w: it has %d answers", len(tuples), ErrUnavailable, len(answer.Results))
	}
	answers := make([]bool, len(tuples))
	denied := false
	for i, tuple := range tuples {
		switch result := answer.Results[i]; {
		case result.Error != "":
			return nil, fmt.Errorf("check %s: %w: %s", tuple, ErrUnavailable, result.Error)
		case result.Allowed == nil:
			return nil, fmt.Errorf("check %s: %w", tuple, errEmptyAnswer)
		default:
			answers[i] = *result.Allowed
			denied = denied || !answers[i]
		}
	}
	if denied {
		if err := c.confirmDenial(ctx); err != nil {
			return nil, fmt.Errorf("check %d tuples: %w", len(tuples), err)
		}
	}
	return answers, nil
}

// confirmDenial returns nil if Keto can read its database, so that its denial counts.
func (c *Client) confirmDenial(ctx context.Context) error {
	if err := c.database.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return nil
}

// findBatch finds out whether Keto has a batch check. Without an answer it is not known,
// and nothing changes.
func (c *Client) findBatch(ctx context.Context) {
	nobody := Subject{Object: Object{Namespace: User, ID: "nobody"}}
	_, err := c.checkBatch(ctx, []Tuple{{Object: AdminGroup(), Relation: Members, Subject: nobody}})
	switch {
	case err == nil:
		c.hasBatch.Store(true)
	case errors.Is(err, errNoPath):
		c.hasBatch.Store(false)
	}
}

// call calls Keto's read API and decodes its answer.
func (c *Client) call(ctx context.Context, method, path string, body, answer any) error {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode a call to Keto: %w", err)
		}
		content = bytes.NewReader(encoded)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	configuration := c.read.GetConfig()
	request, err := http.NewRequestWithContext(ctx, method, configuration.Servers[0].URL+path, content)
	if err != nil {
		return fmt.Errorf("call Keto: %w", err)
	}
	for name, value := range configuration.DefaultHeader {
		request.Header.Set(name, value)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, text, err := outbound.Fetch(c.checks, request, maxAnswer)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case response.StatusCode == http.StatusNotFound:
		return errNoPath
	case response.StatusCode != http.StatusOK:
		return cause(response, fmt.Errorf("status %s", response.Status))
	case len(strings.TrimSpace(string(text))) == 0:
		return errEmptyAnswer
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("%w: its answer is not JSON: %w", ErrUnavailable, err)
	}
	return nil
}
