package local

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPostgres_FindPrefersPathThenNewest(t *testing.T) {
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
	eighteen := install("opt/postgresql@18/bin", "postgres", "initdb")
	debian, homebrew := filepath.Join(dir, "lib/*/bin"), filepath.Join(dir, "opt/postgresql@*/bin")

	for name, test := range map[string]struct {
		path     string
		patterns []string
		want     string
	}{
		"server in PATH":           {clientOnly + string(os.PathListSeparator) + onPath, []string{debian}, onPath},
		"only a client in PATH":    {clientOnly, []string{debian}, sixteen},
		"newest of all patterns":   {"", []string{debian, homebrew}, eighteen},
		"no server in any of them": {clientOnly, []string{filepath.Join(dir, "none/*/bin")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := findPostgres(test.path, test.patterns); got != test.want {
				t.Errorf("findPostgres = %q, want %q", got, test.want)
			}
		})
	}
}
