package local

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

// BuildKratos and BuildKeto compile the servers and return the paths of the executables.
// root and bin are those of [Options].
func BuildKratos(ctx context.Context, root, bin string) (string, error) {
	s := &Stack{options: Options{Root: root, Bin: bin}}
	return s.build(ctx, "Ory Kratos", filepath.Join(root, kratosModule), kratosPackage)
}

// BuildKeto is described at [BuildKratos].
func BuildKeto(ctx context.Context, root, bin string) (string, error) {
	s := &Stack{options: Options{Root: root, Bin: bin}}
	return s.build(ctx, "Ory Keto", filepath.Join(root, ketoModule), ketoPackage)
}

// The modules that pin the servers, below the project's root, and the packages to compile.
const (
	kratosModule, kratosPackage = "infra/local/servers/kratos", "github.com/ory/kratos"
	ketoModule, ketoPackage     = "infra/local/servers/keto", "github.com/ory/keto"
)

// build compiles the server pkg, whose version the Go module in dir pins, and
// returns the path of the executable. It reuses an executable that the same version
// of Go has built from the same module.
func (s *Stack) build(ctx context.Context, name, dir, pkg string) (string, error) {
	key, err := buildKey(dir)
	if err != nil {
		return "", fmt.Errorf("read the module that pins %s: %w", name, err)
	}
	binary := filepath.Join(s.options.Bin, fmt.Sprintf("%s-%s", filepath.Base(dir), key))
	unlock, err := s.lockBuild(binary)
	if err != nil {
		return "", fmt.Errorf("lock the build of %s: %w", name, err)
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	started := time.Now()
	s.progressf("Building %s. This happens once and takes some minutes on a cold cache.", name)
	if err := s.compile(ctx, name, dir, pkg, binary); err != nil {
		return "", err
	}
	s.progressf("Built %s in %s.", name, time.Since(started).Round(time.Second))
	return binary, nil
}

// lockBuild takes the lock for building binary. Other programs, such as the tests of
// another package, wait for it and then find the executable, instead of compiling the
// same server at the same time.
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
	return func() { _ = file.Close() }, nil // Closing the file releases the lock.
}

// compile builds pkg in dir and reports its progress every ten seconds. It moves the
// executable to its final path only when it is complete.
func (s *Stack) compile(ctx context.Context, name, dir, pkg, binary string) error {
	started := time.Now()
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return fmt.Errorf("create the directory for %s: %w", name, err)
	}
	temporary, err := os.MkdirTemp(filepath.Dir(binary), "build-")
	if err != nil {
		return fmt.Errorf("create a temporary directory to build %s: %w", name, err)
	}
	defer os.RemoveAll(temporary)
	result := filepath.Join(temporary, "result")

	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-o", result, pkg)
	cmd.Dir = dir
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

	// With -v, go build prints each module it downloads and each package it compiles.
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
			s.progressf("  … %s: %s, step %d: %v", name, time.Since(started).Round(time.Second), steps.Load(), last.Load())
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

// buildKey hashes everything that a build depends on: the module's dependencies, the
// version of Go and the platform.
func buildKey(dir string) (string, error) {
	sum := sha256.New()
	for _, file := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	fmt.Fprint(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// buildGuard compiles the guard every time: it is a small package of this module, for
// which Go's build cache is fast enough.
func (s *Stack) buildGuard(ctx context.Context) (string, error) {
	binary := filepath.Join(s.options.Bin, "guard")
	return binary, s.compile(ctx, "the guard of the services", s.options.Root, "./infra/local/guard", binary)
}
