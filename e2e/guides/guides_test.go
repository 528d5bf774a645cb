// Package guides compiles the code in docs/adding-a-field.md and docs/adding-an-entity.md.
//
// The line above a block of a guide says where the block belongs:
//
//	New file `path`:
//	In `path`, after `text`:
//	In `path`, after `text` and then `text`:
//	In `path`, before `text`:
//	In `path`, instead of `text`:
//
// A text is a part of a line. The first one must be in exactly one line of the file, the next one
// is looked for below it.
package guides

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const root = "../.."

// together are the tests that compare the parts of the project with each other.
const together = "TestLimits|TestModel|TestSchema|TestCheckSchema|TestChildren|TestEntities_CoverModel|" +
	"TestNodes_CoverSchema|TestComplexity_Mutations|TestColumns|TestCatEdit|TestCatFilters"

// TestGuides_Compile applies the guides to a copy of the project, does what make generate does, and
// runs the tests that compare the parts with each other, and that read every field of a cat.
func TestGuides_Compile(t *testing.T) {
	t.Parallel()
	dir := copyProject(t)
	for _, guide := range []string{"docs/adding-a-field.md", "docs/adding-an-entity.md"} {
		text, err := os.ReadFile(filepath.Join(root, guide))
		if err != nil {
			t.Fatal(err)
		}
		blocks, problems := blocksOf(string(text))
		files := map[string]bool{}
		for _, b := range blocks {
			files[b.path] = true
			if err := b.apply(dir); err != nil {
				problems = append(problems, err.Error())
			}
		}
		for _, problem := range problems {
			t.Errorf("%s: %s", guide, problem)
		}
		t.Logf("%s has %d edits in %d files", guide, len(blocks), len(files))
	}
	if t.Failed() {
		return
	}
	for _, command := range []string{
		"run ./ent/gen",
		"run ./internal/domain/limits/gen",
		"run ./graph/gen",
		"run ./ent/migrate/diff guides",
		"build ./internal/app/server",
		"vet ./e2e",
		"test ./graph ./internal/domain/limits ./internal/permission/... ./internal/usecase -run " + together,
	} {
		run(t, dir, strings.Fields(command))
	}
}

// run runs the go command in the copy.
func run(t *testing.T, dir string, arguments []string) {
	t.Helper()
	started := time.Now()
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = dir
	// The cache of modules is enough: the guides add no dependency.
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false -trimpath", "GOPROXY=off")
	output, err := command.CombinedOutput()
	t.Logf("go %s took %s", strings.Join(arguments, " "), time.Since(started).Round(100*time.Millisecond))
	if err != nil {
		t.Fatalf("after the guides, go %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
}

// copyProject copies the files of the project to a directory, which no other process uses until
// the end of the test. It is the same each time, as Go's cache of builds goes by directories: the
// first run takes a minute, and the next ones ten seconds.
func copyProject(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(root, ".local", "guides"))
	if err != nil {
		t.Fatal(err)
	}
	if err := write(dir+".lock", nil); err != nil {
		t.Fatal(err)
	}
	lock, err := os.Open(dir + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Close() })
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		t.Fatalf("list the files of the project: %v", err)
	}
	// A Postgres that had to be downloaded is there.
	binaries := filepath.Join(filepath.Dir(dir), "bin")
	if err := errors.Join(os.MkdirAll(binaries, 0o755), os.MkdirAll(filepath.Join(dir, ".local"), 0o755),
		os.Symlink(binaries, filepath.Join(dir, ".local", "bin"))); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.Trim(string(names), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // It is deleted, but not committed.
		}
		if err == nil {
			err = write(filepath.Join(dir, name), content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// block is a block of code in a guide.
type block struct {
	line  int    // of the guide
	path  string // of the file
	place string // after, before or instead of the last anchor; empty for a new file
	// anchors are parts of lines.
	anchors []string
	code    string
}

var (
	fenced   = regexp.MustCompile("(?ms)^([^\n]*)\n\n```(\\w+)\n(.*?)^```$")
	position = regexp.MustCompile("^(?:New file `([^`]+)`|" +
		"In `([^`]+)`, (after|before|instead of) (`[^`]+`(?: and then `[^`]+`)*)):$")
	quoted = regexp.MustCompile("`([^`]+)`")
)

// blocksOf returns the blocks of a guide, and what is wrong with it. Commands are not blocks.
func blocksOf(guide string) (blocks []block, problems []string) {
	for _, found := range fenced.FindAllStringSubmatchIndex(guide, -1) {
		part := func(n int) string { return guide[found[2*n]:found[2*n+1]] }
		line := strings.Count(guide[:found[2]], "\n") + 1
		if part(2) == "sh" {
			continue
		}
		where := position.FindStringSubmatch(part(1))
		if where == nil {
			problems = append(problems,
				fmt.Sprintf("line %d does not say where the block below it belongs: %q", line, part(1)))
			continue
		}
		b := block{line: line, path: where[1] + where[2], place: where[3], code: part(3)}
		for _, anchor := range quoted.FindAllStringSubmatch(where[4], -1) {
			b.anchors = append(b.anchors, anchor[1])
		}
		blocks = append(blocks, b)
	}
	return blocks, problems
}

// apply writes the block to its file in a directory.
func (b block) apply(dir string) error {
	path := filepath.Join(dir, b.path)
	old, err := os.ReadFile(path)
	switch {
	case b.place == "" && err == nil:
		return fmt.Errorf("the block at line %d is a new file, but there is %s", b.line, b.path)
	case b.place == "":
		return write(path, []byte(b.code))
	case err != nil:
		return fmt.Errorf("the block at line %d does not fit: there is no %s", b.line, b.path)
	}
	misfit := func(why, anchor string) error {
		return fmt.Errorf("the block at line %d does not fit %s, which has %s %q", b.line, b.path, why, anchor)
	}
	lines := strings.SplitAfter(string(old), "\n")
	at := -1
	for i, anchor := range b.anchors {
		here := func(line string) bool { return strings.Contains(line, anchor) }
		next := slices.IndexFunc(lines[at+1:], here)
		if next < 0 {
			return misfit("no line", anchor)
		}
		at += 1 + next
		if i == 0 && slices.ContainsFunc(lines[at+1:], here) {
			return misfit("several lines", anchor)
		}
	}
	start, end := at, at
	switch b.place {
	case "after":
		start, end = at+1, at+1
	case "instead of":
		end = at + 1
	}
	return write(path, []byte(strings.Join(slices.Concat(lines[:start], []string{b.code}, lines[end:]), "")))
}

// TestBlock_Misfits has blocks that do not fit a file of four lines.
func TestBlock_Misfits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "old"), []byte("one\ntwo\none\nthree\n")); err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]string{
		"New file `old`:":                         "line 2 is a new file, but there is old",
		"In `missing`, after `one`:":              "line 2 does not fit: there is no missing",
		"In `old`, after `four`:":                 `line 2 does not fit old, which has no line "four"`,
		"In `old`, after `one`:":                  `line 2 does not fit old, which has several lines "one"`,
		"In `old`, after `three` and then `two`:": `line 2 does not fit old, which has no line "two"`,
		"Somewhere:":                              "line 2 does not say where",
	} {
		blocks, problems := blocksOf("# Guide\n" + where + "\n\n```go\nnew\n```\n")
		for _, b := range blocks {
			if err := b.apply(dir); err != nil {
				problems = append(problems, err.Error())
			}
		}
		if got := strings.Join(problems, "\n"); !strings.Contains(got, want) {
			t.Errorf("%s\nthe problem is %q, want one that says %q", where, got, want)
		}
	}
}

// TestBlock_Fits has blocks that are inserted and that replace a line.
func TestBlock_Fits(t *testing.T) {
	t.Parallel()
	for where, want := range map[string]string{
		"New file `new/file`:":                  "new\n",
		"In `old`, after `two` and then `one`:": "one\ntwo\none\nnew\nthree\n",
		"In `old`, before `three`:":             "one\ntwo\none\nnew\nthree\n",
		"In `old`, instead of `two`:":           "one\nnew\none\nthree\n",
	} {
		dir := t.TempDir()
		if err := write(filepath.Join(dir, "old"), []byte("one\ntwo\none\nthree\n")); err != nil {
			t.Fatal(err)
		}
		blocks, problems := blocksOf("# Guide\n" + where + "\n\n```go\nnew\n```\n\n```sh\nmake\n```\n")
		if len(blocks) != 1 || len(problems) > 0 {
			t.Fatalf("%s\nthe guide has the blocks %v and the problems %q", where, blocks, problems)
		}
		if err := blocks[0].apply(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, blocks[0].path)); err != nil || string(got) != want {
			t.Errorf("%s\nthe file is %q, %v, want %q", where, got, err, want)
		}
	}
}
