// Command release builds the archives of a release: one for each platform, with the
// program, its license, its documentation and what operators install beside it, a bill of
// materials (SBOM, in the format CycloneDX) for each, and checksums. The same sources and tools give the same bytes.
// `make release` calls it.
package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/catfoster/catfoster/infra/local"
)

// checksums is the file with the checksums of the others.
const checksums = "checksums.txt"

// release is what to build.
type release struct {
	version   string   // for example v1.2.3
	root      string   // the project's directory
	dir       string   // where the files go
	platforms []string // for example linux/amd64
	out       io.Writer
}

func main() {
	version := flag.String("version", "", "version of the release, for example v1.2.3")
	dir := flag.String("dir", "dist", "directory for the files")
	platforms := flag.String("platforms", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64", "platforms, separated by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := func() error {
		root, err := local.ProjectRoot()
		if err != nil {
			return err
		}
		return release{*version, root, *dir, strings.Split(*platforms, ","), os.Stdout}.build(ctx)
	}()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// build builds all files.
func (r release) build(ctx context.Context) error {
	if r.version == "" {
		return errors.New("the release has no version")
	}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return err
	}
	var files []string
	for _, platform := range r.platforms {
		r.say("Building %s for %s: the program, its archive and its bill of materials.", r.version, platform)
		built, err := r.buildFor(ctx, platform)
		if err != nil {
			return fmt.Errorf("build for %s: %w", platform, err)
		}
		files = append(files, built...)
	}
	if err := r.writeChecksums(files); err != nil {
		return err
	}
	r.say("The release is in %s:", r.dir)
	for _, name := range append(files, checksums) {
		r.say("  %s", name)
	}
	return nil
}

// say tells what is done. That nobody reads it is no reason to stop.
func (r release) say(format string, arguments ...any) {
	_, _ = fmt.Fprintf(r.out, format+"\n", arguments...)
}

// buildFor builds the files for a platform and returns their names.
func (r release) buildFor(ctx context.Context, platform string) (files []string, err error) {
	system, architecture, _ := strings.Cut(platform, "/")
	name := fmt.Sprintf("catfoster_%s_%s_%s", r.version, system, architecture)
	temporary, err := os.MkdirTemp("", "catfoster-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	program := filepath.Join(temporary, "catfoster")
	// The Dockerfile has the same flags.
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X github.com/catfoster/catfoster/internal/app/command.version="+r.version, "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+architecture)
	if err := r.run(build); err != nil {
		return nil, err
	}
	archive, materials := name+".tar.gz", name+".cdx.json"
	if err := r.writeArchive(archive, name, program); err != nil {
		return nil, err
	}
	output, err := filepath.Abs(filepath.Join(r.dir, materials))
	if err != nil {
		return nil, err
	}
	// It reads the modules from the program.
	err = r.run(exec.CommandContext(ctx, "go", "tool", "-modfile=tools/go.mod", "cyclonedx-gomod", "bin",
		"-json", "-std", "-noserial", "-notimestamp", "-version", r.version, "-output", output, program))
	return []string{archive, materials}, err
}

func (r release) run(cmd *exec.Cmd) error {
	cmd.Dir = r.root
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, output)
	}
	return nil
}

// files returns the paths of the files that an operator needs beside the program.
func (r release) files() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(r.root, "infra/systemd"))
	units := make([]string, len(entries))
	for i, unit := range entries {
		units[i] = "infra/systemd/" + unit.Name()
	}
	return append([]string{
		"LICENSE", "README.md", "CHANGELOG.md", ".env.example", "docs/operations.md", "docs/production.md", "docs/scaling.md",
		"infra/backup/backup.sh", "infra/grafana/catfoster.json", "infra/nginx/catfoster.conf", "infra/prometheus/alerts.yml",
	}, units...), err
}

// writeArchive writes an archive with one directory, which contains the program and files
// about it. Times and owners are left out, because they would differ between builds.
func (r release) writeArchive(archive, directory, program string) (err error) {
	file, err := os.Create(filepath.Join(r.dir, archive))
	if err != nil {
		return err
	}
	defer file.Close()
	compressed := gzip.NewWriter(file)
	files := tar.NewWriter(compressed)
	paths, err := r.files()
	if err != nil {
		return err
	}
	for _, path := range append([]string{program}, paths...) {
		mode, name := int64(0o644), path
		if path == program || filepath.Ext(path) == ".sh" {
			mode = 0o755
		}
		if path == program {
			name = "catfoster"
		} else {
			path = filepath.Join(r.root, path)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: directory + "/" + name, Mode: mode, Size: int64(len(content)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := files.WriteHeader(header); err != nil {
			return err
		}
		if _, err := files.Write(content); err != nil {
			return err
		}
	}
	for _, end := range []io.Closer{files, compressed, file} {
		if err := end.Close(); err != nil {
			return err
		}
	}
	return nil
}

// writeChecksums writes the file that `sha256sum --check` reads.
func (r release) writeChecksums(files []string) error {
	var sums strings.Builder
	slices.Sort(files)
	for _, name := range files {
		content, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
	}
	return os.WriteFile(filepath.Join(r.dir, checksums), []byte(sums.String()), 0o644) //nolint:gosec // The file is public.
}
