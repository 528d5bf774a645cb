package community

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// api is a client of the GraphQL API.
type api struct {
	url  string
	http http.Client
}

func newAPI(url string) *api {
	const timeout = 30 * time.Second // Long enough for an API that waits for Kratos and Keto.
	return &api{url: strings.TrimSuffix(url, "/"), http: http.Client{Timeout: timeout}}
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

// place returns the id of the most populous town with a name, or the empty string if the API has none.
func (a *api) place(ctx context.Context, token, name string) (id string, err error) {
	var data struct{ Places []struct{ ID string } }
	if err := a.execute(ctx, token, `query($search: String!) { places(search: $search) { id } }`, map[string]any{"search": name}, &data); err != nil {
		return "", fmt.Errorf("look for the town %s: %w", name, err)
	}
	if len(data.Places) > 0 {
		id = data.Places[0].ID
	}
	return id, nil
}

// upload uploads a photo, and returns its id.
func (a *api) upload(ctx context.Context, token string, photo []byte) (id string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/photos", bytes.NewReader(photo))
	if err != nil {
		return "", fmt.Errorf("create the request: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := a.http.Do(request)
	if err != nil {
		return "", fmt.Errorf("send the photo: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("the API answers a photo with %s", response.Status)
	}
	var answer struct{ ID string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("decode the answer to a photo: %w", err)
	}
	return answer.ID, nil
}
