package projection

import (
	"slices"
	"testing"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

// TestChildren_HangOnEntities fails when a child has a namespace in the permission model, or a
// parent that has no permissions.
func TestChildren_HangOnEntities(t *testing.T) {
	t.Parallel()
	for kind, child := range Children() {
		if slices.Contains(keto.Namespaces(), kind) {
			t.Errorf("%s hangs on %s, but has a namespace in the permission model", kind, child.Parent)
		}
		if _, ok := EntityOf(child.Parent); !ok {
			t.Errorf("%s hangs on %s, which is no entity", kind, child.Parent)
		}
	}
}
