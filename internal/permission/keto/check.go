package keto

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// maxAnswer bounds the answer to a check, in bytes.
const maxAnswer = 64 << 10

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

// checkOne is the call of one check. See Ory's documentation, "Check a permission". The
// generated client needs half as much CPU time again, and every mutation waits for a check.
func (c *Client) checkOne(ctx context.Context, tuple Tuple) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	configuration := c.read.GetConfig()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, configuration.Servers[0].URL+pathOf(tuple), nil)
	if err != nil {
		return false, fmt.Errorf("call Keto: %w", err)
	}
	for name, value := range configuration.DefaultHeader {
		request.Header.Set(name, value)
	}
	request.Header.Set("Accept", "application/json")
	response, text, err := outbound.Fetch(c.checks, request, maxAnswer)
	switch {
	case err != nil:
		return false, fmt.Errorf("%w: %w", ErrUnavailable, err)
	case response.StatusCode != http.StatusOK:
		return false, cause(response, fmt.Errorf("status %s", response.Status))
	}
	var answer struct {
		Allowed *bool `json:"allowed"`
	}
	switch err := json.Unmarshal(text, &answer); {
	case err != nil:
		return false, fmt.Errorf("%w: its answer is not JSON: %w", ErrUnavailable, err)
	case answer.Allowed == nil:
		return false, errEmptyAnswer
	}
	return *answer.Allowed, nil
}

// pathOf returns the path that asks for a tuple. The subject's relation is sent even if it is empty, because
// nothing matches without it. A maximum depth is never sent, because it inverts negations.
func pathOf(tuple Tuple) string {
	return "/relation-tuples/check/openapi" +
		"?namespace=" + url.QueryEscape(string(tuple.Object.Namespace)) +
		"&object=" + url.QueryEscape(tuple.Object.ID) +
		"&relation=" + url.QueryEscape(string(tuple.Relation)) +
		"&subject_set.namespace=" + url.QueryEscape(string(tuple.Subject.Namespace)) +
		"&subject_set.object=" + url.QueryEscape(tuple.Subject.ID) +
		"&subject_set.relation=" + url.QueryEscape(string(tuple.Subject.Relation))
}

// confirmDenial returns nil if Keto can read its database, so that its denial counts.
func (c *Client) confirmDenial(ctx context.Context) error {
	if err := c.database.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return nil
}
