package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Response is a response to a GraphQL request.
type Response struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code       string
			Field      string
			Reason     string
			RequestID  string `json:"requestId"`
			RedirectTo string `json:"redirectTo"`
			// Until and Explanation are those of a suspension.
			Until       *time.Time
			Explanation string
		}
	} `json:"errors"`

	Extensions struct {
		// Cost is what the request has cost and what its caller has left.
		Cost struct{ Requested, Limit, Remaining, RestoreRate int }
	} `json:"extensions"`

	header http.Header
}

// Header returns a header field.
func (r Response) Header(field string) string { return r.header.Get(field) }

// Query sends a GraphQL request with a session token, or without one if the token is
// empty.
func (s *Server) Query(t *testing.T, token, query string, variables map[string]any) Response {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return s.QueryWithHeader(t, header, query, variables)
}

// QueryWithHeader sends a GraphQL request with any header.
func (s *Server) QueryWithHeader(t *testing.T, header http.Header, query string, variables map[string]any) Response {
	t.Helper()
	response, err := s.post(t.Context(), header, query, variables)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// TryQuery sends a GraphQL request to a server that may have been killed. The error means
// that there is no response: the server may have executed the request or not.
func (s *Server) TryQuery(ctx context.Context, token, query string, variables map[string]any) (Response, error) {
	return s.post(ctx, http.Header{"Authorization": {"Bearer " + token}}, query, variables)
}

// Send sends a GraphQL request with any parameters, such as the id of its document, and a
// session token unless that is empty.
func (s *Server) Send(t *testing.T, token string, parameters map[string]any) Response {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.send(t.Context(), header, parameters)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func (s *Server) post(ctx context.Context, header http.Header, query string, variables map[string]any) (Response, error) {
	return s.send(ctx, header, map[string]any{"query": query, "variables": variables})
}

func (s *Server) send(ctx context.Context, header http.Header, parameters map[string]any) (Response, error) {
	body, err := json.Marshal(parameters)
	if err != nil {
		return Response{}, fmt.Errorf("encode the request: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return Response{}, fmt.Errorf("make the request: %w", err)
	}
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client().Do(request)
	if err != nil {
		return Response{}, fmt.Errorf("call the API: %w", err)
	}
	defer response.Body.Close()
	r := Response{header: response.Header}
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		return Response{}, fmt.Errorf("decode the response (%s): %w", response.Status, err)
	}
	return r, nil
}

// RequestID returns the id that the server has given the request.
func (r Response) RequestID() string { return r.header.Get("X-Request-Id") }

// Decode decodes the data of a response that must have no errors.
func (r Response) Decode(t *testing.T, data any) {
	t.Helper()
	if len(r.Errors) > 0 {
		t.Fatalf("the API returns errors: %+v", r.Errors)
	}
	if err := json.Unmarshal(r.Data, data); err != nil {
		t.Fatalf("decode %s: %v", r.Data, err)
	}
}

// RequireOK fails the test if the response has errors.
func (r Response) RequireOK(t *testing.T) {
	t.Helper()
	r.Decode(t, &struct{}{})
}

// Code returns the code of the only error, or OK if there is no error.
func (r Response) Code() string {
	switch len(r.Errors) {
	case 0:
		return "OK"
	case 1:
		return r.Errors[0].Extensions.Code
	default:
		return fmt.Sprintf("%d errors", len(r.Errors))
	}
}

// Fields returns code and field of every error, for example "BAD_USER_INPUT name". It is
// nil if there is no error.
func (r Response) Fields() []string {
	if len(r.Errors) == 0 {
		return nil
	}
	fields := make([]string, len(r.Errors))
	for i, e := range r.Errors {
		fields[i] = e.Extensions.Code + " " + e.Extensions.Field
	}
	return fields
}
