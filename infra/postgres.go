package infra

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/infra/unprivileged"
)

// superuser owns the databases of a Postgres that the stack starts itself.
const superuser = "catfoster"

// startPostgres starts a Postgres on loopback whose data lies in the stack's
// folder, and returns the URL of the database of the API.
func (s *Stack) startPostgres(ctx context.Context, guard string) (string, error) {
	account, err := unprivileged.User()
	if err != nil {
		return "", err
	}
	bin, err := s.postgresBinaries(ctx, account)
	if err != nil {
		return "", err
	}
	data, err := s.postgresData(ctx, bin, account)
	if err != nil {
		return "", err
	}
	arguments := []string{
		filepath.Join(bin, "postgres"), "-D", data,
		"-c", "listen_addresses=127.0.0.1",
		"-c", "port=" + strconv.FormatUint(uint64(s.options.Ports.Postgres), 10),
		"-c", "unix_socket_directories=",
		"-c", "max_connections=200",
	}
	if s.options.Disposable {
		arguments = append(arguments, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	p, err := startProcess("Postgres", guard, s.options.Dir, account, "INT", arguments...)
	if err != nil {
		return "", err
	}
	s.adopt(p)

	server := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, s.secrets.Postgres),
		Host:     address(s.options.Ports.Postgres),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}
	if err := p.waitUntil(ctx, time.Minute, func(ctx context.Context) error { return ping(ctx, server.String()) }); err != nil {
		return "", err
	}
	if err := createDatabase(ctx, server.String(), "catfoster"); err != nil {
		return "", err
	}
	return withDatabase(server.String(), "catfoster")
}

// postgresData returns the data folder, made by initdb if there is none. Each
// major version has its own, since none reads another's.
func (s *Stack) postgresData(ctx context.Context, bin, account string) (string, error) {
	version, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask Postgres for its version: %w", err)
	}
	words := strings.Fields(string(version)) // postgres (PostgreSQL) 15.18 (Debian ...)
	if len(words) < 3 {
		return "", fmt.Errorf("ask Postgres for its version: it says %q", version)
	}
	major, _, _ := strings.Cut(words[2], ".")
	data := filepath.Join(s.options.Dir, "postgres", major)
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		if account == "" {
			return data, nil
		}
		return data, unprivileged.Own(data, account)
	}

	// Made beside its place and moved there when whole: an interrupted initdb
	// leaves nothing that looks like data.
	part := data + ".part"
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(data), 0o755), os.RemoveAll(part), os.RemoveAll(data), os.Mkdir(part, 0o700),
	); err != nil {
		return "", fmt.Errorf("make the data folder of Postgres: %w", err)
	}
	password := filepath.Join(part, "password")
	if err := os.WriteFile(password, []byte(s.secrets.Postgres), 0o600); err != nil {
		return "", fmt.Errorf("hand Postgres its password: %w", err)
	}
	cluster := filepath.Join(part, "data")
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"--pgdata", cluster, "--username", superuser, "--pwfile", password,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale(), "--no-sync")
	cmd.Dir = s.options.Dir
	if account != "" {
		if err := unprivileged.Own(part, account); err != nil {
			return "", fmt.Errorf("give user %s the data folder of Postgres: %w", account, err)
		}
		if err := unprivileged.Drop(cmd, account); err != nil {
			return "", err
		}
	}
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(output)))
	}
	if err := errors.Join(os.Rename(cluster, data), os.RemoveAll(part)); err != nil {
		return "", fmt.Errorf("put the data folder of Postgres in place: %w", err)
	}
	return data, nil
}

// locale is one that every system of the kind has and that knows all letters.
func locale() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

// postgresBinaries finds a folder with Postgres's server programs, or downloads
// one.
func (s *Stack) postgresBinaries(ctx context.Context, account string) (string, error) {
	if !s.options.DownloadPostgres {
		if bin := findPostgres(os.Getenv("PATH"), usualFolders()); bin != "" {
			return bin, nil
		}
	}
	return s.downloadPostgres(ctx, account)
}

// usualFolders are the places of server programs that packages keep out of PATH:
// Debian's, Red Hat's, Homebrew's (on ARM and Intel) and Postgres.app's.
func usualFolders() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}
}

// findPostgres returns the first folder of the search path that holds Postgres's
// server programs, else the one of the newest version in the usual folders, else
// nothing.
func findPostgres(path string, usual []string) string {
	for _, dir := range filepath.SplitList(path) {
		if hasPostgres(dir) {
			return dir
		}
	}
	var found []string
	for _, pattern := range usual {
		folders, _ := filepath.Glob(pattern) // The patterns are well formed.
		found = append(found, slices.DeleteFunc(folders, func(dir string) bool { return !hasPostgres(dir) })...)
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

// versionOf reads the major version in a path such as /usr/lib/postgresql/15/bin.
func versionOf(bin string) int {
	name := filepath.Base(filepath.Dir(bin))
	number := strings.TrimLeftFunc(name, func(r rune) bool { return r < '0' || r > '9' })
	number, _, _ = strings.Cut(number, ".")
	version, _ := strconv.Atoi(number) // Versions that are not numbers come last.
	return version
}

// sharedPrograms takes downloaded programs when the project lies where only root
// may go: Postgres insists on finding its own programs as the user it runs as.
const sharedPrograms = "/var/lib/catfoster"

// downloadPostgres fetches server programs that the account may run with the
// embedded-postgres library, unless it has before, and returns their folder.
//
// The library has no call that only fetches: it also makes and starts a database
// of its own. That one is thrown away, and as root the library fails at it, after
// the programs have arrived; so what counts is whether they are there.
func (s *Stack) downloadPostgres(ctx context.Context, account string) (string, error) {
	home := s.options.Bin
	if open, err := unprivileged.Reachable(home); err != nil {
		return "", err
	} else if account != "" && !open {
		home = sharedPrograms
	}
	programs := filepath.Join(home, "postgres-"+string(embeddedpostgres.V15))
	bin := filepath.Join(programs, "bin")
	if hasPostgres(bin) {
		return bin, nil
	}
	s.say("Found no Postgres on this machine: downloading one.")
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
		return "", fmt.Errorf("make a folder for the download of Postgres: %w", err)
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
		return "", ctx.Err() // The library knows no context: it ends with the program.
	}
	if !hasPostgres(bin) {
		return "", fmt.Errorf("there is no Postgres on this machine and downloading one failed (install it, or set POSTGRES_URL): %w", err)
	}
	return bin, nil
}

// createDatabase makes a database unless it exists.
func createDatabase(ctx context.Context, server, name string) error {
	db, err := sql.Open("postgres", server)
	if err != nil {
		return fmt.Errorf("read the address of Postgres: %w", err)
	}
	defer db.Close()
	var exists bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// errPostgresURL does not repeat the address: it may hold a password.
var errPostgresURL = errors.New("the address of Postgres must be a URL such as postgres://user:password@host:5432/catfoster")

// withDatabase returns the same address with another database.
func withDatabase(address, database string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", errPostgresURL
	}
	u.Path = "/" + database
	return u.String(), nil
}

// databaseOf returns the database in the address.
func databaseOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// ping says whether Postgres answers at the address.
func ping(ctx context.Context, address string) error {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}
