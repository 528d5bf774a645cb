package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/web"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// byHash names a document by the hash of its text, as automatic persisted queries do.
func byHash(text string, variables map[string]any) map[string]any {
	return map[string]any{
		"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hashOf(text)}},
		"variables":  variables,
	}
}

// writeManifest writes a manifest of operations, as Relay's compiler does.
func writeManifest(t *testing.T, texts ...string) string {
	t.Helper()
	manifest := map[string]string{}
	for _, text := range texts {
		manifest[hashOf(text)] = text
	}
	content, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "operations.json")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDocuments_RegisteredOnly is the story of a frontend whose operations are registered, on
// a server that runs no others.
func TestDocuments_RegisteredOnly(t *testing.T) {
	t.Parallel()
	const (
		create = `mutation Create($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`
		rename = `mutation Rename($id: ID!, $name: String!) { updateCatProfile(id: $id, input: {name: $name}) { name } }`
		list   = `query List($first: Int!) { catProfiles(first: $first) { edges { node { id owner { fosterings(first: $first) { edges { node { id } } } } } } } }`
		other  = `query Other { me { id } }`
	)
	c := env.Config
	c.Listen.TrustedDocuments, c.Listen.Playground = true, false
	c.Listen.OperationManifests = []string{writeManifest(t, create, rename), writeManifest(t, list)}
	server := env.StartServer(t, c)
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")

	var created struct{ CreateCatProfile struct{ ID uuid.UUID } }
	server.Send(t, ada.Token, byHash(create, map[string]any{
		"input": map[string]any{"name": "Godard", "age": 3, "description": "Shy at first."},
	})).Decode(t, &created)
	cat := created.CreateCatProfile.ID
	with := func(parameters map[string]any, name string, value any) map[string]any {
		parameters = maps.Clone(parameters)
		parameters[name] = value
		return parameters
	}
	named := map[string]any{"id": cat, "name": "Agnès"}
	for about, test := range map[string]struct {
		token      string
		parameters map[string]any
		want       string
	}{
		"the hash":                          {ada.Token, byHash(rename, named), "OK"},
		"the text":                          {ada.Token, map[string]any{"query": rename, "variables": named}, "OK"},
		"both":                              {ada.Token, with(byHash(rename, named), "query", rename), "OK"},
		"a document id":                     {ada.Token, map[string]any{"documentId": "sha256:" + hashOf(rename), "variables": named}, "OK"},
		"no session":                        {"", byHash(rename, named), "UNAUTHENTICATED"},
		"somebody else's cat":               {bob.Token, byHash(rename, named), "FORBIDDEN"},
		"a name that is refused":            {ada.Token, byHash(rename, with(named, "name", "")), "BAD_USER_INPUT"},
		"a page":                            {ada.Token, byHash(list, map[string]any{"first": 2}), "OK"},
		"a page that is too large":          {ada.Token, byHash(list, map[string]any{"first": 100}), "COMPLEXITY_LIMIT_EXCEEDED"},
		"a variable that is missing":        {ada.Token, byHash(rename, nil), "GRAPHQL_VALIDATION_FAILED"},
		"another text":                      {ada.Token, map[string]any{"query": other}, "DOCUMENT_NOT_TRUSTED"},
		"another text, without a session":   {"", map[string]any{"query": other}, "DOCUMENT_NOT_TRUSTED"},
		"another hash":                      {ada.Token, byHash(other, nil), "DOCUMENT_NOT_TRUSTED"},
		"another text, with its hash":       {ada.Token, with(byHash(other, nil), "query", other), "DOCUMENT_NOT_TRUSTED"},
		"another text under a trusted hash": {ada.Token, with(byHash(rename, named), "query", other), "GRAPHQL_PARSE_FAILED"},
		"the schema":                        {"", map[string]any{"query": "{ __schema { queryType { name } } }"}, "DOCUMENT_NOT_TRUSTED"},
		"an operation of the pages":         {ada.Token, byHash(operationOfPages(t, "Profile"), nil), "OK"},
	} {
		response := server.Send(t, test.token, test.parameters)
		if got := response.Code(); got != test.want {
			t.Errorf("%s: %s, want %s", about, got, test.want)
		}
	}

	for about, test := range map[string]struct {
		query  url.Values
		status int
	}{
		"a query by GET":    {url.Values{"documentId": {"sha256:" + hashOf(list)}, "variables": {`{"first":1}`}}, http.StatusOK},
		"a mutation by GET": {url.Values{"documentId": {"sha256:" + hashOf(rename)}, "variables": {fmt.Sprintf(`{"id":%q,"name":"Jean-Luc"}`, cat)}}, http.StatusMethodNotAllowed},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/graphql?"+test.query.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+ada.Token)
		if status, body := harness.Send(t, request); status != test.status {
			t.Errorf("%s: %d %s, want %d", about, status, body, test.status)
		}
	}
	var profile struct{ CatProfile struct{ Name string } }
	env.Query(t, ada.Token, `query($id: ID!) { catProfile(id: $id) { name } }`, map[string]any{"id": cat}).Decode(t, &profile)
	if profile.CatProfile.Name != "Agnès" {
		t.Errorf("the cat is called %s, want Agnès", profile.CatProfile.Name)
	}
}

// operationOfPages returns the text of an operation of the pages.
func operationOfPages(t *testing.T, name string) string {
	t.Helper()
	var texts map[string]string
	if err := json.Unmarshal(web.Operations(), &texts); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if strings.HasPrefix(text, "query "+name+" ") {
			return text
		}
	}
	t.Fatalf("the pages have no query %s without variables", name)
	return ""
}

// TestDocuments_AnonymousFlood registers thousands of documents by automatic persisted
// queries without a session. Memory stays bounded, and members' documents stay known.
func TestDocuments_AnonymousFlood(t *testing.T) {
	t.Parallel()
	const (
		documents = 2000
		clients   = 8
		most      = 200 << 20 // bytes of resident memory
		members   = `query Members { me { id } }`
	)
	replica := env.StartReplica(t, env.Program(t), env.Config)
	ada := env.NewMember(t, "Ada")
	withText := func(text string) map[string]any {
		parameters := byHash(text, nil)
		parameters["query"] = text
		return parameters
	}
	for _, step := range []struct {
		about      string
		parameters map[string]any
		want       string
	}{
		{"the hash of a new document", byHash(members, nil), "PERSISTED_QUERY_NOT_FOUND"},
		{"its text too", withText(members), "OK"},
		{"the hash again", byHash(members, nil), "OK"},
	} {
		if got := replica.Send(t, ada.Token, step.parameters).Code(); got != step.want {
			t.Errorf("%s: %s, want %s", step.about, got, step.want)
		}
	}
	// 16 KB each, whose parsed documents would take more than 1 GB together.
	document := func(n int) string {
		return "{" + each(480, func(i int) string { return fmt.Sprintf("a%d_%d_%s:__typename ", n, i, strings.Repeat("x", 10)) }) + "}"
	}
	answers := harness.Concurrently(clients, func(client int) string {
		for n := client; n < documents; n += clients {
			if code := replica.Send(t, "", withText(document(n))).Code(); code != "OK" {
				return code
			}
		}
		return "OK"
	})
	if answers["OK"] != clients {
		t.Errorf("anonymous documents: %v, want OK", answers)
	}
	if memory := replica.Metric(t, "process_resident_memory_bytes"); memory > most {
		t.Errorf("after %d documents the server has %.0f MB of memory, want at most %d", documents, memory/(1<<20), most>>20)
	}
	for about, test := range map[string]struct {
		token, text string
		want        string
	}{
		"a document of members":     {ada.Token, members, "OK"},
		"the first of the flood":    {"", document(0), "PERSISTED_QUERY_NOT_FOUND"},
		"a document of these pages": {ada.Token, operationOfPages(t, "Profile"), "OK"},
	} {
		if got := replica.Send(t, test.token, byHash(test.text, nil)).Code(); got != test.want {
			t.Errorf("after the flood the hash of %s: %s, want %s", about, got, test.want)
		}
	}
}

func TestDocuments_BadManifest(t *testing.T) {
	t.Parallel()
	const text = "{ nope }"
	c := env.Config
	c.Listen.OperationManifests = []string{writeManifest(t, text)}
	output, ok := env.Program(t).Run(t, c, "serve")
	for _, part := range []string{c.Listen.OperationManifests[0], hashOf(text), `Cannot query field "nope"`} {
		if ok || !strings.Contains(output, part) {
			t.Errorf("serve with a manifest that does not fit the schema says %q, want %q", output, part)
		}
	}
}
