package keto

import (
	"os"
	"regexp"
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
			if strings.Contains(match[2], "this.permits") {
				t.Errorf("%s refers to another permission: this test does not look whether that is negated", match[1])
			}
		}
		inKeto = append(inKeto, d)
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
