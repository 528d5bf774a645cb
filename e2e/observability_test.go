package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/catfoster/catfoster/e2e/harness"
)

// traceOf returns the spans of the trace with an operation, when its request has ended.
func traceOf(t *testing.T, spans func() tracetest.SpanStubs, operation string) tracetest.SpanStubs {
	t.Helper()
	var found tracetest.SpanStubs
	harness.Await(t, "the trace of "+operation, func() bool {
		all := spans()
		named := slices.IndexFunc(all, func(s tracetest.SpanStub) bool { return attributeOf(s, "graphql.operation.name") == operation })
		if named < 0 {
			return false
		}
		found = slices.DeleteFunc(all, func(s tracetest.SpanStub) bool {
			return s.SpanContext.TraceID() != all[named].SpanContext.TraceID()
		})
		return slices.ContainsFunc(found, func(s tracetest.SpanStub) bool { return s.Name == "POST /graphql" })
	})
	return found
}

func attributeOf(span tracetest.SpanStub, key string) string {
	for _, a := range span.Attributes {
		if string(a.Key) == key {
			return a.Value.String()
		}
	}
	return ""
}

// pathsOf returns the names of the spans from the first one to each, such as "a > b > c".
func pathsOf(spans tracetest.SpanStubs) map[string]tracetest.SpanStub {
	byID := map[string]tracetest.SpanStub{}
	for _, span := range spans {
		byID[span.SpanContext.SpanID().String()] = span
	}
	paths := map[string]tracetest.SpanStub{}
	for _, span := range spans {
		path := span.Name
		for at := span; at.Parent.SpanID().IsValid(); {
			parent, ok := byID[at.Parent.SpanID().String()]
			if !ok {
				path = "(missing) > " + path
				break
			}
			path, at = parent.Name+" > "+path, parent
		}
		paths[path] = span
	}
	return paths
}

// requireDiscreet fails the test if a text contains a part of a person or of the request.
func requireDiscreet(t *testing.T, about, text string, secrets ...string) {
	t.Helper()
	for _, secret := range append(secrets, "@", "%40", "ory_st_", "Bearer") {
		if strings.Contains(text, secret) {
			t.Errorf("%s contain %q: %s", about, secret, text)
		}
	}
}

func TestTraces_Mutation(t *testing.T) {
	t.Parallel()
	server, spans := env.StartTracedServer(t, env.Config)
	owner := env.NewMember(t, "Ada Lovelace")
	cat := env.NewCat(t, owner)
	variables := map[string]any{"id": cat, "input": map[string]any{"name": "Schroedinger", "description": "Alive, as far as anybody knows."}}
	server.Query(t, owner.Token, `mutation Rename($id: ID!, $input: UpdateCatProfileInput!) {
		updateCatProfile(id: $id, input: $input) { name owner { name email } }
	}`, variables).RequireOK(t)

	trace := traceOf(t, spans, "Rename")
	paths := pathsOf(trace)
	const resolver = "POST /graphql > mutation > Mutation.updateCatProfile"
	for path, attributes := range map[string]map[string]string{
		"POST /graphql":                        {"http.route": "/graphql", "http.request.method": "POST", "http.response.status_code": "200"},
		"POST /graphql > mutation":             {"graphql.operation.name": "Rename", "graphql.operation.type": "mutation"},
		resolver:                               {},
		"POST /graphql > kratos whoami":        {"http.response.status_code": "200"},
		resolver + " > keto check":             {"http.response.status_code": "200"},
		resolver + " > SQL":                    {"db.system.name": "postgresql"},
		resolver + " > CatProfile.owner > SQL": {"db.system.name": "postgresql"},
	} {
		span, ok := paths[path]
		if !ok {
			t.Errorf("there is no span %s", path)
			continue
		}
		for key, want := range attributes {
			if got := attributeOf(span, key); got != want {
				t.Errorf("%s: %s is %q, want %q", path, key, got, want)
			}
		}
	}
	statements := 0
	for path, span := range paths {
		if strings.Contains(path, "(missing)") {
			t.Errorf("the trace is not connected: %s", path)
		}
		if strings.Contains(attributeOf(span, "db.query.text"), "UPDATE") {
			statements++
		}
	}
	if statements == 0 {
		t.Error("no span has the statement that changes the cat")
	}
	requireDiscreet(t, "the spans", fmt.Sprintf("%+v", trace),
		owner.Email, owner.Name, owner.Token, owner.ID.String(), cat.String(), "Schroedinger", "Alive", "127.0.0.1", "Go-http-client")
}

// between returns the address of a proxy to a service, and what it has seen of a header field.
func between(t *testing.T, address, field string) (proxy string, seen func() []string) {
	t.Helper()
	service, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var values []string
	return harness.Serve(t, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(service)
			mu.Lock()
			defer mu.Unlock()
			values = append(values, r.In.Header.Get(field))
		}}), func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(values)
		}
}

// TestTraces_TrustedProxy continues the trace of a trusted proxy and passes it on to Kratos
// and Keto, with the id of the request.
func TestTraces_TrustedProxy(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Listen.TrustedProxies = []string{"127.0.0.1"}
	var ids, traces func() []string
	c.Kratos.PublicURL, ids = between(t, c.Kratos.PublicURL, "X-Request-Id")
	c.Keto.PublicURL, traces = between(t, c.Keto.PublicURL, "Traceparent")
	traced, spans := env.StartTracedServer(t, c)
	member := env.NewMember(t, "Member")
	cat := env.NewCat(t, member)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	id := "proxy-" + uuid.NewString()
	response := traced.QueryWithHeader(t, http.Header{
		"Authorization": {"Bearer " + member.Token}, "X-Request-Id": {id}, "Traceparent": {"00-" + trace + "-00f067aa0ba902b7-01"},
		"Baggage": {"secret=1"},
	}, `query Mine($id: ID!) { catProfile(id: $id) { fosterings { totalCount } } }`, map[string]any{"id": cat})
	response.RequireOK(t)
	if got := response.RequestID(); got != id {
		t.Errorf("the answer has the id %q, want that of the proxy, %q", got, id)
	}
	if got := traceOf(t, spans, "Mine")[0].SpanContext.TraceID().String(); got != trace {
		t.Errorf("the trace is %s, want that of the proxy, %s", got, trace)
	}
	if got := ids(); !slices.Contains(got, id) {
		t.Errorf("Kratos gets the ids %q, want %s", got, id)
	}
	if got := traces(); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, trace) }) {
		t.Errorf("Keto gets the trace contexts %q, want that of the proxy", got)
	}
	// The shared server trusts nobody.
	response = env.QueryWithHeader(t, http.Header{"X-Request-Id": {id}}, `{ me { id } }`, nil)
	if response.RequestID() == id {
		t.Error("the id of a client that is no trusted proxy is kept")
	}
}

func TestAccessLog_Lines(t *testing.T) {
	t.Parallel()
	member := env.NewMember(t, "Grace Hopper")
	response := env.Query(t, member.Token, `query Whisker($id: ID!) { me { id name email } user(id: $id) { id } }`, map[string]any{"id": uuid.New()})
	var line struct {
		Method, Route, Operation, Type, User, Codes string
		Status, Bytes, Cost                         int
		Seconds                                     float64
	}
	var text string
	harness.Await(t, "the line of the request in the log", func() bool {
		for entry := range strings.Lines(env.Log()) {
			if strings.Contains(entry, `"msg":"request"`) && strings.Contains(entry, response.RequestID()) {
				text = entry
				return true
			}
		}
		return false
	})
	if err := json.Unmarshal([]byte(text), &line); err != nil {
		t.Fatal(err)
	}
	if line.Method != http.MethodPost || line.Route != "/graphql" || line.Operation != "Whisker" || line.Type != "query" || line.User != member.ID.String() ||
		line.Status != 200 || line.Bytes == 0 || line.Cost == 0 || line.Seconds <= 0 {
		t.Errorf("the line is %s", text)
	}
	requireDiscreet(t, "the lines", text, member.Email, member.Name, member.Token, "127.0.0.1", "Go-http-client")
}

// TestMetrics_Operations looks at the metrics after operations of a member and of somebody
// without a session.
func TestMetrics_Operations(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, env.Config)
	member := env.NewMember(t, "Member")
	cat := env.NewCat(t, member)
	server.Query(t, member.Token, `mutation Groom($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`, map[string]any{"id": cat}).RequireOK(t)
	server.Query(t, "", `query Stranger { me { id } }`, nil)
	server.Query(t, "", `{ nope }`, nil)
	for series, want := range map[string]float64{
		`catfoster_graphql_operations_total{code="ok",operation="Groom",type="mutation"}`:                   1,
		`catfoster_graphql_operation_duration_seconds_count{operation="Groom",type="mutation"}`:             1,
		`catfoster_graphql_operation_cost_count{operation="Groom"}`:                                         1,
		`catfoster_graphql_operations_total{code="UNAUTHENTICATED",operation="other",type="query"}`:         1,
		`catfoster_graphql_operations_total{code="GRAPHQL_VALIDATION_FAILED",operation="none",type="none"}`: 1,
		`catfoster_permission_checks_total{namespace="CatProfile",relation="edit",result="allowed"}`:        1,
		`catfoster_calls_total{operation="whoami",service="kratos",status="200"}`:                           1,
	} {
		if got := server.Metric(t, series); got != want {
			t.Errorf("%s is %v, want %v", series, got, want)
		}
	}
	for _, series := range []string{
		`catfoster_calls_total{operation="check",service="keto",status="200"}`, `catfoster_sql_statement_duration_seconds_count{result="ok"}`,
		`go_sql_open_connections{db_name="catfoster"}`,
		`catfoster_service_ready{service="postgres"}`, `catfoster_service_ready{service="kratos"}`, `catfoster_service_ready{service="keto"}`,
	} {
		if got := server.Metric(t, series); got == 0 {
			t.Errorf("%s is 0", series)
		}
	}
	harness.Await(t, "the requests to be counted", func() bool {
		return server.Metric(t, `catfoster_http_requests_total{method="POST",route="/graphql",status="200"}`) == 3
	})
}
