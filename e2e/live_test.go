package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// about is what a stream says of a fostering.
func about(id uuid.UUID) string { return "FOSTERING " + id.String() }

// TestLive_BothSides has both sides of a fostering, and a stranger, listen to two servers over one database.
func TestLive_BothSides(t *testing.T) {
	t.Parallel()
	here, there := env.StartServer(t, env.Config), env.StartServer(t, env.Config)
	owner, participant, stranger := env.NewMember(t, "Owner"), env.NewMember(t, "Participant"), env.NewMember(t, "Stranger")
	cat := env.NewCat(t, owner)
	awaitListening(t, here, there)
	streams := map[string]*harness.Stream{
		"the owner": here.Subscribe(t, owner.Token), "the owner's other browser": here.Subscribe(t, owner.Token),
		"the participant": there.Subscribe(t, participant.Token),
	}
	nobody := there.Subscribe(t, stranger.Token)
	hear := func(what, want string) {
		t.Helper()
		for who, stream := range streams {
			if got := next(t, stream); got != want {
				t.Errorf("%s, of %s: %q, want %q", who, what, got, want)
			}
		}
	}
	fostering := here.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	hear("a request", about(fostering))
	there.Approve(t, owner, fostering)
	hear("the approval", about(fostering))
	here.Query(t, participant.Token, `mutation($id: ID!) { proposeFosteringChange(input: {fosteringId: $id, startDate: "`+env.Day(3)+`", endDate: "`+env.Day(4)+`"}) { id } }`,
		map[string]any{"id": fostering}).RequireOK(t)
	hear("a proposal", about(fostering))
	// A change that fails is not heard of.
	if got := here.MoveFostering(t, owner.Token, "rejectFostering", fostering); got != "CONFLICT" {
		t.Errorf("an approved request is rejected: %s, want CONFLICT", got)
	}
	other := here.NewFostering(t, stranger, env.NewCat(t, owner), env.Day(1), env.Day(2))
	if got := next(t, nobody); got != about(other) {
		t.Errorf("the first that the stranger hears of is %q, want the stranger's own request, %q", got, about(other))
	}
}

// next returns the next event of a stream that is not about the member's notifications, of which there may be some.
func next(t *testing.T, stream *harness.Stream) string {
	t.Helper()
	for {
		if got := stream.Next(t); !strings.HasPrefix(got, "NOTIFICATION") {
			return got
		}
	}
}

// awaitListening waits until servers hear of what happens.
func awaitListening(t *testing.T, servers ...*harness.Server) {
	t.Helper()
	for _, server := range servers {
		harness.Await(t, "a server to listen", func() bool { return server.Metric(t, "catfoster_live_gaps_total") > 0 })
	}
}

// TestLive_EndsWithSession ends sessions behind the server's back: it asks Kratos every ten seconds.
func TestLive_EndsWithSession(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, env.Config)
	for name, end := range map[string]func(*testing.T, harness.Member){
		"a logout": func(t *testing.T, m harness.Member) {
			t.Helper()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, env.Config.Kratos.PublicURL+"/self-service/logout/api",
				strings.NewReader(fmt.Sprintf(`{"session_token": %q}`, m.Token)))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			if status, body := harness.Send(t, request); status != http.StatusNoContent {
				t.Fatalf("the logout: %d %s", status, body)
			}
		},
		"a deletion of the account": func(t *testing.T, m harness.Member) {
			t.Helper()
			env.Query(t, m.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := env.NewMember(t, "Member")
			stream := server.Subscribe(t, m.Token)
			if got := stream.NextOrComment(t); got != "comment" {
				t.Fatalf("a stream of a valid session begins with %q, want a comment", got)
			}
			end(t, m)
			ended := time.Now()
			for _, want := range []string{"complete", harness.Closed} {
				if got := next(t, stream); got != want {
					t.Errorf("after %s the stream says %q, want %q", name, got, want)
				}
			}
			if took := time.Since(ended); took > 30*time.Second { // Ten, and some for a machine that is busy.
				t.Errorf("after %s the stream lasts for %s, want some ten seconds", name, took)
			}
			if got := server.Subscribe(t, m.Token).Next(t); got != "UNAUTHENTICATED" {
				t.Errorf("after %s another stream says %q, want UNAUTHENTICATED", name, got)
			}
		})
	}
}

// TestLive_ListenerLost ends the connection by which a server hears of what happens. Its streams go on.
func TestLive_ListenerLost(t *testing.T) {
	t.Parallel()
	c := env.Config
	application := "live_" + uuid.NewString()[:8]
	address, err := url.Parse(c.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("application_name", application)
	address.RawQuery = query.Encode()
	c.Postgres.DirectURL = address.String()
	server := env.StartServer(t, c)
	awaitListening(t, server)
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	cat := env.NewCat(t, owner)
	stream := server.Subscribe(t, owner.Token)
	env.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", application)
	if got := next(t, stream); got != "REFETCH" {
		t.Errorf("after the connection was lost the owner hears %q, want REFETCH", got)
	}
	fostering := env.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	if got := next(t, stream); got != about(fostering) {
		t.Errorf("then the owner hears %q, want %q", got, about(fostering))
	}
}

// TestLive_Shutdown stops a replica with an open stream, which does not hold it up.
func TestLive_Shutdown(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Listen.ShutdownDelay = time.Second
	replica := env.StartReplica(t, env.Program(t), c)
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	cat := env.NewCat(t, owner)
	awaitListening(t, replica.Server)
	stream := replica.Subscribe(t, owner.Token)
	replica.Signal(t, syscall.SIGTERM)
	harness.Await(t, "the replica to stop", func() bool {
		_, body := replica.Get(t, "/health/ready")
		return strings.Contains(body, "stopping")
	})
	fostering := env.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	got := next(t, stream)
	if got == about(fostering) { // Unless the delay was over.
		got = next(t, stream)
	}
	for _, want := range []string{"REFETCH", "complete", harness.Closed} {
		if got != want {
			t.Errorf("the stream of a replica that stops says %q, want %q", got, want)
		}
		got = next(t, stream)
	}
	if state := replica.Wait(t); state.ExitCode() != 0 {
		t.Errorf("the replica ends with %s, want 0", state)
	}
	if n := strings.Count(replica.Log(), `"type":"subscription","user":"`+owner.ID.String()); n != 1 {
		t.Errorf("the access log has %d lines about the stream, want 1:\n%s", n, replica.Log())
	}
}

// TestLive_Limits opens more streams than a caller, and a server, may have. They are no requests under way.
func TestLive_Limits(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.RateLimit.Points, c.RateLimit.InFlight, c.RateLimit.Streams, c.Listen.MaxStreams = 2000, 1, 2, 3
	server := env.StartServer(t, c)
	first, second, third := env.NewMember(t, "First"), env.NewMember(t, "Second"), env.NewMember(t, "Third")
	open := func(m harness.Member, wantStatus int, wantRetry string) *harness.Stream {
		t.Helper()
		stream := server.Subscribe(t, m.Token)
		if got := stream.Header.Get("Retry-After"); stream.Status != wantStatus || got != wantRetry {
			t.Errorf("a stream of %s: %d and Retry-After %q, want %d and %q", m.Name, stream.Status, got, wantStatus, wantRetry)
		}
		return stream
	}
	open(first, http.StatusOK, "")
	open(first, http.StatusOK, "")
	open(first, http.StatusTooManyRequests, "10")
	last := open(second, http.StatusOK, "")
	open(third, http.StatusServiceUnavailable, "30")
	if got := server.Query(t, first.Token, `{ me { id } }`, nil).Code(); got != "OK" {
		t.Errorf("a query beside two streams: %s, want OK", got)
	}
	if got := server.Metric(t, "catfoster_live_streams"); got != 3 {
		t.Errorf("%v streams are open, want 3", got)
	}
	last.Close()
	harness.Await(t, "the server to notice that a client has gone", func() bool { return server.Metric(t, "catfoster_live_streams") == 2 })
	open(third, http.StatusOK, "")
}
