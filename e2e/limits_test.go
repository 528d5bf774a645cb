package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestLimits_ExpensiveDocuments(t *testing.T) {
	t.Parallel()
	doubling := func(n int) string {
		var document strings.Builder
		document.WriteString("{...F0}")
		for i := range n {
			fmt.Fprintf(&document, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
		}
		fmt.Fprintf(&document, " fragment F%d on Query{__typename}", n)
		return document.String()
	}
	for about, test := range map[string]struct{ document, want string }{
		"fragments that double":     {doubling(60), "COMPLEXITY_LIMIT_EXCEEDED"},
		"a few fragments":           {doubling(5), `"__typename":"Query"`},
		"5000 fields":               {"{" + strings.Repeat("__typename ", 5000) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"1000 fields with an alias": {"{" + strings.Repeat("a:__typename ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"a long comment":            {"{__typename} #" + strings.Repeat("x", 40<<10), "COMPLEXITY_LIMIT_EXCEEDED"},
		"2000 nested selections":    {strings.Repeat("{a", 2000), "GRAPHQL_PARSE_FAILED"},
		"nested introspection":      {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", "errors"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			_, body := post(t, "application/json", fmt.Sprintf(`{"query": %q}`, test.document))
			if !strings.Contains(body, test.want) {
				t.Errorf("%s: %.300s, want %s", about, body, test.want)
			}
		})
	}
}

// TestLimits_DistinctDocuments sends many documents that nobody has sent before, most of them
// without a session, to a server in a process of its own. Its memory stays small, and so does the
// CPU time for each of them.
func TestLimits_DistinctDocuments(t *testing.T) {
	t.Parallel()
	const (
		documents = 1500      // of each of two kinds, of 16 KB, which take 400 MB if all are kept
		most      = 200 << 20 // bytes of resident memory
	)
	ada := env.NewMember(t, "Ada")
	c := env.Config
	c.RateLimit.Points = 0 // It would refuse them before they take memory.
	replica := env.StartReplica(t, env.Program(t), c)
	conflicts := func(n int) string { return each(n, func(i int) string { return fmt.Sprintf("a:f%d ", i) }) }
	nested := func(depth int, inner string) string {
		return strings.Repeat("...{", depth) + inner + strings.Repeat("}", depth)
	}
	// Formatting each field would take more time than the server needs.
	fields := each(480, func(i int) string { return fmt.Sprintf("f_#_%d_%s:__typename ", i, strings.Repeat("x", 10)) })
	numbered := func(n int) string { return strings.ReplaceAll(fields, "#", strconv.Itoa(n)) }
	for about, test := range map[string]struct {
		n        int
		document func(n int) string
		want     string
		token    string
	}{
		"16 KB of fields":                {documents, func(n int) string { return "{" + numbered(n) + "}" }, "OK", ""},
		"16 KB of fields, from a member": {documents, func(n int) string { return "{me{id} " + numbered(n) + "}" }, "OK", ada.Token},
		"16 KB of one field":             {200, func(n int) string { return fmt.Sprintf("{a%d:%s}", n, strings.Repeat("__typename ", 1480)) }, "COMPLEXITY_LIMIT_EXCEEDED", ""},
		"conflicting fields":             {200, func(n int) string { return fmt.Sprintf("{a%d:__typename %s}", n, conflicts(480)) }, "COMPLEXITY_LIMIT_EXCEEDED", ""},
		"the most that are allowed":      {200, func(n int) string { return fmt.Sprintf("{a%d:__typename %s}", n, conflicts(130)) }, "20 errors", ""},
		"conflicts in nested inlines":    {200, func(n int) string { return fmt.Sprintf("{a%d:__typename %s}", n, nested(150, conflicts(280))) }, "COMPLEXITY_LIMIT_EXCEEDED", ""},
		"fields in nested inlines": {200, func(n int) string {
			return fmt.Sprintf("{a%d:__typename %s}", n, nested(180, strings.Repeat("__typename ", 900)))
		}, "COMPLEXITY_LIMIT_EXCEEDED", ""},
		"a long unknown name": {200, func(n int) string { return fmt.Sprintf("{a%d:%s}", n, strings.Repeat("x", 16_000)) }, "GRAPHQL_VALIDATION_FAILED", ""},
	} {
		const clients = 8
		before := replica.Metric(t, "process_cpu_seconds_total")
		answers := harness.Concurrently(clients, func(client int) string {
			for n := client; n < test.n; n += clients {
				if code := replica.Query(t, test.token, test.document(n), nil).Code(); code != test.want {
					return code
				}
			}
			return test.want
		})
		if answers[test.want] != clients {
			t.Errorf("documents with %s: %v, want %s", about, answers, test.want)
		}
		if memory := replica.Metric(t, "process_resident_memory_bytes"); memory > most {
			t.Errorf("after %d documents with %s the server has %.0f MB of memory, want at most %d", test.n, about, memory/(1<<20), most>>20)
		}
		if cpu, most := (replica.Metric(t, "process_cpu_seconds_total")-before)/float64(test.n), mostCPU(t); cpu > most {
			t.Errorf("a document with %s takes %.0f ms of CPU time on average, want at most %.0f", about, cpu*1000, most*1000)
		}
	}
}

// each returns n texts in one.
func each(n int, text func(i int) string) string {
	var all strings.Builder
	for i := range n {
		all.WriteString(text(i))
	}
	return all.String()
}

// aliases selects a field n times under different names.
func aliases(n int, field string) string {
	return each(n, func(i int) string { return fmt.Sprintf("a%d:%s ", i, field) })
}

func TestLimits_TokensAndFields(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for name, test := range map[string]struct{ query, want string }{
		"too many tokens": {"{ " + strings.Repeat("me { id } ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"too many fields": {"{ " + pages(80) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"a large request": {"{ " + pages(20) + "}", "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := env.Query(t, ada.Token, test.query, nil).Code(); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
		})
	}
}

// pages selects n pages of a hundred cats.
func pages(n int) string {
	return aliases(n, "catProfiles(first: 100) { edges { node { id } } }")
}
