package projection

import (
	"slices"
	"testing"

	"entgo.io/ent/dialect/sql/schema"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/migrate"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestEntities_CoverModel fails when a namespace with relations has no entity, which
// would leave its objects without tuples and every permission on them denied.
func TestEntities_CoverModel(t *testing.T) {
	t.Parallel()
	// Nothing is stated about users.
	withoutTuples := []keto.Namespace{keto.User}
	for _, namespace := range keto.Namespaces() {
		entity, ok := EntityOf(namespace)
		if want := !slices.Contains(withoutTuples, namespace); ok != want {
			t.Errorf("namespace %s has an entity: %t, want %t (see docs/adding-an-entity.md)", namespace, ok, want)
		}
		if !ok || entity.Table == "" {
			continue
		}
		hasTable := slices.ContainsFunc(migrate.Tables, func(table *schema.Table) bool { return table.Name == entity.Table })
		if !hasTable {
			t.Errorf("namespace %s: the model of ent has no table %q", namespace, entity.Table)
		}
	}
}

func TestEntities_WithoutRows(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, entity := range Entities() {
		if entity.Table == "" {
			continue
		}
		id := uuid.NewString()
		if exists, err := entity.Exists(t.Context(), db.Client, uuid.Nil, id); exists || err != nil {
			t.Errorf("%s: an object without a row exists: %t, %v", entity.Namespace, exists, err)
		}
		if tuples, err := entity.Project(t.Context(), db.Client, []string{id}); len(tuples) > 0 || err != nil {
			t.Errorf("%s: an object without a row has the tuples %v, %v", entity.Namespace, tuples, err)
		}
	}
}
