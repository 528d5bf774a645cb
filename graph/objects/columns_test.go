package objects

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRowType_ComputedFields has an object whose field email is a column of its table, and a
// method that reads more than this column.
func TestRowType_ComputedFields(t *testing.T) {
	t.Parallel()
	got := newRowType(&User{}, []string{"id", "email", "email_verified", "photos_urls"}, map[string]string{"isAdmin": "id"})
	want := rowType{
		names: []string{"User", "Node"}, columns: []string{"id", "email", "email_verified", "photos_urls"},
		reads: map[string]string{
			"__typename": "id", "id": "id", "emailVerified": "email_verified", "photosUrls": "photos_urls", "isAdmin": "id",
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(rowType{})); diff != "" {
		t.Errorf("the type (-want +got):\n%s", diff)
	}
}
