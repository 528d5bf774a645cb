package keto

import (
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
			if strings.Contains(permission.Rule, "this.permits") {
				t.Errorf("%s refers to another permission: this test does not look whether that is negated", permission.Name)
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
