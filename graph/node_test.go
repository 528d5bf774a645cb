package graph

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNodes_CoverSchema fails when a type implements Node and node() cannot load it.
func TestNodes_CoverSchema(t *testing.T) {
	t.Parallel()
	schema := Schema()
	var want, got []string
	for _, definition := range schema.GetPossibleTypes(schema.Types["Node"]) {
		want = append(want, definition.Name)
	}
	for _, loader := range (query{&resolver{}}).nodeLoaders() {
		got = append(got, loader.typeName)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types that node() loads (-schema +loaders):\n%s", diff)
	}
}
