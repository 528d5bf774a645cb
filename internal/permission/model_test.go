package permission

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheModelInGoNamesWhatTheModelInKetoHas reads the names in
// infra/keto/namespaces.ts. That Keto understands the file is a test of the whole
// stack.
func TestTheModelInGoNamesWhatTheModelInKetoHas(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../infra/keto/namespaces.ts")
	if err != nil {
		t.Fatal(err)
	}
	inKeto := map[Namespace]string{}
	classes := regexp.MustCompile(`(?s)class (\w+) implements Namespace \{(\}|.*?\n\})`)
	for _, class := range classes.FindAllStringSubmatch(string(source), -1) {
		related, permits, _ := strings.Cut(class[2], "permits =")
		inKeto[Namespace(class[1])] = names(related, `(?m)^    (\w+): .*\[\]$`) + " / " + names(permits, `(?m)^    (\w+): \(ctx`)
	}
	inGo := map[Namespace]string{}
	for _, namespace := range Namespaces() {
		inGo[namespace] = join(namespace.relations()) + " / " + join(namespace.permissions())
	}
	if diff := cmp.Diff(inKeto, inGo); diff != "" {
		t.Errorf("relations / permissions (-in Keto +in Go):\n%s", diff)
	}
}

func names(source, pattern string) string {
	var found []Relation
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(source, -1) {
		found = append(found, Relation(match[1]))
	}
	return join(found)
}

func join(relations []Relation) string {
	texts := make([]string, len(relations))
	for i, relation := range relations {
		texts[i] = string(relation)
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

func TestAClientThatWasNotSetUpDenies(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]*Client{"nil": nil, "zero": {}} {
		if allowed, err := client.Check(t.Context(), Tuple{}); allowed || err == nil {
			t.Errorf("the %s client answers %t, %v, want no and an error", name, allowed, err)
		}
	}
}

func TestDifferenceLeavesWhatIsRight(t *testing.T) {
	t.Parallel()
	tuple := func(relation Relation) Tuple { return Tuple{Object: AdminGroup(), Relation: relation} }
	a, b, c := tuple("a"), tuple("b"), tuple("c")
	for name, test := range map[string]struct {
		want, have []Tuple
		found      Difference
	}{
		"nothing there":      {want: []Tuple{a, b}, found: Difference{Missing: []Tuple{a, b}}},
		"all there":          {want: []Tuple{a, b}, have: []Tuple{b, a}},
		"one missing":        {want: []Tuple{a, b}, have: []Tuple{a}, found: Difference{Missing: []Tuple{b}}},
		"one too many":       {want: []Tuple{a}, have: []Tuple{a, c}, found: Difference{Extra: []Tuple{c}}},
		"a wrong one, twice": {want: []Tuple{a}, have: []Tuple{c, a, c}, found: Difference{Extra: []Tuple{c}}},
		"a right one, twice": {want: []Tuple{a}, have: []Tuple{a, a, a}, found: Difference{Duplicate: []Tuple{a}}},
		"none wanted":        {have: []Tuple{a, b}, found: Difference{Extra: []Tuple{a, b}}},
		"none at all":        {},
	} {
		if diff := cmp.Diff(test.found, difference(test.want, test.have)); diff != "" {
			t.Errorf("%s: difference (-want +got):\n%s", name, diff)
		}
	}
}
