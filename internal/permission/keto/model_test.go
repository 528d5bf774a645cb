package keto

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModel_MatchesNamespacesFile compares the model in Go with infra/keto/namespaces.ts.
// The end-to-end tests show that Keto parses the file.
func TestModel_MatchesNamespacesFile(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../../infra/keto/namespaces.ts")
	if err != nil {
		t.Fatal(err)
	}
	var inKeto []definition
	var references []Relation // from a permission to others
	classes := regexp.MustCompile(`(?s)class (\w+) implements Namespace \{(\}|.*?\n\})`)
	relation := regexp.MustCompile(`(?m)^    (\w+): .*\[\]$`)
	permission := regexp.MustCompile(`(?ms)^    (\w+): \(ctx(.*?),$`)
	for _, class := range classes.FindAllStringSubmatch(string(source), -1) {
		d := definition{namespace: Namespace(class[1])}
		related, permits, _ := strings.Cut(class[2], "permits =")
		for _, match := range relation.FindAllStringSubmatch(related, -1) {
			d.relations = append(d.relations, Relation(match[1]))
		}
		for _, match := range permission.FindAllStringSubmatch(permits, -1) {
			d.permissions = append(d.permissions, Relation(match[1]))
			if strings.Contains(match[2], "!") {
				d.negated = append(d.negated, Relation(match[1]))
			}
			for _, other := range regexp.MustCompile(`permits\.(\w+)`).FindAllStringSubmatch(match[2], -1) {
				references = append(references, Relation(other[1]))
			}
			// Keto takes a tuple that it could not read for one that does not exist.
			if regexp.MustCompile(`!\(this\.related|cat\.related`).MatchString(match[2]) {
				t.Errorf("%s negates or traverses a relation, want a permission", match[1])
			}
		}
		inKeto = append(inKeto, d)
	}
	for _, d := range inKeto {
		for _, negated := range d.negated {
			if slices.Contains(references, negated) {
				t.Errorf("a permission refers to %s, which is negated, and so are those that refer to it", negated)
			}
		}
	}
	if diff := cmp.Diff(inKeto, model(), cmp.AllowUnexported(definition{})); diff != "" {
		t.Errorf("the model (-in Keto +in Go):\n%s", diff)
	}
}

func TestClient_ZeroValueDenies(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]*Client{"nil": nil, "zero": {}} {
		if allowed, err := client.Check(t.Context(), Tuple{}); allowed || err == nil {
			t.Errorf("the %s client answers %t, %v, want no and an error", name, allowed, err)
		}
	}
}
