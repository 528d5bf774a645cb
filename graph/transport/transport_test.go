package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph"
)

const (
	graphqlResponse = "application/graphql-response+json"
	plainJSON       = "application/json"
)

func handler() http.Handler {
	return graph.NewHandler(graph.Config{Now: time.Now, Introspection: true, MaxStreams: 1, Log: slog.New(slog.DiscardHandler)})
}

func TestHTTP_Responses(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	post := func(body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", plainJSON)
		return r
	}
	get := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, "/graphql?"+query, nil) }
	with := func(r *http.Request, name, value string) *http.Request {
		r.Header.Set(name, value)
		return r
	}
	withMethod := func(method string) *http.Request { return httptest.NewRequest(method, "/graphql", nil) }
	for name, test := range map[string]struct {
		request     *http.Request
		status      int // in application/json
		newStatus   int // in application/graphql-response+json, if it differs
		code        string
		hasData     bool
		contentType string // if it is not negotiated
	}{
		"a query":                           {request: post(`{"query": "{ __typename }"}`), status: 200, hasData: true},
		"a query by GET":                    {request: get("query=%7B__typename%7D"), status: 200, hasData: true},
		"a query by HEAD":                   {request: httptest.NewRequest(http.MethodHead, "/graphql?query=%7B__typename%7D", nil), status: 200, hasData: true},
		"nulls in place of the rest":        {request: post(`{"query": "{ __typename }", "variables": null, "operationName": null, "extensions": null}`), status: 200, hasData: true},
		"an execution error":                {request: post(`{"query": "{ me { id } }"}`), status: 200, code: "UNAUTHENTICATED", hasData: true},
		"a charset":                         {request: with(post(`{"query": "{ __typename }"}`), "Content-Type", "application/json; charset=UTF-8"), status: 200, hasData: true},
		"another charset":                   {request: with(post(`{}`), "Content-Type", "application/json; charset=latin1"), status: 415, code: "GRAPHQL_PARSE_FAILED"},
		"no content type":                   {request: httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{}`)), status: 415, code: "GRAPHQL_PARSE_FAILED"},
		"a compressed body":                 {request: with(post(secret), "Content-Encoding", "gzip"), status: 415, code: "GRAPHQL_PARSE_FAILED"},
		"a body that is not compressed":     {request: with(post(`{"query": "{ __typename }"}`), "Content-Encoding", "identity"), status: 200, hasData: true},
		"a form":                            {request: with(post("query="+secret), "Content-Type", "application/x-www-form-urlencoded"), status: 415, code: "GRAPHQL_PARSE_FAILED"},
		"PUT":                               {request: withMethod(http.MethodPut), status: 405, code: "GRAPHQL_PARSE_FAILED"},
		"DELETE":                            {request: withMethod(http.MethodDelete), status: 405, code: "GRAPHQL_PARSE_FAILED"},
		"a mutation by GET":                 {request: get("query=mutation%7BdeleteAccount%7D"), status: 405, code: "GRAPHQL_PARSE_FAILED"},
		"no body":                           {request: post(""), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a body that ends early":            {request: post(`{"query": "` + secret), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"two JSON values":                   {request: post(`{"query": "{ __typename }"} {"query": "` + secret + `"}`), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"an array":                          {request: post(`[{"query": "{ __typename }"}]`), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a number as query":                 {request: post(`{"query": 1}`), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"no query":                          {request: post(`{}`), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a list of variables":               {request: post(`{"query": "{ __typename }", "variables": ["` + secret + `"]}`), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a lone surrogate":                  {request: post(`{"query": "{ __typename }", "variables": {"a": "\ud800"}}`), status: 200, hasData: true},
		"bytes that are not UTF-8":          {request: post("{\"query\": \"{ __typename } #\xff\"}"), status: 200, hasData: true},
		"nested JSON":                       {request: post(`{"query": "{ __typename }", "variables": ` + strings.Repeat(`{"a":`, 11_000)), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"no query by GET":                   {request: get(""), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a bad encoding of a URL":           {request: get("query=%zz"), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"variables that are no JSON":        {request: get("query=%7B__typename%7D&variables=" + secret), status: 400, code: "GRAPHQL_PARSE_FAILED"},
		"a document that does not parse":    {request: post(`{"query": "{"}`), status: 200, newStatus: 400, code: "GRAPHQL_PARSE_FAILED"},
		"an unknown field":                  {request: post(`{"query": "{ nope }"}`), status: 200, newStatus: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		"an unknown operation":              {request: post(`{"query": "query A { __typename }", "operationName": "B"}`), status: 200, newStatus: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		"a missing variable":                {request: post(`{"query": "query($id: ID!) { user(id: $id) { id } }"}`), status: 200, newStatus: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		"a body of megabytes":               {request: post(`{"query": "` + strings.Repeat(" ", 2<<20) + `{ __typename }"}`), status: 413, code: "GRAPHQL_PARSE_FAILED"},
		"another media type is accepted":    {request: with(post(`{"query": "{ __typename }"}`), "Accept", "text/html"), status: 406, code: "GRAPHQL_PARSE_FAILED", contentType: plainJSON},
		"both media types are refused":      {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;q=0, application/graphql-response+json;q=0"), status: 406, code: "GRAPHQL_PARSE_FAILED", contentType: plainJSON},
		"one media type is refused":         {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;q=0, */*"), status: 200, hasData: true, contentType: graphqlResponse},
		"the newer one is preferred":        {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;q=0.8, application/graphql-response+json"), status: 200, hasData: true, contentType: graphqlResponse},
		"the older one is preferred":        {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/graphql-response+json;q=0.8, application/json"), status: 200, hasData: true, contentType: plainJSON},
		"media types in capitals":           {request: with(post(`{"query": "{ __typename }"}`), "Accept", "Application/GraphQL-Response+JSON"), status: 200, hasData: true, contentType: graphqlResponse},
		"a quality in capitals":             {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;Q=0, application/graphql-response+json;Q=0.5"), status: 200, hasData: true, contentType: graphqlResponse},
		"a refusal in capitals":             {request: with(post(`{"query": "{ __typename }"}`), "Accept", "APPLICATION/JSON; Q=0, */*"), status: 200, hasData: true, contentType: graphqlResponse},
		"all is refused in capitals":        {request: with(post(`{"query": "{ __typename }"}`), "Accept", "Application/*;q=0, */*"), status: 406, code: "GRAPHQL_PARSE_FAILED", contentType: plainJSON},
		"all types are refused":             {request: with(post(`{"query": "{ __typename }"}`), "Accept", "*/*;q=0"), status: 406, code: "GRAPHQL_PARSE_FAILED", contentType: plainJSON},
		"a refused range with an exception": {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/*;q=0.0, application/json"), status: 200, hasData: true, contentType: plainJSON},
		"a range below an exception":        {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;q=0.1, application/*;q=0.5"), status: 200, hasData: true, contentType: graphqlResponse},
		"a quality that is no number":       {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;q=high, */*;q=0.1"), status: 200, hasData: true, contentType: graphqlResponse},
		"a parameter without a value":       {request: with(post(`{"query": "{ __typename }"}`), "Accept", "application/json;x"), status: 200, hasData: true, contentType: plainJSON},
		"a content type in capitals":        {request: with(post(`{"query": "{ __typename }"}`), "Content-Type", "Application/JSON; Charset=UTF-8"), status: 200, hasData: true},
		"anything is accepted":              {request: with(post(`{"query": "{ __typename }"}`), "Accept", "*/*"), status: 200, hasData: true, contentType: plainJSON},
		"a page that prefers HTML":          {request: with(post(`{"query": "{ __typename }"}`), "Accept", "text/html, */*;q=0.1"), status: 200, hasData: true, contentType: plainJSON},
		"an empty header":                   {request: with(post(`{"query": "{ __typename }"}`), "Accept", ""), status: 200, hasData: true, contentType: plainJSON},
		"variables with a number":           {request: post(`{"query": "query($n: Int) { catProfiles(first: $n) { totalCount } }", "variables": {"n": 3}}`), status: 200, code: "UNAUTHENTICATED", hasData: true},
		"a key that is given twice":         {request: post(`{"query": "{ nope }", "query": "{ __typename }"}`), status: 200, hasData: true},
		"a directive that does not exist":   {request: post(`{"query": "{ __typename @nope }"}`), status: 200, newStatus: 400, code: "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			types := []string{plainJSON, graphqlResponse}
			if test.contentType != "" {
				types = []string{test.contentType}
			}
			body := readAll(t, test.request)
			for _, contentType := range types {
				request := test.request.Clone(t.Context())
				request.Body = io.NopCloser(bytes.NewReader(body))
				if test.contentType == "" {
					request.Header.Set("Accept", contentType)
				}
				response := httptest.NewRecorder()
				handler().ServeHTTP(response, request)
				want := test.status
				if contentType == graphqlResponse && test.newStatus != 0 {
					want = test.newStatus
				}
				if response.Code != want {
					t.Errorf("in %s the status is %d, want %d", contentType, response.Code, want)
				}
				if got := response.Header().Get("Content-Type"); got != contentType+"; charset=utf-8" {
					t.Errorf("the type of the response is %s, want %s", got, contentType)
				}
				if (response.Code == http.StatusMethodNotAllowed) != (response.Header().Get("Allow") != "") {
					t.Errorf("the status is %d with the methods %q allowed", response.Code, response.Header().Get("Allow"))
				}
				if strings.Contains(response.Body.String(), secret) {
					t.Errorf("the response repeats the request: %s", response.Body)
				}
				checkBody(t, response.Body.Bytes(), test.code, test.hasData)
			}
		})
	}
}

// TestHTTP_ManyErrors bounds the answer to a document that is wrong in many places, and the
// messages, which repeat what is wrong.
func TestHTTP_ManyErrors(t *testing.T) {
	t.Parallel()
	var unknown strings.Builder
	for n := range 1000 {
		fmt.Fprintf(&unknown, "unknown%d ", n)
	}
	for name, document := range map[string]string{
		"many unknown fields":  "{" + unknown.String() + "}",
		"an unknown long name": "{" + strings.Repeat("x", 30_000) + "}",
		"a long wrong value":   `{ user(id: "x", nope: "` + strings.Repeat("x", 30_000) + `") { id } }`,
	} {
		request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q}`, document)))
		request.Header.Set("Content-Type", plainJSON)
		response := httptest.NewRecorder()
		handler().ServeHTTP(response, request)
		if got := response.Body.Len(); got > 5000 {
			t.Errorf("the answer to a document with %s has %d bytes, want at most 5000", name, got)
		}
		if !strings.Contains(response.Body.String(), "GRAPHQL_VALIDATION_FAILED") {
			t.Errorf("the answer to a document with %s: %s", name, response.Body)
		}
	}
}

// TestHTTP_NoTime answers a request whose deadline has passed before it began.
func TestHTTP_NoTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(`{"query": "{ __typename }"}`))
	request.Header.Set("Content-Type", plainJSON)
	response := httptest.NewRecorder()
	handler().ServeHTTP(response, request)
	checkBody(t, response.Body.Bytes(), "UNAVAILABLE", true)
}

// readAll reads the body of a request, which then is sent several times.
func readAll(t *testing.T, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// checkBody checks the code of the first error, or that there is none, and the presence of
// data.
func checkBody(t *testing.T, body []byte, code string, hasData bool) {
	t.Helper()
	var got struct {
		Data   *json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &got) != nil || json.Unmarshal(body, &fields) != nil {
		t.Fatalf("the response is no JSON object: %s", body)
	}
	if _, has := fields["data"]; has != hasData {
		t.Errorf("the response has data: %t, want %t: %s", has, hasData, body)
	}
	var first string
	if len(got.Errors) > 0 {
		first = got.Errors[0].Extensions.Code
		for _, err := range got.Errors {
			if err.Extensions.Code == "" {
				t.Errorf("an error has no code: %s", body)
			}
		}
	}
	if first != code {
		t.Errorf("the code is %q, want %q: %s", first, code, body)
	}
}
