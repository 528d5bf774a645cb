package infra

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// build compiles a server from the module in folder, which pins it, unless the
// same module has been compiled by the same Go before. It returns the path of
// the executable.
func (s *Stack) build(ctx context.Context, name, folder, pkg string) (string, error) {
	key, err := buildKey(folder)
	if err != nil {
		return "", fmt.Errorf("read how to build %s: %w", name, err)
	}
	binary := filepath.Join(s.options.Bin, fmt.Sprintf("%s-%s", filepath.Base(folder), key))
	unlock, err := s.lockBuild(binary)
	if err != nil {
		return "", fmt.Errorf("wait for another build of %s: %w", name, err)
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	started := time.Now()
	s.say("Building %s. This happens once and takes some minutes on a cold cache.", name)
	if err := s.compile(ctx, name, folder, pkg, binary); err != nil {
		return "", err
	}
	s.say("Built %s in %s.", name, time.Since(started).Round(time.Second))
	return binary, nil
}

// lockBuild keeps others, such as tests of another package, from compiling the
// same server side by side. They wait and find it done.
func (s *Stack) lockBuild(binary string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(binary+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil // The lock goes with the file.
}

// compile runs the Go compiler, telling how far it is every ten seconds, and
// puts the result in place only when it is whole.
func (s *Stack) compile(ctx context.Context, name, folder, pkg, binary string) error {
	started := time.Now()
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return fmt.Errorf("make the folder for %s: %w", name, err)
	}
	part, err := os.MkdirTemp(filepath.Dir(binary), "build-")
	if err != nil {
		return fmt.Errorf("make a folder to build %s in: %w", name, err)
	}
	defer os.RemoveAll(part)
	result := filepath.Join(part, "result")

	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-o", result, pkg)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	lines, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("read the progress of building %s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: is Go installed? %w", name, err)
	}

	// -v names each module that is fetched and each package that is compiled.
	var steps atomic.Int64
	var last atomic.Value
	done := make(chan struct{})
	go func() {
		defer close(done)
		for scanner := bufio.NewScanner(lines); scanner.Scan(); {
			steps.Add(1)
			last.Store(scanner.Text())
		}
	}()
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		case <-tick.C:
			s.say("  … %s: %s, step %d: %v", name, time.Since(started).Round(time.Second), steps.Load(), last.Load())
		}
	}
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("build %s: %w: %v", name, err, last.Load())
	}
	return os.Rename(result, binary)
}

// buildKey names a build by everything that decides its result.
func buildKey(folder string) (string, error) {
	sum := sha256.New()
	for _, file := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	fmt.Fprint(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// buildGuard compiles the guard. It is part of this module, and so small that the
// compiler's own cache serves.
func (s *Stack) buildGuard(ctx context.Context) (string, error) {
	binary := filepath.Join(s.options.Bin, "guard")
	return binary, s.compile(ctx, "the guard of the services", s.options.Root, "./infra/guard", binary)
}
