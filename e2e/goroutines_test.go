package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// goroutines returns the number of goroutines of a server, and their stacks. Those of the
// connections to Kratos and Keto, and of idle ones of clients, are left out: they stay open for a while.
func goroutines(t *testing.T, server *harness.Server) (number int, stacks string) {
	t.Helper()
	text := fetch(t.Context(), t, http.MethodGet, server.InternalURL+"/debug/pprof/goroutine?debug=1", "", "")
	var counted []string
	for group := range strings.SplitSeq(text, "\n\n") {
		found := regexp.MustCompile(`(?m)^(\d+) @`).FindStringSubmatch(group)
		if found == nil || strings.Contains(group, "net/http.(*persistConn)") || strings.Contains(group, "bufio.(*Reader).Peek") {
			continue
		}
		n, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		number += n
		counted = append(counted, group)
	}
	return number, strings.Join(counted, "\n\n")
}

// fetch sends a request and returns the body of the response, whatever its status is, and
// nothing if ctx ends before.
func fetch(ctx context.Context, t *testing.T, method, url, token, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Session-Token", token)
	request.Close = true // Otherwise the connection keeps a goroutine of the server.
	response, err := http.DefaultClient.Do(request)
	if ctx.Err() != nil {
		return ""
	}
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil && ctx.Err() == nil {
		t.Error(err)
	}
	return string(text)
}

// TestGoroutines_EndWithRequests sends requests of every kind to a server of its own. Some
// clients go away while Keto has not answered.
func TestGoroutines_EndWithRequests(t *testing.T) {
	t.Parallel()
	const each = 25
	owner := env.NewMember(t, "Owner")
	cat, undecided := env.NewCat(t, owner), env.NewCat(t, owner)
	c := env.Config
	keto := harness.NewProxy(t, c.Keto.PublicURL)
	c.Keto.PublicURL = keto.URL
	asked := make(chan struct{}, 1)
	keto.Intercept(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if !strings.Contains(r.URL.RawQuery, undecided.String()) {
			return false
		}
		asked <- struct{}{}
		<-r.Context().Done() // The server gives the call up.
		return true
	})
	server := env.StartReplica(t, env.Program(t), c).Server

	graphql := func(ctx context.Context, token, query string, variables map[string]any) string {
		body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
		if err != nil {
			t.Fatal(err)
		}
		return fetch(ctx, t, http.MethodPost, server.URL+"/graphql", token, string(body))
	}
	const edit = `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`
	var alone sync.Mutex
	kinds := map[string]func() (ok bool){
		"a query": func() bool {
			return strings.Contains(graphql(t.Context(), owner.Token, `{ me { id } }`, nil), owner.ID.String())
		},
		"a page with hints": func() bool {
			page := `query($owner: ID!) { catProfiles(first: 1, filter: {ownerId: $owner}) { edges { node { viewerCanEdit viewerCanFoster owner { name } } } } }`
			return strings.Contains(graphql(t.Context(), owner.Token, page, map[string]any{"owner": owner.ID}), `"viewerCanEdit":true`)
		},
		"a mutation": func() bool {
			return strings.Contains(graphql(t.Context(), owner.Token, edit, map[string]any{"id": cat}), `"age":4`)
		},
		"a mutation without a session": func() bool {
			return strings.Contains(graphql(t.Context(), "", edit, map[string]any{"id": cat}), "UNAUTHENTICATED")
		},
		"a session that does not exist": func() bool {
			return strings.Contains(graphql(t.Context(), "nobody", `{ me { id } }`, nil), "UNAUTHENTICATED")
		},
		"a document that is not valid": func() bool {
			return strings.Contains(graphql(t.Context(), owner.Token, `{ nope }`, nil), "GRAPHQL_VALIDATION_FAILED")
		},
		"no JSON": func() bool {
			return strings.Contains(fetch(t.Context(), t, http.MethodPost, server.URL+"/graphql", owner.Token, `{"query":`), "errors")
		},
		"no such page": func() bool { return fetch(t.Context(), t, http.MethodGet, server.URL+"/nope", "", "") != "" },
		"readiness":    func() bool { return fetch(t.Context(), t, http.MethodGet, server.URL+"/health/ready", "", "") != "" },
		"metrics": func() bool {
			return strings.Contains(fetch(t.Context(), t, http.MethodGet, server.InternalURL+"/metrics", "", ""), "go_goroutines")
		},
		"a webhook without a key": func() bool {
			return fetch(t.Context(), t, http.MethodPost, server.InternalURL+"/webhooks/kratos/registration", "", "{}") != ""
		},
		"a client that goes away": func() bool {
			alone.Lock() // Otherwise it could go away because of the call of another.
			defer alone.Unlock()
			ctx, goAway := context.WithCancel(t.Context())
			defer goAway()
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				graphql(ctx, owner.Token, edit, map[string]any{"id": undecided})
			}()
			select {
			case <-asked:
			case <-ended:
				return false // It was answered without Keto.
			}
			goAway()
			<-ended
			return true
		},
	}
	for name, send := range kinds {
		if !send() { // The first requests open connections and fill caches.
			t.Errorf("%s: it did not do what its name says", name)
		}
	}
	if t.Failed() {
		return
	}
	before, _ := goroutines(t, server)
	for name, send := range kinds {
		if results := harness.Concurrently(each, func(int) string { return strconv.FormatBool(send()) }); results["true"] != each {
			t.Errorf("%s: %v of %d requests did what the name says", name, results, each)
		}
	}
	var stacks string
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("there were %d goroutines before; the last ones are:\n%s", before, stacks)
		}
	})
	harness.Await(t, "the goroutines to end", func() bool {
		var number int
		number, stacks = goroutines(t, server)
		return number <= before
	})
}
