package keto

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModel_MatchesNamespacesFile compares the names in Go with those in
// infra/keto/namespaces.ts. The end-to-end tests show that Keto parses the file.
func TestModel_MatchesNamespacesFile(t *testing.T) {
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
	for _, d := range model() {
		inGo[d.namespace] = join(d.relations) + " / " + join(d.permissions)
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

func TestClient_ZeroValueDenies(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]*Client{"nil": nil, "zero": {}} {
		if allowed, err := client.Check(t.Context(), Tuple{}); allowed || err == nil {
			t.Errorf("the %s client answers %t, %v, want no and an error", name, allowed, err)
		}
	}
}
