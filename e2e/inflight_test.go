package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestInFlight_OneRequest has one request ask Keto about a fostering twenty times, and
// holds the calls until more than the limit are in flight, or no further one has come.
func TestInFlight_OneRequest(t *testing.T) {
	t.Parallel()
	const limit = 16
	owner := env.NewMember(t, "Owner")
	fostering := env.NewFostering(t, env.NewMember(t, "Participant"), env.NewCat(t, owner), env.Day(1), env.Day(2))
	proxy := harness.NewProxy(t, env.Config.Keto.PublicURL)
	c := env.Config
	c.Keto.PublicURL = proxy.URL
	server := env.StartServer(t, c)
	server.Query(t, owner.Token, `{ me { id } }`, nil) // The session is cached.

	var mu sync.Mutex
	inFlight, most := 0, 0
	full, exceeded := make(chan struct{}), make(chan struct{})
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if !harness.IsCheck(r) { // The server syncs the moderators when it starts.
			return false
		}
		mu.Lock()
		inFlight++
		switch most = max(most, inFlight); {
		case inFlight == limit && most == limit:
			closeOnce(full)
		case inFlight > limit:
			closeOnce(exceeded)
		}
		mu.Unlock()
		<-full // If it never comes, the request runs into its deadline, and the test fails.
		select {
		case <-exceeded:
		case <-time.After(300 * time.Millisecond):
		}
		mu.Lock()
		inFlight--
		mu.Unlock()
		proxy.Pass(w, r)
		return true
	})
	var fields strings.Builder
	for n := range 20 {
		fmt.Fprintf(&fields, " f%d: fostering(id: $id) { id }", n)
	}
	response := server.Query(t, owner.Token, "query($id: ID!) {"+fields.String()+" }", map[string]any{"id": fostering})
	if code := response.Code(); code != "OK" {
		t.Errorf("the query: %s", code)
	}
	if most != limit {
		t.Errorf("%d calls of one request were in flight, want %d", most, limit)
	}
}

// closeOnce closes a channel unless it is closed. The caller holds a lock.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}
