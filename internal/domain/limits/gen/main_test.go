package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLimitsOf_Pages fails when the limits of the pages are not those of the API.
func TestLimitsOf_Pages(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../limits.go")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../../web/src/api/limits.ts")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(limitsOf(string(source)), string(got)); diff != "" {
		t.Errorf("web/src/api/limits.ts is stale, run make generate (-generated +file):\n%s", diff)
	}
}
