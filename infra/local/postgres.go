package local

import (
	"context"
	"crypto/sha256"
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

	"github.com/catfoster/catfoster/infra/local/unprivileged"
)

// superuser is the user that owns the databases of a Postgres that the stack starts.
const superuser = "catfoster"

// startPostgres starts Postgres on the loopback interface, with its data in the stack's
// directory, and returns the URL of the API's database.
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
		// Enough for some APIs (25 each) with their Kratos and Keto (16 each), as in the tests.
		"-c", "max_connections=200",
	}
	if s.options.Disposable {
		arguments = append(arguments, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	p, err := startProcess(guard, command{name: "Postgres", dir: s.options.Dir, user: account, signal: "INT", argv: arguments})
	if err != nil {
		return "", err
	}
	s.track(p)

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

// postgresData returns the data directory and creates it if it does not exist. Each major
// version has its own, because it cannot read the files of another one.
func (s *Stack) postgresData(ctx context.Context, bin, account string) (string, error) {
	version, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("read the version of Postgres: %w", err)
	}
	words := strings.Fields(string(version)) // postgres (PostgreSQL) 15.18 (Debian ...)
	if len(words) < 3 {
		return "", fmt.Errorf("read the version of Postgres: unexpected output %q", version)
	}
	major, _, _ := strings.Cut(words[2], ".")
	data := filepath.Join(s.options.Dir, "postgres", major)
	if s.options.Disposable {
		err = s.copyCluster(ctx, bin, account, string(version), data)
	} else {
		err = s.initdb(ctx, bin, account, data)
	}
	if err != nil || account == "" {
		return data, err
	}
	return data, unprivileged.Own(data, account)
}

// copyCluster creates a data directory, unless it exists, as a copy of one that all disposable
// stacks share: copying takes a tenth of the time of initdb. All copies have one password.
func (s *Stack) copyCluster(ctx context.Context, bin, account, version, data string) error {
	cluster := filepath.Join(s.options.Bin, fmt.Sprintf("cluster-%.6x", sha256.Sum256([]byte(version+fmt.Sprint(initdbArguments())))))
	if !isCluster(cluster) {
		unlock, err := lockBuild(cluster)
		if err != nil {
			return fmt.Errorf("lock the shared data directory of Postgres: %w", err)
		}
		defer unlock()
	}
	shared, err := loadSecrets(cluster + ".json")
	if err != nil {
		return err
	}
	s.secrets.Postgres = shared.Postgres
	if err := s.initdb(ctx, bin, account, cluster); err != nil || isCluster(data) {
		return err
	}
	if err := errors.Join(os.RemoveAll(data), os.MkdirAll(data, 0o700), os.CopyFS(data, os.DirFS(cluster))); err != nil {
		return fmt.Errorf("create the data directory of Postgres: %w", err)
	}
	return nil
}

// isCluster reports whether a directory is a complete data directory.
func isCluster(data string) bool {
	_, err := os.Stat(filepath.Join(data, "PG_VERSION"))
	return err == nil
}

func initdbArguments() []string {
	return []string{"--username", superuser, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale(), "--no-sync"}
}

// initdb creates a data directory, unless it exists.
func (s *Stack) initdb(ctx context.Context, bin, account, data string) error {
	if isCluster(data) {
		return nil
	}
	// initdb writes to a temporary directory, which is renamed when it is complete, so
	// that an interrupted initdb leaves no incomplete data directory.
	temporary := data + ".part"
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(data), 0o755), os.RemoveAll(temporary), os.RemoveAll(data), os.Mkdir(temporary, 0o700),
	); err != nil {
		return fmt.Errorf("create the data directory of Postgres: %w", err)
	}
	password := filepath.Join(temporary, "password")
	if err := os.WriteFile(password, []byte(s.secrets.Postgres), 0o600); err != nil {
		return fmt.Errorf("write the password file of Postgres: %w", err)
	}
	cluster := filepath.Join(temporary, "data")
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), append(initdbArguments(), "--pgdata", cluster, "--pwfile", password)...)
	cmd.Dir = s.options.Dir
	if account != "" {
		if err := unprivileged.Own(temporary, account); err != nil {
			return fmt.Errorf("give the data directory of Postgres to user %s: %w", account, err)
		}
		if err := unprivileged.Drop(cmd, account); err != nil {
			return err
		}
	}
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(output)))
	}
	if err := errors.Join(os.Rename(cluster, data), os.RemoveAll(temporary)); err != nil {
		return fmt.Errorf("rename the data directory of Postgres: %w", err)
	}
	return nil
}

// locale returns a UTF-8 locale that every installation of the operating system has.
func locale() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

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

// CreateDatabase creates a database on the stack's Postgres, unless it exists, and
// returns its URL.
func (s *Stack) CreateDatabase(ctx context.Context, name string) (string, error) {
	if err := createDatabase(ctx, s.PostgresURL, name); err != nil {
		return "", err
	}
	return withDatabase(s.PostgresURL, name)
}

// createDatabase creates a database unless it exists. The server's URL may name any
// database.
func createDatabase(ctx context.Context, server, name string) error {
	db, err := sql.Open("postgres", server)
	if err != nil {
		return fmt.Errorf("read the URL of Postgres: %w", err)
	}
	defer db.Close()
	_, err = CopyDatabase(ctx, db, name, "template1")
	return err
}

// CopyDatabase creates a database, unless it exists, as a copy of another one on the same
// server, to which nobody must be connected.
func CopyDatabase(ctx context.Context, server *sql.DB, name, template string) (created bool, err error) {
	var exists, chooses bool
	if err := server.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1),
		current_setting('server_version_num')::int >= 150000`, name).Scan(&exists, &chooses); err != nil {
		return false, fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return false, nil
	}
	strategy := "" // Older versions copy files anyway.
	if chooses {
		strategy = " STRATEGY file_copy" // The default writes each page twice, also to the log.
	}
	if _, err := server.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)+" TEMPLATE "+pq.QuoteIdentifier(template)+strategy); err != nil {
		return false, fmt.Errorf("create database %s: %w", name, err)
	}
	return true, nil
}

// errPostgresURL does not contain the URL, which may include a password.
var errPostgresURL = errors.New("the address of Postgres must be a URL such as postgres://user:password@host:5432/catfoster")

// withDatabase returns the URL of another database on the same server.
func withDatabase(server, database string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		return "", errPostgresURL
	}
	u.Path = "/" + database
	return u.String(), nil
}

// databaseOf returns the name of the database in a URL.
func databaseOf(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// ping returns nil if the database accepts connections.
func ping(ctx context.Context, database string) error {
	db, err := sql.Open("postgres", database)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}
