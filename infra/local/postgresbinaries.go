package local

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"

	"github.com/catfoster/catfoster/infra/local/unprivileged"
)

// postgresBinaries returns a directory with the server programs of Postgres. It
// downloads them if this machine has none.
func (s *Stack) postgresBinaries(ctx context.Context, account string) (string, error) {
	if !s.options.DownloadPostgres {
		if bin := findPostgres(os.Getenv("PATH"), packageDirs()); bin != "" {
			return bin, nil
		}
	}
	return s.downloadPostgres(ctx, account)
}

// packageDirs returns patterns of the directories where packages install the server
// programs without adding them to PATH: those of Debian, Red Hat, Homebrew (on ARM and
// Intel) and Postgres.app.
func packageDirs() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}
}

// findPostgres returns the first directory in path that has the server programs of
// Postgres. If there is none, it returns the directory with the newest version among
// those that match the patterns, or an empty string.
func findPostgres(path string, patterns []string) string {
	for _, dir := range filepath.SplitList(path) {
		if hasPostgres(dir) {
			return dir
		}
	}
	var found []string
	for _, pattern := range patterns {
		dirs, _ := filepath.Glob(pattern) // The only error is a malformed pattern.
		found = append(found, slices.DeleteFunc(dirs, func(dir string) bool { return !hasPostgres(dir) })...)
	}
	if len(found) == 0 {
		return ""
	}
	return slices.MaxFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) })
}

func hasPostgres(dir string) bool {
	for _, program := range []string{"postgres", "initdb"} {
		if info, err := os.Stat(filepath.Join(dir, program)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

// versionOf returns the major version in a path such as /usr/lib/postgresql/15/bin, 0 if
// there is none.
func versionOf(bin string) int {
	name := filepath.Base(filepath.Dir(bin))
	number := strings.TrimLeftFunc(name, func(r rune) bool { return r < '0' || r > '9' })
	number, _, _ = strings.Cut(number, ".")
	version, _ := strconv.Atoi(number)
	return version
}

// sharedDir is where downloaded programs are installed if only root can read the
// project's directory: Postgres must find its programs as the user that it runs as.
const sharedDir = "/var/lib/catfoster"

// downloadPostgres downloads the server programs with the embedded-postgres library,
// unless an earlier call has, and returns their directory. The account can run them.
//
// The library cannot download without creating and starting a database, which is then
// deleted. For root that step fails, after the download. The call has therefore succeeded
// if the programs exist, whatever error the library returns.
func (s *Stack) downloadPostgres(ctx context.Context, account string) (string, error) {
	parent := s.options.Bin
	if reachable, err := unprivileged.Reachable(parent); err != nil {
		return "", err
	} else if account != "" && !reachable {
		parent = sharedDir
	}
	programs := filepath.Join(parent, "postgres-"+string(embeddedpostgres.V15))
	bin := filepath.Join(programs, "bin")
	if hasPostgres(bin) {
		return bin, nil
	}
	s.progressf("Downloading Postgres, because this machine has none.")
	ports, err := ReservePorts()
	if err != nil {
		return "", err
	}
	defer func() { _ = ports.Release() }()
	port, err := ports.Port()
	if err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp("", "catfoster-postgres-")
	if err != nil {
		return "", fmt.Errorf("create a temporary directory to download Postgres: %w", err)
	}
	defer os.RemoveAll(scratch)
	config := embeddedpostgres.DefaultConfig().
		Version(embeddedpostgres.V15).
		Port(uint32(port)).
		CachePath(filepath.Join(scratch, "cache")).
		RuntimePath(filepath.Join(scratch, "run")).
		BinariesPath(programs).
		Logger(io.Discard)
	if s.options.PostgresRepository != "" {
		config = config.BinaryRepositoryURL(s.options.PostgresRepository)
	}
	library := embeddedpostgres.NewDatabase(config)
	done := make(chan error, 1)
	go func() {
		err := library.Start()
		if err == nil {
			err = library.Stop()
		}
		done <- err
	}()
	select {
	case err = <-done:
	case <-ctx.Done():
		return "", ctx.Err() // The library takes no context, so its goroutine runs until the program ends.
	}
	if !hasPostgres(bin) {
		return "", fmt.Errorf("this machine has no Postgres and the download failed (install Postgres, or set POSTGRES_URL): %w", err)
	}
	return bin, nil
}
