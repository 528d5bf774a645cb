// Command browser runs the tests of the pages, web/test, in a headless Chromium: it starts
// the local stack, compiles the program, and runs Node's test runner with the addresses of
// both in its environment. The tests start the program themselves, because some of them
// restart it. `make test-web` calls it. Arguments are files in web to run instead of all
// tests, and options of Node before them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// stopTimeout is how long Node may take to stop Chromium and the program.
const stopTimeout = 30 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) (err error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	web := filepath.Join(root, "web")
	if len(arguments) == 0 {
		if arguments, err = filepath.Glob(filepath.Join(web, "test", "*.test.ts")); err != nil {
			return err
		}
	}
	reserved, err := local.ReservePorts()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reserved.Release()) }()
	ports, err := reserved.Ports()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "catfoster-browser-")
	if err != nil {
		return fmt.Errorf("create the directory of the stack: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stack, err := local.Start(ctx, local.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Ports: ports, Disposable: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stack.Stop()) }()
	if _, err := migrations.Up(ctx, stack.PostgresURL); err != nil {
		return err
	}
	statements, stopStatements, err := serveStatements(ctx, stack.PostgresURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopStatements()) }()
	program := filepath.Join(dir, "catfoster")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("compile the program: %w", err)
	}

	c := stack.Config()
	node := exec.CommandContext(ctx, "node", append([]string{
		"--import", "tsx", "--test", "--test-reporter=spec", "--test-concurrency=1",
	}, arguments...)...)
	node.Dir = web
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	node.Cancel = func() error { return node.Process.Signal(syscall.SIGINT) }
	node.WaitDelay = stopTimeout
	node.Env = append(append(os.Environ(), config.Environ(c)...),
		"CATFOSTER_PROGRAM="+program, "CATFOSTER_URL=http://"+c.Listen.Public(), "CATFOSTER_MAIL_URL="+stack.MailURL,
		"CATFOSTER_KRATOS_STATEMENTS_URL="+statements,
		"CATFOSTER_LOG="+filepath.Join(dir, "log", "api.log"))
	if err := node.Run(); err != nil {
		return fmt.Errorf("the tests of the pages: %w", err)
	}
	return nil
}
