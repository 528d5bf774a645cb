package local

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

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
		// Enough for the APIs (25 each) with their Kratos and Keto (16 each) of the tests that run at once.
		"-c", "max_connections=500",
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
// stacks share, which is faster than initdb. All copies have one password.
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
