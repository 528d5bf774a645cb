package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/requestid"
)

const password = "a-cat-named-Godard-7"

// member is somebody who has signed up, verified and logged in.
type member struct {
	id    uuid.UUID
	email string
	name  string
	token string
}

// newMember signs up somebody with a new address.
func newMember(t *testing.T, name string) member {
	t.Helper()
	m := member{email: newEmail(), name: name}
	id, err := shared.kratos.Register(t.Context(), m.email, name, password)
	if err != nil {
		t.Fatalf("sign up %s: %v", name, err)
	}
	m.id = uuid.MustParse(id)
	if err := shared.kratos.Verify(t.Context(), m.email); err != nil {
		t.Fatalf("verify %s: %v", name, err)
	}
	m.token = login(t, m.email)
	return m
}

// newAdmin signs up a member of the admin group.
func newAdmin(t *testing.T) member {
	t.Helper()
	m := newMember(t, "Admin")
	relate(t, keto.AdminRole(m.id))
	return m
}

func login(t *testing.T, email string) string {
	t.Helper()
	token, err := shared.kratos.Login(t.Context(), email, password)
	if err != nil {
		t.Fatalf("log in %s: %v", email, err)
	}
	return token
}

// relate states tuples until the end of the test.
func relate(t *testing.T, tuples ...keto.Tuple) {
	t.Helper()
	if err := shared.keto.Write(t.Context(), tuples, nil); err != nil {
		t.Fatalf("write tuples: %v", err)
	}
	t.Cleanup(func() {
		if err := shared.keto.Write(context.WithoutCancel(t.Context()), nil, tuples); err != nil {
			t.Errorf("remove tuples: %v", err)
		}
	})
}

func newEmail() string { return uuid.NewString() + "@example.org" }

// newCat creates a cat of the owner's.
func newCat(t *testing.T, owner member) uuid.UUID {
	t.Helper()
	var data struct {
		CreateCatProfile struct{ ID uuid.UUID }
	}
	ask(t, owner.token, `mutation { createCatProfile(input: {
		name: "Godard", age: 3, description: "Shy at first, then all over you."
	}) { id } }`, nil).into(t, &data)
	return data.CreateCatProfile.ID
}

// reply is the answer to a GraphQL request.
type reply struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code       string
			Field      string
			RequestID  string `json:"requestId"`
			RedirectTo string `json:"redirectTo"`
		}
	} `json:"errors"`

	status int
	header http.Header
}

// ask sends a GraphQL request; the token may be empty.
func ask(t *testing.T, token, query string, variables map[string]any) reply {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return askWith(t, publicURL(shared.config), header, query, variables)
}

// askWith sends a GraphQL request with any headers, to any server.
func askWith(t *testing.T, server string, header http.Header, query string, variables map[string]any) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatalf("write the request: %v", err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatalf("make the request: %v", err)
	}
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("ask the API: %v", err)
	}
	defer response.Body.Close()
	r := reply{status: response.StatusCode, header: response.Header}
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		t.Fatalf("read the answer (%s): %v", response.Status, err)
	}
	return r
}

// into reads the data of a reply that must have no errors.
func (r reply) into(t *testing.T, data any) {
	t.Helper()
	if len(r.Errors) > 0 {
		t.Fatalf("the API refuses: %+v", r.Errors)
	}
	if err := json.Unmarshal(r.Data, data); err != nil {
		t.Fatalf("read %s: %v", r.Data, err)
	}
}

// code is the code of the only error, or OK.
func (r reply) code() string {
	switch len(r.Errors) {
	case 0:
		return "OK"
	case 1:
		return r.Errors[0].Extensions.Code
	default:
		return fmt.Sprintf("%d errors", len(r.Errors))
	}
}

// fields are the refused fields of an input.
func (r reply) fields() []string {
	var fields []string
	for _, e := range r.Errors {
		fields = append(fields, e.Extensions.Code+" "+e.Extensions.Field)
	}
	return fields
}

func publicURL(c config.Config) string   { return "http://" + c.Listen.Public() }
func internalURL(c config.Config) string { return "http://" + c.Listen.Internal() }

// awaitCode waits for the code that Kratos mails to the address for the flow. The
// sign-up mails another one, which may arrive earlier or later.
func awaitCode(t *testing.T, email, flow string) string {
	t.Helper()
	var code string
	await(t, "a mail with a code to "+email, func() bool {
		for _, mail := range shared.stack.Mails() {
			if mail.To == email && strings.Contains(mail.Text, "flow="+flow) {
				code = regexp.MustCompile(`code=(\d{6})`).FindStringSubmatch(mail.Text)[1]
			}
		}
		return code != ""
	})
	return code
}

// awaitRecoveryCode waits for the code that Kratos mails to somebody who has
// forgotten the password.
func awaitRecoveryCode(t *testing.T, email string) string {
	t.Helper()
	var code string
	await(t, "a mail to recover "+email, func() bool {
		for _, mail := range shared.stack.Mails() {
			if mail.To == email && strings.Contains(mail.Subject, "Recover") {
				code = regexp.MustCompile(`\b\d{6}\b`).FindString(mail.Text)
			}
		}
		return code != ""
	})
	return code
}

// await waits for a condition, as long as a loaded machine may need.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited a minute for %s", what)
		case <-tick.C:
		}
	}
}

// cost is what one request makes the server ask of others.
type cost struct {
	SQL, Kratos, Keto int
}

// calls counts what the server asks of others, by the id of the request that
// caused it.
type calls struct {
	mu    sync.Mutex
	costs map[string]*cost
}

func newCalls() *calls { return &calls{costs: map[string]*cost{}} }

func (c *calls) count(ctx context.Context, add func(*cost)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := requestid.Of(ctx)
	if c.costs[id] == nil {
		c.costs[id] = &cost{}
	}
	add(c.costs[id])
}

// of returns what the request behind a reply has cost.
func (c *calls) of(r reply) cost {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found := c.costs[r.header.Get("X-Request-Id")]; found != nil {
		return *found
	}
	return cost{}
}

// statement counts SQL statements. Ent also tells when transactions begin and
// end: those are not counted.
func (c *calls) statement(ctx context.Context, message ...any) {
	if strings.Contains(fmt.Sprint(message...), "query=") {
		c.count(ctx, func(cost *cost) { cost.SQL++ })
	}
}

// transport counts calls to Kratos and Keto.
func (c *calls) transport(to config.Config) http.RoundTripper {
	host := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		return u.Host
	}
	kratos := host(to.Kratos.PublicURL)
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		c.count(r.Context(), func(cost *cost) {
			if r.URL.Host == kratos {
				cost.Kratos++
			} else {
				cost.Keto++
			}
		})
		return http.DefaultTransport.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// log keeps what the server logs.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// String returns everything that was logged.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// openDatabase opens a database until the end of the test.
func openDatabase(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// serve serves a handler until the end of the test and returns its address.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// discard is a log that nobody reads.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// browserLogin logs in as a browser does and returns the session cookie, as it
// stands in a Cookie header.
func browserLogin(t *testing.T, email string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	do := func(method, address string, body any, into any) {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Content-Type", "application/json")
		response, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %s", method, address, response.Status)
		}
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	var flow struct {
		UI struct {
			Action string
			Nodes  []struct{ Attributes struct{ Name, Value any } }
		}
	}
	do(http.MethodGet, shared.stack.Kratos.PublicURL+"/self-service/login/browser", nil, &flow)
	form := map[string]any{"method": "password", "identifier": email, "password": password}
	for _, node := range flow.UI.Nodes {
		if node.Attributes.Name == "csrf_token" {
			form["csrf_token"] = node.Attributes.Value
		}
	}
	do(http.MethodPost, flow.UI.Action, form, &struct{}{})
	address, err := url.Parse(shared.stack.Kratos.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range jar.Cookies(address) {
		if cookie.Name == "ory_kratos_session" {
			return cookie.Name + "=" + cookie.Value
		}
	}
	t.Fatal("Kratos has set no session cookie")
	return ""
}
