package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/catfoster/catfoster/graph"
)

// newTestSetup returns a setup with people and cats, but without servers.
func newTestSetup(cats int) *setup {
	s := &setup{kratos: "kratos:1", keto: "keto:1", photo: []byte("photo")}
	for range connections {
		s.community.members = append(s.community.members, member{id: uuid.New(), token: "token-" + uuid.NewString(), cat: uuid.New()})
	}
	for range cats {
		s.community.cats = append(s.community.cats, uuid.New())
		s.community.requests = append(s.community.requests, uuid.New())
	}
	return s
}

func testServers() map[string]process {
	return map[string]process{api: {address: "api:1"}, apiUncached: {address: "uncached:1"}, bare: {address: "bare:1"}}
}

// received is a request as a server receives it.
type received struct {
	*http.Request
	body struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
}

func receive(t *testing.T, r *request) (got received) {
	t.Helper()
	var err error
	if got.Request, err = http.ReadRequest(bufio.NewReader(bytes.NewReader(r.encoded))); err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got.URL.Path == "/photos" && string(body) == "photo" {
		return got
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &got.body); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

// leaves returns the paths of the fields without a selection, after the name of the operation.
func leaves(prefix string, selections ast.SelectionSet) (paths []string) {
	for _, selection := range selections {
		field := selection.(*ast.Field)
		var arguments strings.Builder
		for _, argument := range field.Arguments {
			fmt.Fprintf(&arguments, "(%s: %s)", argument.Name, argument.Value)
		}
		path := prefix + " " + field.Name + arguments.String()
		if len(field.SelectionSet) == 0 {
			paths = append(paths, path)
		}
		paths = append(paths, leaves(path, field.SelectionSet)...)
	}
	return paths
}

func TestCases_AskWhatTheirNamesSay(t *testing.T) {
	t.Parallel()
	s := newTestSetup(100)
	page := "query catProfiles(first: 20) edges "
	day := time.Now().UTC().AddDate(1, 0, 0).Format(time.DateOnly)
	foster := fmt.Sprintf(`mutation requestFostering(input: {catProfileId:$id,startDate:%q,endDate:%q}) `, day, day)
	wants := map[string][]string{
		me: {"query me id", "query me name", "query me email", "query me bio", "query me location"},
		list: {
			page + "cursor", page + "node id", page + "node name", page + "node age", page + "node description", page + "node location",
			page + "node available", "query catProfiles(first: 20) pageInfo hasNextPage", "query catProfiles(first: 20) pageInfo endCursor",
		},
		one: {
			"query catProfile(id: $id) id", "query catProfile(id: $id) name", "query catProfile(id: $id) age", "query catProfile(id: $id) description",
			"query catProfile(id: $id) location", "query catProfile(id: $id) available",
			"query catProfile(id: $id) owner id", "query catProfile(id: $id) owner name",
		},
		viewer: {page + "node id", page + "node name", page + "node viewerCanEdit", page + "node viewerCanFoster"},
		update: {"mutation updateCatProfile(id: $id)(input: {age:$age}) id", "mutation updateCatProfile(id: $id)(input: {age:$age}) age"},
		apply:  {foster + "id", foster + "status"},
		accept: {"mutation approveFostering(id: $id) id", "mutation approveFostering(id: $id) status"},
	}
	asked := map[string]int{}
	for _, c := range s.cases(testServers()) {
		if c.server == ory {
			continue
		}
		if asked[c.name]++; c.name == upload {
			continue
		}
		got := receive(t, c.target.requests(0)())
		document, err := gqlparser.LoadQueryWithRules(graph.Schema(), got.body.Query, rules.NewDefaultRules())
		if err != nil {
			t.Errorf("%s is not valid: %v", c, err)
			continue
		}
		operation := document.Operations[0]
		if _, err := validator.VariableValues(graph.Schema(), operation, got.body.Variables); err != nil {
			t.Errorf("the variables of %s are not valid: %v", c, err)
		}
		if diff := cmp.Diff(wants[c.name], leaves(string(operation.Operation), operation.SelectionSet)); diff != "" {
			t.Errorf("the fields of %s (-want +got):\n%s", c, diff)
		}
	}
	if diff := cmp.Diff(map[string]int{me: 3, list: 2, one: 2, viewer: 2, update: 2, apply: 1, accept: 1, upload: 1}, asked); diff != "" {
		t.Errorf("how many servers are asked (-want +got):\n%s", diff)
	}
}

func TestCases_Requests(t *testing.T) {
	t.Parallel()
	s := newTestSetup(100)
	for _, c := range s.cases(testServers()) {
		for connection := range connections {
			first := c.target.requests(connection)()
			got, member := receive(t, first), s.community.members[connection]
			if got.Host != c.target.address {
				t.Errorf("%s: the host is %s, want %s", c, got.Host, c.target.address)
			}
			if token := got.Header.Get("X-Session-Token"); token != member.token && c.name != check {
				t.Errorf("%s: connection %d has the token %q, want that of its member", c, connection, token)
			}
			if first.proof == "" {
				t.Errorf("%s: every answer would count", c)
			}
			if c.process != nil && c.process.address != c.target.address {
				t.Errorf("%s: the memory is that of %s", c, c.process.address)
			}
		}
	}
}

func TestCases_Variables(t *testing.T) {
	t.Parallel()
	const cats = 100
	s := newTestSetup(cats)
	for _, c := range s.cases(testServers()) {
		ids := map[any]int{}
		for connection := range connections {
			next := c.target.requests(connection)
			for range 3 {
				got := receive(t, next())
				id := got.body.Variables["id"]
				ids[id]++
				if c.name == accept {
					n := slices.IndexFunc(s.community.requests, func(request uuid.UUID) bool { return request.String() == id })
					if owner := s.community.members[n%connections]; got.Header.Get("X-Session-Token") != owner.token {
						t.Errorf("%s: request %d is approved by another member than the owner of the cat", c, n)
					}
				}
				if c.name == update && id != s.community.members[connection].cat.String() {
					t.Errorf("%s: connection %d updates cat %v, want its own", c, connection, id)
				}
			}
		}
		switch c.name {
		case one:
			if len(ids) != 3*connections {
				t.Errorf("%s: %d requests ask for %d cats, want as many", c, 3*connections, len(ids))
			}
		case accept:
			if len(ids) != 3*connections {
				t.Errorf("%s: %d requests approve %d fosterings, want as many", c, 3*connections, len(ids))
			}
		case apply:
			for id, n := range ids {
				at := slices.IndexFunc(s.community.cats, func(cat uuid.UUID) bool { return cat.String() == id })
				if n != 1 || at < pageSize {
					t.Errorf("%s: cat %d is requested %d times, want cats that are not on the first page once each", c, at, n)
				}
			}
		}
	}
	// What one server has requested, another must not request again.
	next, rest := s.requests(s.application(), "other:1", "/graphql")(0), cats-pageSize-3*connections
	for n := range rest {
		if next() == nil {
			t.Fatalf("there were %d cats to request, want %d", n, rest)
		}
	}
	if r := next(); r != nil {
		t.Errorf("a cat is requested twice: %s", r.encoded)
	}
}

func TestCheckPath_IsThatOfTheAPI(t *testing.T) {
	t.Parallel()
	path := checkPath(uuid.Nil, uuid.Max)
	for _, part := range []string{"namespace=CatProfile", "relation=edit", "subject_set.namespace=User", uuid.Nil.String(), uuid.Max.String()} {
		if !strings.Contains(path, part) {
			t.Errorf("the path of a check is %s, want %s in it", path, part)
		}
	}
}
