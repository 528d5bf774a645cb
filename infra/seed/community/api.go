package community

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// api is a client of the GraphQL API.
type api struct {
	url  string
	http http.Client

	mu     sync.Mutex
	places map[string]string // ids of towns, by name
}

func newAPI(url string) *api {
	const timeout = 30 * time.Second // Long enough for an API that waits for Kratos and Keto.
	return &api{url: strings.TrimSuffix(url, "/"), http: http.Client{Timeout: timeout}, places: map[string]string{}}
}

// execute sends a query or mutation and decodes the response's data into data, unless that
// is nil. The token is that of a session; it may be empty.
func (a *api) execute(ctx context.Context, token, document string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("create the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := a.http.Do(request)
	if err != nil {
		return fmt.Errorf("send the request: %w", err)
	}
	defer response.Body.Close()
	result := struct {
		Data   any `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code string `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		return fmt.Errorf("decode the response of %s (%s): %w", a.url, response.Status, err)
	}
	if len(result.Errors) > 0 {
		first := result.Errors[0]
		return fmt.Errorf("the API returned an error: %s (%s)", first.Message, first.Extensions.Code)
	}
	return nil
}

// place returns the id of the most populous town with a name, or the empty string if the API has none. It asks once for each name.
func (a *api) place(ctx context.Context, token, name string) (id string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if id, known := a.places[name]; known {
		return id, nil
	}
	var data struct{ Places []struct{ ID string } }
	if err := a.execute(ctx, token, `query($search: String!) { places(search: $search) { id } }`, map[string]any{"search": name}, &data); err != nil {
		return "", fmt.Errorf("look for the town %s: %w", name, err)
	}
	if len(data.Places) > 0 {
		id = data.Places[0].ID
	}
	a.places[name] = id
	return id, nil
}

// upload uploads a photo, and returns its id. It waits when the API asks for that: a member with many cats has more photos than the
// API takes at a time.
func (a *api) upload(ctx context.Context, token string, photo []byte) (id string, err error) {
	for {
		id, retryAfter, err := a.tryUpload(ctx, token, photo)
		if retryAfter == 0 {
			return id, err
		}
		if err := wait(ctx, retryAfter); err != nil {
			return "", err
		}
	}
}

// tryUpload uploads a photo. If the API asks to try again, it returns after which time.
func (a *api) tryUpload(ctx context.Context, token string, photo []byte) (id string, retryAfter time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/photos", bytes.NewReader(photo))
	if err != nil {
		return "", 0, fmt.Errorf("create the request: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := a.http.Do(request)
	if err != nil {
		return "", 0, fmt.Errorf("send the photo: %w", err)
	}
	defer response.Body.Close()
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 && response.StatusCode == http.StatusTooManyRequests {
		return "", time.Duration(seconds) * time.Second, nil
	}
	if response.StatusCode != http.StatusCreated {
		return "", 0, fmt.Errorf("the API answers a photo with %s", response.Status)
	}
	var answer struct{ ID string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", 0, fmt.Errorf("decode the answer to a photo: %w", err)
	}
	return answer.ID, 0, nil
}
