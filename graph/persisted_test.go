package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/graph/guard"
)

const (
	registeredQuery    = `query Me { me { id } }`
	registeredMutation = `mutation Leave { deleteAccount }`
	registeredExpense  = `query Page($n: Int!) { catProfiles(first: $n) { edges { node { fosterings(first: $n) { edges { node { id } } } } } } }`
	registeredTyped    = `{ __typename }`
	otherQuery         = `query Other { __typename }`
	customID           = "5b5c1d1bd4a7c5a1a6b0e2f5d4f6c7e8" // such as Relay's MD5
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// manifestOf returns a manifest in the format of Relay's compiler.
func manifestOf(t *testing.T, texts map[string]string) guard.Manifest {
	t.Helper()
	content, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	return guard.Manifest{Name: "operations.json", Content: content}
}

// registered returns the documents above, which are registered.
func registered(t *testing.T) guard.Registered {
	t.Helper()
	documents, err := guard.Register(manifestOf(t, map[string]string{
		hashOf(registeredQuery): registeredQuery, hashOf(registeredMutation): registeredMutation,
		hashOf(registeredExpense): registeredExpense, customID: registeredTyped,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// hashed returns the extensions of a request that names its document by a hash, as automatic
// persisted queries do.
func hashed(hash string) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}
}

// askPersisted sends a request by POST and returns OK or the code of the first error. The response of
// a request that is refused has no data.
func askPersisted(t *testing.T, handler http.Handler, request map[string]any) string {
	t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	return codeOf(t, handler, r)
}

// askPersistedByGET sends a request by GET. See askPersisted.
func askPersistedByGET(t *testing.T, handler http.Handler, parameters url.Values) string {
	t.Helper()
	return codeOf(t, handler, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql?"+parameters.Encode(), nil))
}

func codeOf(t *testing.T, handler http.Handler, r *http.Request) string {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	var answer struct {
		Data   *json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is %d: %s", w.Code, w.Body)
	}
	if len(answer.Errors) == 0 {
		return "OK"
	}
	first := answer.Errors[0]
	if refused := first.Extensions.Code != "UNAUTHENTICATED"; refused && strings.Contains(w.Body.String(), `"data"`) {
		t.Errorf("the request was refused with data: %s", w.Body)
	}
	if first.Extensions.Code == "PERSISTED_QUERY_NOT_FOUND" && first.Message != "PersistedQueryNotFound" {
		t.Errorf("the message is %q, but clients look for PersistedQueryNotFound", first.Message)
	}
	return first.Extensions.Code
}

// Codes of answers. The handler of the tests has no session, so UNAUTHENTICATED says that an
// operation was executed.
const (
	executed   = "UNAUTHENTICATED"
	notFound   = "PERSISTED_QUERY_NOT_FOUND"
	notTrusted = "DOCUMENT_NOT_TRUSTED"
	malformed  = "GRAPHQL_PARSE_FAILED"
)

func TestPersisted_Requests(t *testing.T) {
	t.Parallel()
	documents := registered(t)
	for name, test := range map[string]struct {
		request map[string]any
		trusted string // the code if only registered operations run
		other   string // the code if others run too
	}{
		"the hash":                        {map[string]any{"extensions": hashed(hashOf(registeredQuery))}, executed, executed},
		"the text":                        {map[string]any{"query": registeredQuery}, executed, executed},
		"the hash and the text":           {map[string]any{"query": registeredQuery, "extensions": hashed(hashOf(registeredQuery))}, executed, executed},
		"the document id":                 {map[string]any{"documentId": "sha256:" + hashOf(registeredQuery)}, executed, executed},
		"a document id without its kind":  {map[string]any{"documentId": hashOf(registeredQuery)}, executed, executed},
		"an id of its own":                {map[string]any{"documentId": customID}, "OK", "OK"},
		"an id of its own, as a hash":     {map[string]any{"extensions": hashed(customID)}, "OK", "OK"},
		"an id of its own, and the text":  {map[string]any{"documentId": customID, "query": registeredTyped}, "OK", "OK"},
		"the hash of that document":       {map[string]any{"documentId": "sha256:" + hashOf(registeredTyped)}, "OK", "OK"},
		"what clients add":                {map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hashOf(registeredTyped), "miss": true}}}, "OK", "OK"},
		"the name of the operation":       {map[string]any{"extensions": hashed(hashOf(registeredQuery)), "operationName": "Me"}, executed, executed},
		"another name":                    {map[string]any{"extensions": hashed(hashOf(registeredQuery)), "operationName": "You"}, "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_FAILED"},
		"variables that cost too much":    {map[string]any{"extensions": hashed(hashOf(registeredExpense)), "variables": map[string]any{"n": 100}}, "COMPLEXITY_LIMIT_EXCEEDED", "COMPLEXITY_LIMIT_EXCEEDED"},
		"variables that do not":           {map[string]any{"extensions": hashed(hashOf(registeredExpense)), "variables": map[string]any{"n": 1}}, executed, executed},
		"no variables":                    {map[string]any{"extensions": hashed(hashOf(registeredExpense))}, "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_FAILED"},
		"a mutation":                      {map[string]any{"extensions": hashed(hashOf(registeredMutation))}, executed, executed},
		"a hash of another document":      {map[string]any{"extensions": hashed(hashOf(otherQuery))}, notTrusted, notFound},
		"a document id of another":        {map[string]any{"documentId": "sha256:" + hashOf(otherQuery)}, notTrusted, notFound},
		"an unknown id":                   {map[string]any{"documentId": "nope"}, notTrusted, notFound},
		"an unknown kind of id":           {map[string]any{"documentId": "md5:" + customID}, notTrusted, notFound},
		"another document":                {map[string]any{"query": otherQuery}, notTrusted, "OK"},
		"another document, with its hash": {map[string]any{"query": otherQuery, "extensions": hashed(hashOf(otherQuery))}, notTrusted, "OK"},
		"the same with other spaces":      {map[string]any{"query": registeredQuery + " "}, notTrusted, executed},
		"a text that does not parse":      {map[string]any{"query": "{"}, notTrusted, malformed},
		"a long text":                     {map[string]any{"query": "{__typename} #" + strings.Repeat("x", 40<<10)}, notTrusted, "COMPLEXITY_LIMIT_EXCEEDED"},
		"the schema":                      {map[string]any{"query": "{ __schema { queryType { name } } }"}, notTrusted, "OK"},
		// A text under the id of another document must never run, nor be kept under that id.
		"a registered hash, another text":        {map[string]any{"query": otherQuery, "extensions": hashed(hashOf(registeredQuery))}, malformed, malformed},
		"a registered document id, another text": {map[string]any{"query": otherQuery, "documentId": customID}, malformed, malformed},
		"a registered text, another hash":        {map[string]any{"query": registeredQuery, "extensions": hashed(hashOf(otherQuery))}, malformed, malformed},
		"a hash in capitals":                     {map[string]any{"query": registeredQuery, "extensions": hashed(strings.ToUpper(hashOf(registeredQuery)))}, malformed, malformed},
		"two ids":                                {map[string]any{"documentId": customID, "extensions": hashed(hashOf(registeredQuery))}, malformed, malformed},
		"an id that is no text":                  {map[string]any{"documentId": 1}, malformed, malformed},
		"an empty id":                            {map[string]any{"documentId": ""}, malformed, malformed},
		"an empty hash":                          {map[string]any{"extensions": hashed("")}, malformed, malformed},
		"a hash that is no text":                 {map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": 1}}}, malformed, malformed},
		"another version":                        {map[string]any{"query": registeredQuery, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 2, "sha256Hash": hashOf(registeredQuery)}}}, malformed, malformed},
		"no version":                             {map[string]any{"query": registeredQuery, "extensions": map[string]any{"persistedQuery": map[string]any{"sha256Hash": hashOf(registeredQuery)}}}, malformed, malformed},
		"an extension that is no object":         {map[string]any{"query": registeredQuery, "extensions": map[string]any{"persistedQuery": true}}, malformed, malformed},
		"no extension":                           {map[string]any{"query": registeredTyped, "extensions": map[string]any{"persistedQuery": nil}}, "OK", "OK"},
		"nothing":                                {map[string]any{}, malformed, malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for trusted, want := range map[bool]string{true: test.trusted, false: test.other} {
				handler := graph.NewHandler(graph.Config{
					Now: time.Now, Log: slog.New(slog.DiscardHandler), Introspection: true, Registered: documents, RegisteredOnly: trusted,
				})
				if got := askPersisted(t, handler, test.request); got != want {
					t.Errorf("with registered operations only: %t, %s: %s, want %s", trusted, name, got, want)
				}
			}
		})
	}
}

func TestPersisted_MethodGET(t *testing.T) {
	t.Parallel()
	documents := registered(t)
	extensions := func(hash string) string { return fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":%q}}`, hash) }
	for name, test := range map[string]struct {
		parameters url.Values
		want       string
	}{
		"the hash":                 {url.Values{"extensions": {extensions(hashOf(registeredQuery))}}, executed},
		"the document id":          {url.Values{"documentId": {"sha256:" + hashOf(registeredQuery)}}, executed},
		"an id of its own":         {url.Values{"documentId": {customID}}, "OK"},
		"the text":                 {url.Values{"query": {registeredQuery}}, executed},
		"another text":             {url.Values{"query": {otherQuery}}, notTrusted},
		"an unknown id":            {url.Values{"documentId": {"nope"}}, notTrusted},
		"a mutation":               {url.Values{"documentId": {"sha256:" + hashOf(registeredMutation)}}, malformed},
		"a mutation, by its hash":  {url.Values{"extensions": {extensions(hashOf(registeredMutation))}}, malformed},
		"a hash that is no object": {url.Values{"extensions": {`{"persistedQuery":"x"}`}}, malformed},
		"nothing":                  {nil, malformed},
	} {
		handler := graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler), Registered: documents, RegisteredOnly: true})
		if got := askPersistedByGET(t, handler, test.parameters); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestPersisted_Automatic sends what a client of automatic persisted queries does: the hash,
// then both, then the hash again.
func TestPersisted_Automatic(t *testing.T) {
	t.Parallel()
	handler := graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	step := func(about string, request map[string]any, want string) {
		t.Helper()
		if got := askPersisted(t, handler, request); got != want {
			t.Errorf("%s: %s, want %s", about, got, want)
		}
	}
	byHash := func(text string) map[string]any { return map[string]any{"extensions": hashed(hashOf(text))} }
	withText := func(text string) map[string]any {
		return map[string]any{"query": text, "extensions": hashed(hashOf(text))}
	}
	step("the hash of a new document", byHash(otherQuery), notFound)
	step("its text too", withText(otherQuery), "OK")
	step("the hash again", byHash(otherQuery), "OK")
	step("its document id", map[string]any{"documentId": "sha256:" + hashOf(otherQuery)}, "OK")

	const invalid = "{ nope }"
	step("a document that is not valid", withText(invalid), "GRAPHQL_VALIDATION_FAILED")
	step("its hash", byHash(invalid), notFound)
	many := "{" + strings.Repeat("__typename ", 1400) + "}"
	step("a document that is expensive to validate", withText(many), "COMPLEXITY_LIMIT_EXCEEDED")
	step("its hash", byHash(many), notFound)
	step("a text under another hash", map[string]any{"query": "{ me { name } }", "extensions": hashed(hashOf(registeredQuery))}, malformed)
	step("that hash", byHash(registeredQuery), notFound)

	// A document that was sent without its hash is known as well: it is the same entry.
	step("a text", map[string]any{"query": registeredTyped}, "OK")
	step("its hash", byHash(registeredTyped), "OK")
}
