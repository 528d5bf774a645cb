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

// api is the GraphQL API, as a frontend sees it.
type api struct {
	url  string
	http http.Client
}

func newAPI(url string) *api {
	const callTimeout = 30 * time.Second // The API asks others meanwhile.
	return &api{url: strings.TrimSuffix(url, "/") + "/graphql", http: http.Client{Timeout: callTimeout}}
}

// ask sends a document as somebody, or as nobody if the token is empty, and reads
// the data of the answer into data.
func (a *api) ask(ctx context.Context, token, document string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := a.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the API: %w", err)
	}
	defer response.Body.Close()
	answer := struct {
		Data   any `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code string `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("read what %s answers (%s): %w", a.url, response.Status, err)
	}
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		return fmt.Errorf("the API refuses: %s (%s)", first.Message, first.Extensions.Code)
	}
	return nil
}
