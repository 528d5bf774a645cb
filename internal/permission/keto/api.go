package keto

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// maxAnswer bounds an answer, in bytes. A page of tuples has a quarter of a megabyte.
const maxAnswer = 4 << 20

// api is one of Keto's two APIs: see Ory's documentation, "Keto REST API". The client that Ory generates takes twice the allocations
// and half as much CPU time again for a call, and every mutation waits for one.
type api struct {
	url    string // without a slash at the end
	key    string // of a project in the Ory Network, or empty
	client *http.Client
}

func newAPI(url, key string, transport http.RoundTripper) api {
	return api{strings.TrimSuffix(url, "/"), key, &http.Client{Transport: transport}}
}

// check asks for a tuple. The subject's relation is sent even if it is empty, because nothing matches without it. A maximum depth is
// never sent, because it inverts negations.
func (a api) check(ctx context.Context, tuple Tuple) (allowed bool, err error) {
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
	if err := a.get(ctx, path, &answer); err != nil {
		return false, err
	}
	if answer.Allowed == nil {
		return false, errEmptyAnswer
	}
	return *answer.Allowed, nil
}

// page is a page of a list of tuples.
type page struct {
	Relationships []relationship `json:"relation_tuples"`
	// NextPageToken is empty on the last page.
	NextPageToken string `json:"next_page_token"`
}

// page lists tuples of an object, or of the namespace if the object has no id. The first page has no token.
func (a api) page(ctx context.Context, object Object, size int, token string) (found page, err error) {
	path := "/relation-tuples?page_size=" + strconv.Itoa(size) + "&namespace=" + url.QueryEscape(string(object.Namespace))
	if object.ID != "" {
		path += "&object=" + url.QueryEscape(object.ID)
	}
	if token != "" {
		path += "&page_token=" + url.QueryEscape(token)
	}
	if err := a.get(ctx, path, &found); err != nil {
		return page{}, err
	}
	if found.Relationships == nil {
		return page{}, errEmptyAnswer
	}
	return found, nil
}

// namespaces lists the namespaces of the model that Keto has loaded.
func (a api) namespaces(ctx context.Context) (names []Namespace, err error) {
	var answer struct {
		Namespaces []struct {
			Name Namespace `json:"name"`
		} `json:"namespaces"`
	}
	if err := a.get(ctx, "/namespaces", &answer); err != nil {
		return nil, err
	}
	for _, n := range answer.Namespaces {
		names = append(names, n.Name)
	}
	return names, nil
}

// patch makes changes, all or none.
func (a api) patch(ctx context.Context, changes []change) error {
	body, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("encode changes of tuples: %w", err)
	}
	_, err = a.call(ctx, http.MethodPatch, "/admin/relation-tuples", bytes.NewReader(body))
	return err
}

// ready asks whether the API answers.
func (a api) ready(ctx context.Context) error {
	_, err := a.call(ctx, http.MethodGet, "/health/ready", nil)
	return err
}

// get asks for a path, and decodes the answer.
func (a api) get(ctx context.Context, path string, answer any) error {
	text, err := a.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("%w: its answer is not JSON: %w", ErrUnavailable, err)
	}
	return nil
}

// call sends a request, and returns the answer. The error is [ErrUnavailable], or [ErrModel] if Keto rejects the request.
func (a api) call(ctx context.Context, method, path string, body io.Reader) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, body)
	if err != nil {
		return nil, fmt.Errorf("call Keto: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if a.key != "" {
		request.Header.Set("Authorization", "Bearer "+a.key)
	}
	response, answer, err := outbound.Fetch(a.client, request, maxAnswer)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	case response.StatusCode == http.StatusNotFound:
		return nil, errNoPath
	case response.StatusCode == http.StatusBadRequest:
		return nil, fmt.Errorf("%w: it rejects the request", ErrModel)
	case response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusMultipleChoices:
		return nil, fmt.Errorf("%w: status %s", ErrUnavailable, response.Status)
	}
	return answer, nil
}
