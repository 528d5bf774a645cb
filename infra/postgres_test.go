package infra

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPostgresIsFoundOnThePathFirstThenTheNewestInTheUsualFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install := func(bin string, programs ...string) string {
		bin = filepath.Join(dir, bin)
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, program := range programs {
			if err := os.WriteFile(filepath.Join(bin, program), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return bin
	}
	onPath := install("local/bin", "postgres", "initdb")
	clientOnly := install("client/bin", "psql")
	install("lib/9.6/bin", "postgres", "initdb")
	install("lib/17/bin", "psql")
	sixteen := install("lib/16/bin", "postgres", "initdb")
	brewed := install("opt/postgresql@18/bin", "postgres", "initdb")
	debian, brew := filepath.Join(dir, "lib/*/bin"), filepath.Join(dir, "opt/postgresql@*/bin")

	for name, test := range map[string]struct {
		path  string
		usual []string
		want  string
	}{
		"on the path":               {clientOnly + string(os.PathListSeparator) + onPath, []string{debian}, onPath},
		"a client on the path only": {clientOnly, []string{debian}, sixteen},
		"the newest of all folders": {"", []string{debian, brew}, brewed},
		"nowhere":                   {clientOnly, []string{filepath.Join(dir, "none/*/bin")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := findPostgres(test.path, test.usual); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}
