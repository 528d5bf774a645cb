package keto

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	file "github.com/catfoster/catfoster/infra/keto"
)

// TestModel_MatchesNamespacesFile compares the model in Go with infra/keto/namespaces.ts.
// The end-to-end tests show that Keto parses the file.
func TestModel_MatchesNamespacesFile(t *testing.T) {
	t.Parallel()
	classes, err := file.Classes()
	if err != nil {
		t.Fatal(err)
	}
	var inKeto []definition
	var references []Relation // from a permission to others
	for _, class := range classes {
		d := definition{namespace: Namespace(class.Name)}
		for _, name := range class.Relations {
			d.relations = append(d.relations, Relation(name))
		}
		for _, permission := range class.Permissions {
			d.permissions = append(d.permissions, Relation(permission.Name))
			if strings.Contains(permission.Rule, "!") {
				d.negated = append(d.negated, Relation(permission.Name))
			}
			for _, other := range regexp.MustCompile(`permits\.(\w+)`).FindAllStringSubmatch(permission.Rule, -1) {
				references = append(references, Relation(other[1]))
			}
			// Keto takes a tuple that it could not read for one that does not exist.
			if regexp.MustCompile(`!\(this\.related|cat\.related`).MatchString(permission.Rule) {
				t.Errorf("%s negates or traverses a relation, want a permission", permission.Name)
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
