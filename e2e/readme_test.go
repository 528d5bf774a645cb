package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/infra/local"
)

// TestREADME_Tour runs the commands of the README's tour in a shell and compares their
// output with the README.
func TestREADME_Tour(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("the tour needs curl, which is not installed")
	}
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, tour, found := strings.Cut(string(readme), "## A tour in three minutes\n")
	if !found {
		t.Fatal("the README has no tour")
	}
	tour, _, _ = strings.Cut(tour, "\n## ")

	// One shell runs all steps because later ones use variables of earlier ones.
	tourist := startShell(t, root, append(os.Environ(),
		"ORY_KRATOS_PUBLIC_URL="+env.Config.Kratos.PublicURL, "ORY_KRATOS_ADMIN_URL="+env.Config.Kratos.AdminURL,
		"POSTGRES_URL="+env.Config.Postgres.URL,
		"ORY_KETO_PUBLIC_URL="+env.Config.Keto.PublicURL, "ORY_KETO_ADMIN_URL="+env.Config.Keto.AdminURL))
	replacer := strings.NewReplacer(
		"127.0.0.1:8080", env.Config.Listen.Public(),
		". .local/env\n", "", // The variables of make run; those of the test are above.
	)
	var output, want strings.Builder
	for step, block := range codeBlocksOf(tour) {
		if block.kind != "sh" {
			want.WriteString(block.text)
			continue
		}
		fmt.Fprintf(&output, "== %d\n%s", step, tourist.run(t, replacer.Replace(block.text)))
		fmt.Fprintf(&want, "== %d\n", step)
	}
	// The README leaves out what a request has cost.
	got := regexp.MustCompile(`,"extensions":\{"cost":\{[^}]*\}\}`).ReplaceAllString(output.String(), "")
	got = regexp.MustCompile(`(?m)^(Signed up as user|Verified) .*\n`).ReplaceAllString(got, "")
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("output of the tour (-README +real):\n%s", diff)
	}
}
