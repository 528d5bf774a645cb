package local

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// BuildKratos and BuildKeto compile the servers and return the paths of the executables. root and bin are
// those of [Options]. The tests of the container files use them, in a module of their own.
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

// build compiles the server pkg, whose version the Go module in dir pins, and returns the
// path of the executable.
func (s *Stack) build(ctx context.Context, name, dir, pkg string) (string, error) {
	return s.buildOnce(ctx, name, dir, pkg, filepath.Base(dir), filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
}

// buildGuard compiles the guard, which imports nothing but package unprivileged, and returns
// the path of the executable.
func (s *Stack) buildGuard(ctx context.Context) (string, error) {
	var sources []string
	for _, dir := range []string{"guard", "unprivileged"} {
		found, err := filepath.Glob(filepath.Join(s.options.Root, "infra", "local", dir, "*.go"))
		if err != nil {
			return "", err
		}
		sources = append(sources, found...)
	}
	return s.buildOnce(ctx, "the guard of the services", s.options.Root, "./infra/local/guard", "guard", sources...)
}

// buildOnce compiles pkg in dir and returns the path of the executable, whose name begins
// with the prefix. It reuses an executable that the same version of Go has built from the
// same sources.
func (s *Stack) buildOnce(ctx context.Context, name, dir, pkg, prefix string, sources ...string) (string, error) {
	key, err := buildKey(sources)
	if err != nil {
		return "", fmt.Errorf("read the sources of %s: %w", name, err)
	}
	return s.once(name, prefix+"-"+key, func(binary string) error { return s.compile(ctx, name, dir, binary, pkg) })
}

// BuildCommit compiles the program of a commit of the project, such as an earlier release, and returns the path of the executable.
// root, bin and progress are those of [Options].
func BuildCommit(ctx context.Context, root, bin, commit string, progress io.Writer) (string, error) {
	s := &Stack{options: Options{Root: root, Bin: bin, Progress: progress}}
	key, err := buildKey(nil)
	if err != nil {
		return "", err
	}
	name := "the program of commit " + commit
	return s.once(name, fmt.Sprintf("catfoster-%.12s-%s", commit, key), func(binary string) (err error) {
		dir, err := os.MkdirTemp("", "catfoster-commit-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		sources, err := checkOut(ctx, root, commit, dir)
		if err != nil {
			return fmt.Errorf("read the sources of commit %s: %w", commit, err)
		}
		// As tests build the program of the working tree, so that what both import is compiled once.
		return s.compile(ctx, name, sources, binary, "-trimpath", "-buildvcs=false", ".")
	})
}

// checkOut writes the files of a commit below dir, and returns where. It changes nothing in the repository.
func checkOut(ctx context.Context, root, commit, dir string) (sources string, err error) {
	archive := filepath.Join(dir, "sources.zip")
	if output, err := exec.CommandContext(ctx, "git", "-C", root, "archive", "--format=zip", "--output="+archive, commit).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	files, err := zip.OpenReader(archive)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	sources = filepath.Join(dir, "sources")
	return sources, os.CopyFS(sources, files)
}

// once calls build, which makes the executable with the file name, and returns its path. It reuses an executable that is there.
func (s *Stack) once(name, file string, build func(binary string) error) (string, error) {
	binary := filepath.Join(s.options.Bin, file)
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	unlock, err := lockBuild(binary)
	if err != nil {
		return "", fmt.Errorf("lock the build of %s: %w", name, err)
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	started := time.Now()
	s.progressf("Building %s. This happens once; Kratos and Keto take some minutes on a cold cache.", name)
	if err := build(binary); err != nil {
		return "", err
	}
	s.progressf("Built %s in %s.", name, time.Since(started).Round(time.Second))
	return binary, nil
}

// lockBuild takes the lock for making the file or directory path. Other programs, such as the
// tests of another package, wait for it and then find the result, instead of making the same
// thing at the same time.
func lockBuild(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil // Closing the file releases the lock.
}

// compile builds a package in dir and reports its progress every ten seconds. It moves the
// executable to its final path only when it is complete. The arguments are flags of go build and the package.
func (s *Stack) compile(ctx context.Context, name, dir, binary string, arguments ...string) error {
	started := time.Now()
	temporary, err := os.MkdirTemp(filepath.Dir(binary), "build-")
	if err != nil {
		return fmt.Errorf("create a temporary directory to build %s: %w", name, err)
	}
	defer os.RemoveAll(temporary)
	result := filepath.Join(temporary, "result")

	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-v", "-o", result}, arguments...)...)
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

// buildKey hashes everything that a build depends on: the contents of the sources, the
// version of Go and the platform.
func buildKey(sources []string) (string, error) {
	sum := sha256.New()
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	fmt.Fprint(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}
