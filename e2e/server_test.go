package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/server"
)

func itoa(port uint16) string { return strconv.FormatUint(uint64(port), 10) }

// startServer starts a server of the test's own and returns its address. It
// listens on ports of its own, which are put into the configuration.
func startServer(t *testing.T, c *config.Config) string {
	t.Helper()
	return startServerAt(t, c, shared.now)
}

// startServerAt starts a server with a clock of its own.
func startServerAt(t *testing.T, c *config.Config, now func() time.Time) string {
	t.Helper()
	for _, port := range []*uint16{&c.Listen.Port, &c.Listen.InternalPort} {
		var err error
		if *port, err = shared.ports.Port(); err != nil {
			t.Fatal(err)
		}
	}
	stop, err := shared.start(context.WithoutCancel(t.Context()), *c, now)
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	return publicURL(*c)
}

// newDatabase makes a database with our schema and nothing in it.
func newDatabase(t *testing.T) string {
	t.Helper()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := shared.db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(shared.config.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	if _, err := migrations.Up(t.Context(), address.String()); err != nil {
		t.Fatal(err)
	}
	return address.String()
}

func TestWhatAnOperationAsksOfOthers(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	cat := newCat(t, owner)
	// The numbers must not depend on how much is found.
	other := newMember(t, "Other")
	newFostering(t, owner, newCat(t, other), day(1), day(2))
	newFostering(t, owner, newCat(t, other), day(1), day(2))
	newCat(t, other)
	for name, test := range map[string]struct {
		query string
		want  cost
	}{
		"me":                      {`{ me { id name email } }`, cost{SQL: 1, Kratos: 1}},
		"me, three times":         {`{ a: me { id } b: me { name } c: me { email } }`, cost{SQL: 1, Kratos: 1}},
		"the schema":              {`{ __schema { queryType { name } } }`, cost{}},
		"one cat":                 {`query($id: ID!) { catProfile(id: $id) { name age } }`, cost{SQL: 2, Kratos: 1}},
		"one cat and its owner":   {`query($id: ID!) { catProfile(id: $id) { name owner { name } } }`, cost{SQL: 3, Kratos: 1}},
		"a page of cats":          {`{ catProfiles { edges { node { name } } } }`, cost{SQL: 2, Kratos: 1}},
		"a page and its position": {`{ catProfiles { edges { node { name } } pageInfo { hasNextPage } } }`, cost{SQL: 2, Kratos: 1}},
		"a page with owners":      {`{ catProfiles { edges { node { name owner { id name } } } } }`, cost{SQL: 3, Kratos: 1}},
		"a page with its count":   {`{ catProfiles { totalCount edges { node { name } } } }`, cost{SQL: 3, Kratos: 1}},
		"the count alone":         {`{ catProfiles { totalCount } }`, cost{SQL: 2, Kratos: 1}},
		"a page with addresses":   {`{ catProfiles { edges { node { owner { email } } } } }`, cost{SQL: 4, Kratos: 1, Keto: 1}},
		"a filtered page":         {`{ catProfiles(filter: {search: "god", available: true, freeFrom: "2030-01-01", freeUntil: "2030-01-02"}) { edges { node { name } } } }`, cost{SQL: 2, Kratos: 1}},
		"the position alone":      {`{ catProfiles { pageInfo { hasNextPage endCursor } } }`, cost{SQL: 2, Kratos: 1}},
		"fosterings of a page": {
			`{ catProfiles { edges { node { fosterings { edges { node { status } } } } } } }`, cost{SQL: 3, Kratos: 1, Keto: 1},
		},
		"counts of a page":         {`{ catProfiles { edges { node { fosterings { totalCount } } } } }`, cost{SQL: 3, Kratos: 1, Keto: 1}},
		"cats of a page of owners": {`{ catProfiles { edges { node { owner { completedFosterings catProfiles(first: 3) { totalCount edges { node { name } } } } } } } }`, cost{SQL: 6, Kratos: 1}},
		"my fosterings":            {`{ fosterings { totalCount edges { node { catProfile { name owner { name } } participant { name } } } } }`, cost{SQL: 6, Kratos: 1}},
		"nodes":                    {`query($id: ID!) { nodes(ids: [$id, $id]) { id } }`, cost{SQL: 4, Kratos: 1}},
		"what I may do with three cats": {
			`query($owner: ID!) { catProfiles(filter: {ownerId: $owner}) { edges { node { viewerCanEdit viewerCanFoster } } } }`,
			// Every cat is a question, twice: Keto has no call for several.
			cost{SQL: 2, Kratos: 1, Keto: 6},
		},
		"what I may do with one of three": {
			`query($owner: ID!) { catProfiles(first: 1, filter: {ownerId: $owner}) { edges { node { viewerCanEdit } } } }`,
			cost{SQL: 2, Kratos: 1, Keto: 1},
		},
		"a new cat":               {`mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, cost{SQL: 7, Kratos: 1, Keto: 2}},
		"a change":                {`mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { age } }`, cost{SQL: 4, Kratos: 1, Keto: 1}},
		"a refused input":         {`mutation { createCatProfile(input: {name: "", age: 1, description: "xxx"}) { id } }`, cost{SQL: 1, Kratos: 1}},
		"a document that is none": {`{ me { nope } }`, cost{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]any{}
			if strings.Contains(test.query, "$id") {
				variables["id"] = cat
			}
			if strings.Contains(test.query, "$owner") {
				variables["owner"] = other.id
			}
			reply := ask(t, owner.token, test.query, variables)
			if diff := cmp.Diff(test.want, shared.calls.of(reply)); diff != "" {
				t.Errorf("cost of %s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestNobodyCostsNothing(t *testing.T) {
	t.Parallel()
	reply := ask(t, "", `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, nil)
	if diff := cmp.Diff(cost{}, shared.calls.of(reply)); diff != "" {
		t.Errorf("cost of a request without credentials (-want +got):\n%s", diff)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	dead, err := shared.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "http://127.0.0.1:" + itoa(dead)
	for name, test := range map[string]struct {
		change   func(*config.Config)
		status   int
		problems map[string]string
	}{
		"everything is there": {func(*config.Config) {}, http.StatusOK, nil},
		"Kratos is away": {
			func(c *config.Config) { c.Kratos.PublicURL = nowhere },
			http.StatusServiceUnavailable, map[string]string{"kratos": "not ready"},
		},
		"Keto is away": {
			func(c *config.Config) { c.Keto.PublicURL = nowhere },
			http.StatusServiceUnavailable, map[string]string{"keto": "not ready"},
		},
		"Postgres is away": {
			func(c *config.Config) {
				c.Postgres.URL = "postgres://x:y@127.0.0.1:" + itoa(dead) + "/x?sslmode=disable"
			},
			http.StatusServiceUnavailable, map[string]string{"postgres": "not ready"},
		},
		"migrations are pending": {
			// Kratos's database has tables, but not ours.
			func(c *config.Config) {
				c.Postgres.URL = strings.Replace(c.Postgres.URL, "/catfoster?", "/postgres?", 1)
			},
			http.StatusServiceUnavailable, map[string]string{"postgres": "not ready"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shared.config
			test.change(&c)
			address := startServer(t, &c)
			for path, want := range map[string]int{"/health/alive": http.StatusOK, "/health/ready": test.status} {
				response, err := http.Get(address + path)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				if response.StatusCode != want {
					t.Errorf("%s: %s answers %s, want %d", name, path, response.Status, want)
				}
				var answer struct{ Problems map[string]string }
				if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
					t.Fatal(err)
				}
				if path == "/health/ready" {
					if diff := cmp.Diff(test.problems, answer.Problems); diff != "" {
						t.Errorf("%s: problems (-want +got):\n%s", name, diff)
					}
				}
			}
		})
	}
}

func TestAServerWhoseKetoHasAnotherModelDoesNotStart(t *testing.T) {
	t.Parallel()
	// Keto with no namespaces at all, as after a model that it could not parse.
	var fake http.ServeMux
	fake.HandleFunc("GET /namespaces", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"namespaces": [{"name": "User"}]}`))
	})
	c := shared.config
	c.Keto.PublicURL = serve(t, &fake)
	_, err := server.New(t.Context(), c, server.Options{Log: discard()})
	if !errors.Is(err, keto.ErrModel) || !strings.Contains(err.Error(), "Group, CatProfile, Fostering") {
		t.Errorf("a server without its permission model starts: %v, want an error that names what is missing", err)
	}
}

func TestTheLogHoldsNoSecretAndNothingPersonal(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada Unusualname")
	cat := newCat(t, ada)
	ask(t, ada.token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {name: ""}) { id } }`, map[string]any{"id": cat})
	c := shared.config
	c.Kratos.PublicURL = shared.stack.MailURL
	askWith(t, startServer(t, &c), http.Header{"X-Session-Token": {ada.token}}, `{ me { id } }`, nil)
	logged := shared.log.String()
	if !strings.Contains(logged, "request failed") {
		t.Fatal("the failed request is not in the log")
	}
	for what, secret := range map[string]string{
		"a token": ada.token, "an address": ada.email, "a name": "Unusualname",
		"a password": password, "the webhooks' key": shared.config.Webhooks.ActionAPIKey,
	} {
		if strings.Contains(logged, secret) {
			t.Errorf("%s is in the log", what)
		}
	}
}

func TestRequestsThatAreTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	for name, test := range map[string]struct{ query, want string }{
		"too many tokens": {"{ " + strings.Repeat("me { id } ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"too many fields": {"{ " + pages(80) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"as much as fits": {"{ " + pages(20) + "}", "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, ada.token, test.query, nil).code(); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
		})
	}
}

// pages asks for n pages of a hundred cats.
func pages(n int) string {
	return aliases(n, "catProfiles(first: 100) { edges { node { id } } }")
}

func TestQueriesGoByGETAndMutationsDoNot(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	for query, want := range map[string]int{
		"{ me { id } }": http.StatusOK,
		`mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`: http.StatusNotAcceptable,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, publicURL(shared.config)+"/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.RawQuery = "query=" + strings.ReplaceAll(strings.ReplaceAll(query, " ", "%20"), `"`, "%22")
		request.Header.Set("X-Session-Token", ada.token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET with %s is answered with %s, want %d", query, response.Status, want)
		}
	}
}
