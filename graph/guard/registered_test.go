package guard_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/graph/guard"
)

// hashOf returns the hash of a text as clients write it.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestRegister_Manifests(t *testing.T) {
	t.Parallel()
	relay := func(id, text string) string { return fmt.Sprintf(`{%q: %q}`, id, text) }
	byHash := func(text string) string { return relay(hashOf(text), text) }
	apollo := func(operations string) string {
		return `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": ` + operations + `}`
	}
	const typed = "{ __typename }"
	for name, test := range map[string]struct {
		content string
		want    []string // parts of the error; none if it is empty
	}{
		"Relay's format":              {byHash(typed), nil},
		"Relay's MD5":                 {relay("0d7a4d1b2a7b7b7e7a7d7a7c7a7e7a7f", typed), nil},
		"no operation":                {`{}`, nil},
		"several operations":          {byHash("query A { __typename } query B { __typename }"), nil},
		"required variables":          {byHash("query($id: ID!) { user(id: $id) { id } }"), nil},
		"Apollo's format":             {apollo(`[{"id": "` + hashOf(typed) + `", "name": "T", "type": "query", "body": "` + typed + `"}]`), nil},
		"Apollo's format, empty":      {apollo(`[]`), nil},
		"Apollo's next version":       {`{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}`, []string{"version 2"}},
		"another format":              {`{"format": "other"}`, []string{"format"}},
		"Apollo's, another hash":      {apollo(`[{"id": "` + hashOf("x") + `", "body": "` + typed + `"}]`), []string{hashOf("x"), "SHA-256"}},
		"Apollo's, no id":             {apollo(`[{"body": "` + typed + `"}]`), []string{`""`, "id"}},
		"Apollo's, no body":           {apollo(`[{"id": "a"}]`), []string{`"a"`}},
		"no JSON":                     {`query { me { id } }`, []string{"JSON"}},
		"an array":                    {`[]`, []string{"JSON"}},
		"a number in place of a text": {`{"a": 1}`, []string{"JSON"}},
		"more behind it":              {byHash(typed) + byHash(typed), []string{"JSON"}},
		"the hash of another text":    {relay(hashOf("{ me { id } }"), typed), []string{hashOf("{ me { id } }"), "SHA-256"}},
		"a hash with its prefix":      {relay("sha256:"+hashOf(typed), typed), nil},
		"a hash in capitals":          {relay(strings.ToUpper(hashOf(typed)), typed), []string{"SHA-256"}},
		"an empty id":                 {relay("", typed), []string{`""`, "id"}},
		"a text that does not parse":  {byHash("{"), []string{hashOf("{")}},
		"a field that does not exist": {byHash("{ nope }"), []string{hashOf("{ nope }"), `"nope"`}},
		"a fragment alone":            {byHash("fragment F on Query { __typename }"), []string{"no operation"}},
		"a long text":                 {byHash(typed + "#" + strings.Repeat("x", 40<<10)), []string{"32768"}},
		"an expensive validation":     {byHash("{" + strings.Repeat("__typename ", 1400) + "}"), []string{"repeats"}},
		"a deferred fragment":         {byHash("{ me { ... @defer { id } } }"), []string{"@defer"}},
		"doubling fragments":          {byHash(doubling(20)), []string{"repeats"}},
		"pages of any size": {byHash(`query($n: Int!) { catProfiles(first: $n) { edges { node { owner {
			catProfiles(first: $n) { edges { node { fosterings(first: $n) { edges { node { id message participant { id name bio } } } } } } } } } } } }`), nil},
		"too many pages": {
			byHash("{" + each(4, func(i int) string {
				return fmt.Sprintf("a%d: catProfiles(first: 100) { edges { node { fosterings(first: 100) { edges { node { id } } } } } } ", i)
			}) + "}"),
			[]string{"complexity"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := guard.Register(guard.Manifest{Name: "a/file.json", Content: []byte(test.content)})
			if (err != nil) != (test.want != nil) {
				t.Fatalf("the error is %v, want one about %q", err, test.want)
			}
			for _, part := range append(test.want, "a/file.json") {
				if err != nil && !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not name %q: %v", part, err)
				}
			}
		})
	}
}

func TestRegister_SeveralManifests(t *testing.T) {
	t.Parallel()
	manifest := func(name, id, text string) guard.Manifest {
		return guard.Manifest{Name: name, Content: fmt.Appendf(nil, `{%q: %q}`, id, text)}
	}
	const text, other = "{ __typename }", "{ me { id } }"
	got, err := guard.Register(manifest("old", "a", text), manifest("new", "a", text), manifest("hash", hashOf(text), text), manifest("more", "b", other))
	if err != nil || got.Len() != 2 {
		t.Errorf("there are %d documents and the error %v, want 2", got.Len(), err)
	}
	_, err = guard.Register(manifest("old", "a", text), manifest("new", "a", other))
	if err == nil || !strings.Contains(err.Error(), `new: "a"`) {
		t.Errorf("the error about an id of two documents is %v", err)
	}
	// All that is wrong is reported at once.
	_, err = guard.Register(manifest("old", "a", "{"), manifest("new", "b", "{ nope }"))
	if err == nil || !strings.Contains(err.Error(), `old: "a"`) || !strings.Contains(err.Error(), `new: "b"`) {
		t.Errorf("the error about two manifests is %v", err)
	}
}

// doubling returns a document of n fragments, each of which expands to twice the fields of
// the next one.
func doubling(n int) string {
	return "{...F0}" + each(n, func(i int) string {
		return fmt.Sprintf(" fragment F%d on Query{...F%d a:__typename ...F%d}", i, i+1, i+1)
	}) +
		fmt.Sprintf(" fragment F%d on Query{__typename}", n)
}

// each returns n texts in one.
func each(n int, text func(i int) string) string {
	var all strings.Builder
	for i := range n {
		all.WriteString(text(i))
	}
	return all.String()
}
