package infra

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asRunner makes the test's own program start a stack in the folder that the
// variable names, say "ready", and wait to be killed.
const asRunner = "CATFOSTER_TEST_RUNNER"

// ports are those of the tests in this package.
var ports *PortRange

func TestMain(m *testing.M) {
	var err error
	if ports, err = ReservePorts(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if dir := os.Getenv(asRunner); dir != "" {
		fmt.Fprintln(os.Stderr, runner(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runner runs until it is killed, or returns why it could not.
func runner(dir string) error {
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
	mine, err := ports.Ports()
	if err != nil {
		return Options{}, err
	}
	return Options{Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Ports: mine, Disposable: true}, nil
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

func TestAServiceThatDiesIsNamedWithItsCauseAndLog(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	kill(t, stack, "Ory Kratos")
	select {
	case err := <-stack.Failed():
		for _, want := range []string{"Ory Kratos ended unexpectedly (signal: killed)", filepath.Join("log", "ory-kratos.log")} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the failure reads %q, want it to say %q", err, want)
			}
		}
	case <-time.After(time.Minute):
		t.Fatal("nobody says that Kratos is dead")
	}
	if err := stack.Stop(); err != nil {
		t.Error(err)
	}
	for _, port := range []uint16{stack.options.Ports.Postgres, stack.options.Ports.KratosPublic, stack.options.Ports.KetoRead, stack.options.Ports.MailSMTP} {
		if !isFree(port) {
			t.Errorf("somebody listens on port %d after the stack was stopped", port)
		}
	}
}

// kill kills the program behind a service's guard.
func kill(t *testing.T, stack *Stack, service string) {
	t.Helper()
	stack.mu.Lock()
	defer stack.mu.Unlock()
	for _, p := range stack.processes {
		if p.name != service {
			continue
		}
		output, err := exec.CommandContext(t.Context(), "pgrep", "-P", strconv.Itoa(p.cmd.Process.Pid)).Output()
		if err != nil {
			t.Fatalf("find %s: %v", service, err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(output)))
		if err != nil {
			t.Fatalf("find %s: %v", service, err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatalf("kill %s: %v", service, err)
		}
		return
	}
	t.Fatalf("%s does not run", service)
}

func TestNothingOutlivesARunnerThatIsKilled(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asRunner+"="+t.TempDir())
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
		t.Fatalf("the runner is not ready: %v", err)
	}
	var listening [3]uint16
	if _, err := fmt.Sscanf(line, "ready %d %d %d", &listening[0], &listening[1], &listening[2]); err != nil {
		t.Fatalf("the runner says %q: %v", line, err)
	}
	for _, port := range listening {
		if isFree(port) {
			t.Fatalf("nobody listens on port %d", port)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // It was killed.
	deadline := time.After(time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for _, port := range listening {
		for !isFree(port) {
			select {
			case <-deadline:
				t.Fatalf("a minute after the runner was killed somebody still listens on port %d", port)
			case <-tick.C:
			}
		}
	}
}

func TestATakenPortIsNamedBeforeAnythingStarts(t *testing.T) {
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
			want := fmt.Sprintf("%s cannot start: port %d on 127.0.0.1 is taken", service, port)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("with a taken port: %v, want %q", err, want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("the stack has written files although it could not start")
			}
		})
	}
}

func TestAServiceWithABrokenConfigurationSaysWhy(t *testing.T) {
	t.Parallel()
	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	options.PostgresURL = "postgres://nobody:secret-word@127.0.0.1:1/catfoster?sslmode=disable"
	_, err = Start(t.Context(), options)
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("a stack on a Postgres that is not there: %v, want it to say that the connection was refused", err)
	}
	if err != nil && strings.Contains(err.Error(), "secret-word") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestTheDataOfAStackOutlivesIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, err := ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	options := Options{Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Disposable: true}
	first, err := StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if err := createDatabase(t.Context(), first.PostgresURL, "kept"); err != nil {
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
		t.Errorf("the data of the first run is gone in the second: %v", err)
	}
}

func TestServicesThatRunAlreadyAreUsed(t *testing.T) {
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
		t.Errorf("the stack has Postgres at %s, Kratos at %v and mails at %q, want those that were given and no mails",
			stack.PostgresURL, stack.Kratos, stack.MailURL)
	}
	besides, err := withDatabase(options.PostgresURL, databaseOf(options.PostgresURL)+"_keto")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ping(t.Context(), besides), stack.Stop(), ping(t.Context(), options.PostgresURL)); err != nil {
		t.Errorf("Keto has no database beside ours, or the Postgres that was given was stopped: %v", err)
	}
}

func TestServicesThatAreHalfGivenAreRefused(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		given Options
		want  string
	}{
		"Kratos without its administration": {Options{Kratos: Service{PublicURL: "http://k"}, ActionAPIKey: "key"}, "both addresses of a Kratos"},
		"Kratos without the key":            {Options{Kratos: Service{PublicURL: "http://k", AdminURL: "http://k"}}, "ORY_ACTION_API_KEY"},
		"Keto without its public side":      {Options{Keto: Service{AdminURL: "http://k"}}, "both addresses of a Keto"},
		"Postgres without a database":       {Options{PostgresURL: "postgres://u:secret@127.0.0.1:5432"}, "must be a URL such as"},
		"Postgres with a broken password":   {Options{PostgresURL: "postgres://u:sec%zzret@127.0.0.1/x"}, "must be a URL such as"},
		"Postgres as a list of words":       {Options{PostgresURL: "host=/tmp password=secret dbname=x"}, "must be a URL such as"},
	} {
		_, err := Start(t.Context(), test.given)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "zzret") {
			t.Errorf("%s: %v, want an error that says %q and no password", about, err, test.want)
		}
	}
}
