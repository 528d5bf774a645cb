package deployment_test

import (
	"bytes"
	"debug/elf"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// instruction is an instruction of the Dockerfile.
type instruction struct{ name, arguments string }

// readDockerfile returns the instructions of each stage.
func readDockerfile(t *testing.T, base string) [][]instruction {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(base, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var stages [][]instruction
	for line := range strings.Lines(string(text)) {
		name, arguments, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || strings.HasPrefix(name, "#") {
			continue
		}
		if name == "FROM" {
			stages = append(stages, nil)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], instruction{name, arguments})
	}
	return stages
}

// copyContext copies what .dockerignore lets into the build: its lines that begin with !,
// without tests.
func copyContext(t *testing.T, base, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(base, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		path, included := strings.CutPrefix(strings.TrimSpace(line), "!")
		if !included {
			continue
		}
		err := fs.WalkDir(os.DirFS(base), path, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "testdata":
				return fs.SkipDir
			case entry.IsDir() || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			content, err := os.ReadFile(filepath.Join(base, path))
			if err != nil {
				return err
			}
			target := filepath.Join(to, path)
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			return os.WriteFile(target, content, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// buildAsInDockerfile builds the program by the command of the Dockerfile, from the files
// that .dockerignore lets through, and returns the path of the executable.
func buildAsInDockerfile(t *testing.T, base string) string {
	t.Helper()
	dir := t.TempDir()
	copyContext(t, base, dir)
	var command, environment string
	for _, i := range readDockerfile(t, base)[0] {
		switch {
		case i.name == "RUN" && strings.HasPrefix(i.arguments, "go build"):
			command = i.arguments
		case i.name == "ENV":
			environment = i.arguments
		}
	}
	executable := filepath.Join(t.TempDir(), "catfoster")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", environment+" && export CGO_ENABLED GOFLAGS && "+strings.Replace(command, "/out/catfoster", executable, 1))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "VERSION=v1.2.3", "GOWORK=off")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", command, err, output)
	}
	return executable
}

func TestDockerfile_Build(t *testing.T) {
	t.Parallel()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	first, second := buildAsInDockerfile(t, base), buildAsInDockerfile(t, base)
	a, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("two builds in different directories differ")
	}
	if bytes.Contains(a, []byte(filepath.Dir(first))) || bytes.Contains(a, []byte(base+"/")) {
		t.Error("the executable contains a path of this machine")
	}
	if runtime.GOOS == "linux" {
		file, err := elf.NewFile(bytes.NewReader(a))
		if err != nil {
			t.Fatal(err)
		}
		if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 || file.Section(".interp") != nil {
			t.Errorf("the executable needs the libraries %q, %v, or an interpreter; want a static one", libraries, err)
		}
	}
	output, err := exec.CommandContext(t.Context(), first, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(output), "catfoster v1.2.3 go") {
		t.Errorf("catfoster version prints %q, %v, want the version of the build", output, err)
	}
}

func TestDockerfile_FinalStage(t *testing.T) {
	t.Parallel()
	stages := readDockerfile(t, root)
	final := stages[len(stages)-1]
	if final[0].arguments != "scratch" {
		t.Errorf("the image begins with %s, want scratch: no shell", final[0].arguments)
	}
	for _, want := range []instruction{
		{"USER", "65532:65532"}, {"ENTRYPOINT", `["/catfoster"]`}, {"EXPOSE", "8080 8081"}, {"ENV", "HOST=0.0.0.0 INTERNAL_HOST=0.0.0.0"},
	} {
		if !slices.Contains(final, want) {
			t.Errorf("the image has no %s %s", want.name, want.arguments)
		}
	}
	for _, i := range final {
		if i.name == "RUN" || i.name == "COPY" && !strings.HasPrefix(i.arguments, "--from=build ") {
			t.Errorf("the image has %s %s, want only what the stage build has made", i.name, i.arguments)
		}
	}
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	needed := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)[1]
	if !regexp.MustCompile(`^golang:` + regexp.QuoteMeta(string(needed)) + `\.\d+-\w+ AS build$`).MatchString(stages[0][0].arguments) {
		t.Errorf("the build uses %s, want a patch release of Go %s", stages[0][0].arguments, needed)
	}
}
