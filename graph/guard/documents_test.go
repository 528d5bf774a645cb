package guard

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
	d.members.add(members, entry{hashOf(members), new(ast.QueryDocument), memoryOf(members)})
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
}

func TestDocuments_Size(t *testing.T) {
	t.Parallel()
	d := newDocuments(Registered{})
	long := strings.Repeat("a ", 600)
	for n := range 300 {
		text := fmt.Sprintf("{%s a%d}", long, n)
		d.Add(t.Context(), text, new(ast.QueryDocument))
		d.members.add(text, entry{hashOf(text), new(ast.QueryDocument), memoryOf(text)})
	}
	for name, space := range map[string]*space{"members": d.members, "visitors": d.visitors} {
		if space.memory > space.limit || space.memory < space.limit*9/10 || space.used.Len() == 300 {
			t.Errorf("the %d documents of %s take %d bytes, want nearly %d", space.used.Len(), name, space.memory, space.limit)
		}
	}
}

func TestSpace_Add(t *testing.T) {
	t.Parallel()
	s := newSpace(10)
	first, second := new(ast.QueryDocument), new(ast.QueryDocument)
	want := func(after string, memory int, texts ...string) {
		t.Helper()
		if got := s.used.Keys(); !slices.Equal(got, texts) || s.memory != memory {
			t.Errorf("after %s the texts are %q and the memory is %d, want %q and %d", after, got, s.memory, texts, memory)
		}
		for _, text := range []string{"a", "b", "c", "d"} {
			if got, ok := s.texts["hash-"+text]; ok != slices.Contains(texts, text) || ok && got != text {
				t.Errorf("after %s the text with the hash of %s is %q, known: %t", after, text, got, ok)
			}
		}
	}
	s.add("a", entry{"hash-a", first, 4})
	s.add("a", entry{"hash-a", second, 6})
	want("replacing a document", 6, "a")
	s.add("b", entry{"hash-b", first, 4})
	want("filling the space", 10, "a", "b")
	if found, ok := s.used.Get("a"); !ok || found.document != second {
		t.Error("the document has not been replaced")
	}
	s.add("c", entry{"hash-c", first, 1}) // b was used longest ago.
	want("one document too many", 7, "a", "c")
	s.add("d", entry{"hash-d", first, 11})
	want("a document that is too large", 0)
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
			if _, cheap := countSteps(documents[i]); !cheap {
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
