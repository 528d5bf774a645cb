package main

import (
	"context"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/web"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestPages_Complete checks that each query of the pages is measured, or named with a reason.
func TestPages_Complete(t *testing.T) {
	t.Parallel()
	measured, reasons := map[string]bool{}, unmeasured()
	for _, c := range productPages() {
		measured[c.operation] = true
	}
	known := map[string]bool{}
	for name, o := range web.OperationsByName() {
		if o.Kind != "query" {
			continue
		}
		known[name] = true
		if _, named := reasons[name]; measured[name] == named {
			t.Errorf("the query %s is measured: %t, and named as unmeasured: %t; want one of them", name, measured[name], named)
		}
	}
	for name := range reasons {
		measured[name] = true
	}
	for name := range measured {
		if !known[name] {
			t.Errorf("the pages have no query %s", name)
		}
	}
}

// TestCases_Answer runs each case once on the small community, so that its data and the schema fit each other.
func TestCases_Answer(t *testing.T) {
	t.Parallel()
	d, err := newDataset(t.Context(), dbtest.New(t).Config.URL, smallSize(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range cases() {
		if strings.HasPrefix(c.name, "near: ") { // Not all places are there.
			continue
		}
		if _, err := c.run(context.WithoutCancel(t.Context()), d); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
