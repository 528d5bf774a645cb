package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stackDirEnv is an environment variable. If it is set, the test binary runs no tests. It
// starts a stack in the directory that the variable names, and runs until it is killed.
const stackDirEnv = "CATFOSTER_TEST_RUNNER"

// ports is the range that all tests in this package use.
var ports *PortRange

func TestMain(m *testing.M) {
	var err error
	if ports, err = ReservePorts(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if dir := os.Getenv(stackDirEnv); dir != "" {
		fmt.Fprintln(os.Stderr, runStack(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runStack starts a stack in dir, prints the line "ready" with three of its ports, and
// returns only if the stack fails.
func runStack(dir string) error {
	options, err := testOptions(dir)
	if err != nil {
		return err
	}
	stack, err := Start(context.Background(), options)
	if err != nil {
		return err
	}
	fmt.Println("ready", options.Ports.KratosPublic, options.Ports.KetoRead, options.Ports.Postgres)
	return <-stack.Failed()
}

func testOptions(dir string) (Options, error) {
	root, err := ProjectRoot()
	if err != nil {
		return Options{}, err
	}
	free, err := ports.Ports()
	if err != nil {
		return Options{}, err
	}
	return Options{Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Ports: free, Disposable: true}, nil
}

func startStack(t *testing.T) *Stack {
	t.Helper()
	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stack, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Stop(); err != nil {
			t.Error(err)
		}
	})
	return stack
}

func TestStack_FailureNamesServiceCauseAndLog(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	if err := stack.Signal("Ory Kratos", syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-stack.Failed():
		for _, want := range []string{"Ory Kratos ended unexpectedly (signal: killed)", filepath.Join("log", "ory-kratos.log")} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the failure is %q, want it to contain %q", err, want)
			}
		}
	case <-time.After(time.Minute):
		t.Fatal("the stack did not report within a minute that Kratos was killed")
	}
	if err := stack.Stop(); err != nil {
		t.Error(err)
	}
	for _, port := range []uint16{stack.options.Ports.Postgres, stack.options.Ports.KratosPublic, stack.options.Ports.KetoRead, stack.options.Ports.MailSMTP} {
		if !isFree(port) {
			t.Errorf("port %d is in use after the stack was stopped", port)
		}
	}
}

func TestStack_EndsWhenItsProgramIsKilled(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), stackDirEnv+"="+t.TempDir())
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("read the ready line of the program: %v", err)
	}
	var listening [3]uint16
	if _, err := fmt.Sscanf(line, "ready %d %d %d", &listening[0], &listening[1], &listening[2]); err != nil {
		t.Fatalf("the program printed %q: %v", line, err)
	}
	for _, port := range listening {
		if isFree(port) {
			t.Fatalf("port %d is not in use while the stack runs", port)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // It reports that the program was killed.
	deadline := time.After(time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for _, port := range listening {
		for !isFree(port) {
			select {
			case <-deadline:
				t.Fatalf("port %d is in use a minute after the program was killed", port)
			case <-tick.C:
			}
		}
	}
}

func TestStart_NamesPortInUse(t *testing.T) {
	t.Parallel()
	for _, service := range []string{"Ory Keto", "Postgres", "The mail catcher's page", "The API"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "stack")
			options, err := testOptions(dir)
			if err != nil {
				t.Fatal(err)
			}
			port := map[string]uint16{
				"Ory Keto": options.Ports.KetoRead, "Postgres": options.Ports.Postgres,
				"The mail catcher's page": options.Ports.MailPage, "The API": options.Ports.API,
			}[service]
			listener, err := listen(t.Context(), port)
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			_, err = Start(t.Context(), options)
			want := fmt.Sprintf("%s cannot start: port %d on 127.0.0.1 is in use", service, port)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("Start: %v, want an error that begins with %q", err, want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("Start has written files although it failed")
			}
		})
	}
}

func TestStart_PostgresUnreachable(t *testing.T) {
	t.Parallel()
	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	options.PostgresURL = "postgres://nobody:secret-word@127.0.0.1:1/catfoster?sslmode=disable"
	_, err = Start(t.Context(), options)
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("Start: %v, want an error that contains \"connection refused\"", err)
	}
	if err != nil && strings.Contains(err.Error(), "secret-word") {
		t.Errorf("the error contains the password: %v", err)
	}
}

func TestStart_PostgresCannotStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// A file where Postgres needs a directory.
	if err := os.WriteFile(filepath.Join(dir, "postgres"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := testOptions(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), options)
	if err == nil || !strings.HasPrefix(err.Error(), "create the data directory of Postgres: ") {
		t.Errorf("Start: %v, want the error of Postgres", err)
	}
	for _, service := range []string{"keto", "kratos"} {
		if _, err := os.Stat(filepath.Join(dir, "config", service+".yml")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Start has configured %s, which needs Postgres: %v", service, err)
		}
	}
}

func TestStack_KeepsDataAfterRestart(t *testing.T) {
	t.Parallel()
	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, err := StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.CreateDatabase(t.Context(), "kept"); err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second, err := StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := withDatabase(second.PostgresURL, "kept")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ping(t.Context(), kept), second.Stop()); err != nil {
		t.Errorf("the database of the first run cannot be used in the second: %v", err)
	}
}

func TestStart_UsesRunningServices(t *testing.T) {
	t.Parallel()
	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	postgres, err := StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := postgres.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if options, err = testOptions(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	options.PostgresURL = postgres.PostgresURL
	options.Kratos = Service{PublicURL: "http://127.0.0.1:1", AdminURL: "http://127.0.0.1:2"}
	options.ActionAPIKey = "the key that this Kratos sends"
	stack, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if stack.PostgresURL != options.PostgresURL || stack.Kratos != options.Kratos || stack.ActionAPIKey != options.ActionAPIKey || stack.MailURL != "" {
		t.Errorf("the stack uses Postgres at %s and Kratos at %v with mails at %q, want the given services and no mails",
			stack.PostgresURL, stack.Kratos, stack.MailURL)
	}
	keto, err := withDatabase(options.PostgresURL, databaseOf(options.PostgresURL)+"_keto")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ping(t.Context(), keto), stack.Stop(), ping(t.Context(), options.PostgresURL)); err != nil {
		t.Errorf("Keto has no database on the given Postgres, or the given Postgres was stopped: %v", err)
	}
}

func TestStart_RefusesInvalidOptions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options Options
		want    string
	}{
		"Kratos without admin address":    {Options{Kratos: Service{PublicURL: "http://k"}, ActionAPIKey: "key"}, "both addresses of a running Kratos"},
		"Kratos without key":              {Options{Kratos: Service{PublicURL: "http://k", AdminURL: "http://k"}}, "ORY_ACTION_API_KEY"},
		"Keto without public address":     {Options{Keto: Service{AdminURL: "http://k"}}, "both addresses of a running Keto"},
		"Postgres URL without a database": {Options{PostgresURL: "postgres://u:secret@127.0.0.1:5432"}, "must be a URL such as"},
		"Postgres URL with bad escape":    {Options{PostgresURL: "postgres://u:sec%zzret@127.0.0.1/x"}, "must be a URL such as"},
		"Postgres as key-value pairs":     {Options{PostgresURL: "host=/tmp password=secret dbname=x"}, "must be a URL such as"},
	} {
		_, err := Start(t.Context(), test.options)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "zzret") {
			t.Errorf("%s: %v, want an error that contains %q and no password", name, err, test.want)
		}
	}
}
