package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// apiPort is where the API listens while Vite has its usual port.
	apiPort = 8082
	// airTimeout is how long air and the API may take to end.
	airTimeout = 30 * time.Second
)

// serveSources serves the pages from their sources by Vite, and lets air build and start the
// API, again after each change: .air.toml says of what. Vite takes the place of the API and
// passes requests on to it, so that browsers have one origin and all addresses stay. Without
// Node the API serves the built pages.
func serveSources(ctx context.Context, stack *local.Stack, options local.Options, c config.Config, ready func()) error {
	environment := append(os.Environ(), config.Environ(c)...)
	if node, err := exec.LookPath("node"); err != nil {
		fmt.Fprintln(options.Progress, "There is no Node, so the pages are those that make web has built.")
	} else {
		environment = append(environment, fmt.Sprintf("PORT=%d", apiPort))
		if err := startVite(ctx, node, stack, options, c); err != nil {
			return err
		}
	}
	ready()
	fmt.Fprintln(options.Progress, "The API answers when air has built it, which air does again after every change.")
	air := exec.CommandContext(ctx, "go", "tool", "-modfile=tools/go.mod", "air")
	air.Dir, air.Env, air.Stdout, air.Stderr = options.Root, environment, os.Stdout, os.Stderr
	// Only this program gets the Ctrl-C of a terminal, and passes it on once.
	air.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	air.Cancel = func() error { return air.Process.Signal(os.Interrupt) }
	air.WaitDelay = airTimeout
	if err := air.Run(); ctx.Err() == nil {
		return fmt.Errorf("air ended unexpectedly: %w", err)
	}
	return nil
}

// startVite starts the development server of the pages at the address of the API.
func startVite(ctx context.Context, node string, stack *local.Stack, options local.Options, c config.Config) error {
	web := filepath.Join(options.Root, "web")
	return stack.StartProgram(ctx, local.Program{
		Name: "Vite",
		Command: []string{
			node, filepath.Join(web, "node_modules", "vite", "bin", "vite.js"), web,
			"--host", c.Listen.Host, "--port", strconv.Itoa(int(c.Listen.Port)), "--strictPort",
		},
		Environment: []string{fmt.Sprintf("CATFOSTER_API=http://127.0.0.1:%d", apiPort)},
		Ready: func(ctx context.Context) error {
			connection, err := new(net.Dialer).DialContext(ctx, "tcp", c.Listen.Public())
			if err != nil {
				return err
			}
			return connection.Close()
		},
	})
}
