package graph

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	gqlvalidator "github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

func TestDocuments_KeepsThoseOfMembers(t *testing.T) {
	t.Parallel()
	d := newDocuments(Registered{})
	const members = "{me{id}}"
	d.Add(t.Context(), members, new(ast.QueryDocument))
	d.keep(members, new(ast.QueryDocument))
	var last string
	for n := range 10_000 {
		last = fmt.Sprintf("{a%d:__typename}", n)
		d.Add(t.Context(), last, new(ast.QueryDocument))
	}
	for text, want := range map[string]bool{members: true, last: true, "{a0:__typename}": false, "{nope}": false} {
		if _, got := d.Get(t.Context(), text); got != want {
			t.Errorf("the document %s is known: %t, want %t", text, got, want)
		}
		if found, got := d.textOf(hashOf(text)); got != want || got && found != text {
			t.Errorf("the hash of the document %s is known: %t, as that of %q, want %t", text, got, found, want)
		}
	}
	d.Add(t.Context(), members, new(ast.QueryDocument)) // It stays where it is.
	if got := d.members.entries.Len(); got != 1 {
		t.Errorf("there are %d documents of members, want 1", got)
	}
}

func TestDocuments_Size(t *testing.T) {
	t.Parallel()
	d := newDocuments(Registered{})
	long := strings.Repeat("a ", 600)
	for n := range 300 {
		text := fmt.Sprintf("{%s a%d}", long, n)
		d.Add(t.Context(), text, new(ast.QueryDocument))
		d.keep(fmt.Sprintf("{%s b%d}", long, n), new(ast.QueryDocument))
	}
	for name, cache := range map[string]*sizedCache[*ast.QueryDocument]{"members": d.members, "others": d.others} {
		if cache.size > cache.limit || cache.size < cache.limit*9/10 || cache.entries.Len() == 300 {
			t.Errorf("the %d documents of %s take %d bytes, want nearly %d", cache.entries.Len(), name, cache.size, cache.limit)
		}
	}
}

func TestSizedCache_Add(t *testing.T) {
	t.Parallel()
	c := newSizedCache[string](10)
	want := func(after string, size int, keys ...string) {
		t.Helper()
		if got := c.entries.Keys(); !slices.Equal(got, keys) || c.size != size {
			t.Errorf("after %s the keys are %q and the size is %d, want %q and %d", after, got, c.size, keys, size)
		}
		for _, key := range []string{"a", "b", "c", "d"} {
			if got, ok := c.keyOf("id-" + key); ok != slices.Contains(keys, key) || ok && got != key {
				t.Errorf("after %s the key with the id of %s is %q, known: %t", after, key, got, ok)
			}
		}
	}
	c.add("a", "id-a", "first", 4)
	c.add("a", "id-a", "second", 6)
	want("replacing a value", 6, "a")
	c.add("b", "id-b", "other", 4)
	want("filling the cache", 10, "a", "b")
	if found, ok := c.get("a"); !ok || found != "second" {
		t.Errorf("the value is %q", found)
	}
	c.add("c", "id-c", "third", 1) // b was used longest ago.
	want("one value too many", 7, "a", "c")
	c.remove("a")
	want("removing a value", 1, "c")
	c.add("d", "id-d", "too large", 11)
	want("a value that is too large", 0)
}

// TestMemoryOf_Bound compares the estimate with the memory that documents take.
//
//nolint:paralleltest // It measures the memory of the whole process.
func TestMemoryOf_Bound(t *testing.T) {
	schema := Schema()
	for name, text := range map[string]string{
		"type names":  "{" + each(78, func(i int) string { return fmt.Sprintf("a%d:me{", i) + strings.Repeat("__typename ", 14) + "}" }) + "}",
		"fields":      "{" + each(78, func(i int) string { return fmt.Sprintf("a%d:me{", i) + strings.Repeat("id ", 14) + "}" }) + "}",
		"aliases":     "{" + each(490, func(i int) string { return fmt.Sprintf("a%d:__typename ", i) }) + "}",
		"values":      "{nodes(ids:[" + strings.Repeat("1 ", 1480) + "]){id}}",
		"arguments":   "{" + each(120, func(i int) string { return fmt.Sprintf(`a%d:node(id:"x"){id}`, i) }) + "}",
		"fragments":   each(80, func(i int) string { return fmt.Sprintf("fragment F%d on Query{__typename}", i) }) + "{" + each(80, func(i int) string { return fmt.Sprintf("...F%d ", i) }) + "}",
		"operations":  each(240, func(i int) string { return fmt.Sprintf("query q%d{__typename}", i) }),
		"directives":  "{" + each(130, func(i int) string { return fmt.Sprintf("a%d:__typename@skip(if:true)", i) }) + "}",
		"variables":   "query(" + each(280, func(i int) string { return fmt.Sprintf("$v%d:ID ", i) }) + "){__typename}",
		"a comment":   "{__typename}#" + strings.Repeat("x", 30_000),
		"line breaks": `{node(id:"` + strings.Repeat(`\n`, 15_000) + `"){id}}`,
	} {
		const copies = 50
		var before, after runtime.MemStats
		documents := make([]*ast.QueryDocument, copies)
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range copies {
			var err error
			if documents[i], err = parser.ParseQueryWithTokenLimit(&ast.Source{Input: strings.Clone(text)}, maxTokens); err != nil {
				t.Fatalf("a test with a document that does not parse, %s: %v", name, err)
			}
			if !isCheap(documents[i]) {
				t.Fatalf("a test with a document that is not validated, %s", name)
			}
			_ = gqlvalidator.ValidateWithRules(schema, documents[i], rules.NewDefaultRules()) // It adds to the document.
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if got, most := (int(after.HeapAlloc)-int(before.HeapAlloc))/copies, memoryOf(text); got > most {
			t.Errorf("a document of %d bytes with many %s takes %d bytes, estimated %d", len(text), name, got, most)
		}
		runtime.KeepAlive(documents)
	}
}
