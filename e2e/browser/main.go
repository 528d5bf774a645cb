// Command browser runs the tests of the pages, web/test, in a headless Chromium: it starts
// local stacks, compiles the program, and runs Node with the addresses of both in its
// environment. The tests start the program themselves, because some of them restart it. Each
// stack runs the tests of one file at a time. `make test-web` calls it. Arguments are files in
// web to run instead of all tests. With -json it writes the events of `go test -json`.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// stopTimeout is how long Node may take to stop Chromium and the program.
const stopTimeout = 30 * time.Second

func main() {
	events := flag.Bool("json", false, "write the events of go test -json")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *events, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

// tests are what the stacks share.
type tests struct {
	root     string // the project's directory
	dir      string // for what the tests write
	program  string
	reporter string // of Node
	postgres *local.Stack
	ports    *local.PortRange
	files    chan string // that no stack has run yet
	output   *sync.Mutex // held while the output of a file is written
}

func run(ctx context.Context, events bool, files []string) (err error) {
	t := tests{reporter: "spec", output: &sync.Mutex{}}
	if t.root, err = local.ProjectRoot(); err != nil {
		return err
	}
	if events {
		t.reporter = filepath.Join(t.root, "e2e", "browser", "events.mjs")
	}
	if len(files) == 0 {
		if files, err = filepath.Glob(filepath.Join(t.root, "web", "test", "*.test.ts")); err != nil {
			return err
		}
	}
	// The longest first, so that no stack is left with one of them at the end.
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(size(b), size(a)) })
	t.files = make(chan string, len(files))
	for _, file := range files {
		t.files <- file
	}
	close(t.files)
	if t.ports, err = local.ReservePorts(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.ports.Release()) }()
	if t.dir, err = os.MkdirTemp("", "catfoster-browser-"); err != nil {
		return fmt.Errorf("create the directory of the stacks: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(t.dir)) }()
	if t.postgres, err = local.StartPostgres(ctx, t.options("postgres", local.Ports{})); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.postgres.Stop()) }()
	t.program = filepath.Join(t.dir, "catfoster")
	// As in a release, whose tests then need not compile all packages once more.
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", t.program, ".")
	build.Dir, build.Env, build.Stderr = t.root, append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("compile the program: %w", err)
	}

	// A stack waits for Chromium, and Chromium for a stack.
	stacks := min(len(files), runtime.NumCPU()+1)
	var group errgroup.Group
	for i := range stacks {
		// The first stack makes the templates for the databases of the others.
		stack, err := t.start(ctx, i)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error { return errors.Join(t.runFiles(ctx, stack, i), stack.Stop()) })
	}
	return group.Wait()
}

// size returns the length of a file in bytes, or 0 if there is none.
func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// options returns the options of a stack.
func (t tests) options(name string, ports local.Ports) local.Options {
	return local.Options{
		Root: t.root, Dir: filepath.Join(t.dir, name), Bin: filepath.Join(t.root, ".local", "bin"),
		Ports: ports, Disposable: true, Templates: true,
	}
}

// start starts a stack on a database of its own.
func (t tests) start(ctx context.Context, i int) (*local.Stack, error) {
	ports, err := t.ports.Ports()
	if err != nil {
		return nil, err
	}
	options := t.options(fmt.Sprint("stack-", i), ports)
	if options.PostgresURL, err = t.postgres.CreateDatabase(ctx, fmt.Sprint("catfoster_", i)); err != nil {
		return nil, err
	}
	if _, err := migrations.Up(ctx, options.PostgresURL); err != nil {
		return nil, err
	}
	return local.Start(ctx, options)
}

// runFiles runs the tests of files on a stack until none is left.
func (t tests) runFiles(ctx context.Context, stack *local.Stack, i int) (err error) {
	statements, stopStatements, err := serveStatements(ctx, stack.PostgresURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopStatements()) }()
	c := stack.Config()
	// All members of the tests are newcomers.
	c.Quotas.NewcomerPendingRequests, c.Quotas.NewcomerMessagesPerHour = c.Quotas.PendingRequests, c.Quotas.MessagesPerHour
	for file := range t.files {
		node := exec.CommandContext(ctx, "node", "--import", "tsx", "--test-reporter="+t.reporter, file)
		node.Dir = filepath.Join(t.root, "web")
		var output bytes.Buffer
		node.Stdout, node.Stderr = &output, os.Stderr
		node.Cancel = func() error { return node.Process.Signal(syscall.SIGINT) }
		node.WaitDelay = stopTimeout
		node.Env = append(append(os.Environ(), config.Environ(c)...),
			"CATFOSTER_PROGRAM="+t.program, "CATFOSTER_URL=http://"+c.Listen.Public(), "CATFOSTER_MAIL_URL="+stack.MailURL,
			"CATFOSTER_KRATOS_STATEMENTS_URL="+statements,
			"CATFOSTER_LOG="+filepath.Join(t.dir, fmt.Sprint("stack-", i), "log", "api.log"))
		if failure := node.Run(); failure != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", filepath.Base(file), failure))
		}
		t.output.Lock()
		_, _ = os.Stdout.Write(output.Bytes())
		t.output.Unlock()
	}
	return err
}
