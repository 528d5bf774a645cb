package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/infra/local"
)

// previous is the newest release. Its servers run beside those of this version while an operator replaces them. Who makes a release
// writes it here.
func previous() harness.Release {
	return harness.Release{Version: "0.2.0", Tag: "v0.2.0", Commit: "83cc78c18c0efd5a56f7a378f679e879ba5e2f29"}
}

// TestPrevious_IsNewestRelease fails if a release was made and [previous] names the one before.
func TestPrevious_IsNewestRelease(t *testing.T) {
	t.Parallel()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+) - `).FindSubmatch(changelog)
	if newest == nil || string(newest[1]) != previous().Version {
		t.Errorf("the newest release in CHANGELOG.md is %q, and previous names %s", newest, previous().Version)
	}
}
