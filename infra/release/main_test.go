package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/infra/local"
)

func build(t *testing.T, platform string) (dir string) {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	var said strings.Builder
	if err := (release{version: "v1.2.3", root: root, dir: dir, platforms: []string{platform}, out: &said}).build(t.Context()); err != nil {
		t.Fatal(err)
	}
	name := "catfoster_v1.2.3_" + strings.ReplaceAll(platform, "/", "_")
	want := "Building v1.2.3 for " + platform + ": the program, its archive and its bill of materials.\n" +
		"The release is in " + dir + ":\n  " + name + ".cdx.json\n  " + name + ".tar.gz\n  checksums.txt\n"
	if said.String() != want {
		t.Errorf("the build says\n%s\nwant\n%s", &said, want)
	}
	return dir
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestRelease_Files(t *testing.T) {
	t.Parallel()
	platform := runtime.GOOS + "/" + runtime.GOARCH
	first, second := build(t, platform), build(t, platform)
	name := "catfoster_v1.2.3_" + runtime.GOOS + "_" + runtime.GOARCH
	var checksums strings.Builder
	for _, file := range []string{name + ".cdx.json", name + ".tar.gz"} {
		content := read(t, filepath.Join(first, file))
		if !bytes.Equal(content, read(t, filepath.Join(second, file))) {
			t.Errorf("two builds of %s differ", file)
		}
		fmt.Fprintf(&checksums, "%x  %s\n", sha256.Sum256(content), file)
	}
	if got := string(read(t, filepath.Join(first, "checksums.txt"))); got != checksums.String() {
		t.Errorf("the checksums are\n%s, want\n%s", got, checksums.String())
	}

	var materials struct {
		Metadata struct {
			Component struct{ Name, Version string }
		}
		Components []struct{ Name string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(first, name+".cdx.json")), &materials); err != nil {
		t.Fatal(err)
	}
	if component := materials.Metadata.Component; component.Name != "github.com/catfoster/catfoster" || component.Version != "v1.2.3" || len(materials.Components) < 20 {
		t.Errorf("the bill of materials is about %+v with %d components", component, len(materials.Components))
	}

	program := extract(t, filepath.Join(first, name+".tar.gz"), name)
	output, err := exec.CommandContext(t.Context(), program, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(output), "catfoster v1.2.3 ") {
		t.Errorf("catfoster version prints %q, %v, want the version of the release", output, err)
	}
}

// extract returns the path of the program in an archive, and checks the names of all files.
func extract(t *testing.T, archive, directory string) string {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(read(t, archive)))
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "catfoster")
	var names, executable []string
	for files := tar.NewReader(compressed); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, strings.TrimPrefix(header.Name, directory+"/"))
		if header.FileInfo().Mode()&0o111 != 0 {
			executable = append(executable, names[len(names)-1])
		}
		if header.Name != directory+"/catfoster" {
			continue
		}
		content, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, content, header.FileInfo().Mode()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"catfoster", "LICENSE", "README.md", "CHANGELOG.md", ".env.example", "docs/operations.md", "docs/production.md", "docs/scaling.md",
		"infra/backup/backup.sh", "infra/grafana/catfoster.json", "infra/nginx/catfoster.conf", "infra/prometheus/alerts.yml",
		"infra/systemd/catfoster-backup.service", "infra/systemd/catfoster-backup.timer",
		"infra/systemd/catfoster-cleanup.service", "infra/systemd/catfoster-cleanup.timer",
		"infra/systemd/catfoster-keto.service", "infra/systemd/catfoster-kratos.service", "infra/systemd/catfoster.service",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("the files of the archive (-want +got):\n%s", diff)
	}
	if want := []string{"catfoster", "infra/backup/backup.sh"}; !slices.Equal(executable, want) {
		t.Errorf("the archive has the programs %q, want %q", executable, want)
	}
	return program
}

func TestRelease_NeedsVersion(t *testing.T) {
	t.Parallel()
	if err := (release{dir: t.TempDir()}).build(t.Context()); err == nil {
		t.Error("a release without a version is built")
	}
}
