package e2e

import (
	"bufio"
	"context"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// codeBlock is a block of a page of the documentation.
type codeBlock struct {
	section string // the heading above it
	kind    string // what the fence says: sh, json, console or nothing
	text    string
}

// codeBlocksOf returns the blocks of a page in their order.
func codeBlocksOf(page string) (blocks []codeBlock) {
	section := ""
	for _, found := range regexp.MustCompile("(?ms)^#+ ([^\n]*)$|^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		if found[1] != "" {
			section = found[1]
			continue
		}
		blocks = append(blocks, codeBlock{section, found[2], found[3]})
	}
	return blocks
}

// shell is a bash that runs the blocks of a page, as if a person typed them.
type shell struct {
	stdin io.Writer
	lines chan string // of its output; closed at its end
}

// endOfBlock is a line that ends the output of a block.
const endOfBlock = "== the end of the block =="

// startShell starts a shell. What it has started ends with it, at the end of the test or when the process of the test is
// killed.
func startShell(t *testing.T, dir string, environ []string) *shell {
	t.Helper()
	ctx, kill := context.WithCancel(context.WithoutCancel(t.Context()))
	cmd := exec.CommandContext(ctx, "bash", "-s")
	cmd.Dir, cmd.Env = dir, environ
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatalf("start a shell: %v", err)
	}
	s := &shell{stdin: stdin, lines: make(chan string, 1000)}
	go func() {
		defer close(s.lines)
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			s.lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		defer kill()
		_ = stdin.Close() // It may have ended.
		for deadline := time.After(time.Minute); ; {
			select {
			case _, open := <-s.lines:
				if !open {
					_ = cmd.Wait() // The output says what has failed.
					return
				}
			case <-deadline:
				t.Error("a shell has not ended a minute after the last command")
				return
			}
		}
	})
	s.run(t, "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n")
	return s
}

// run runs a block and returns its output. It fails the test if the shell ends, as with set -e after a command that fails.
func (s *shell) run(t *testing.T, commands string) string {
	t.Helper()
	// The commands read nothing of what comes after them.
	if _, err := io.WriteString(s.stdin, "{\n"+commands+"} </dev/null\necho '"+endOfBlock+"'\n"); err != nil {
		t.Fatalf("write to the shell: %v", err)
	}
	var output strings.Builder
	for deadline := time.After(10 * time.Minute); ; { // The machine may be busy with other tests.
		select {
		case line, open := <-s.lines:
			switch {
			case !open:
				t.Fatalf("the shell has ended in\n%s\nafter\n%s", commands, &output)
			case line == endOfBlock:
				return output.String()
			}
			output.WriteString(line + "\n")
		case <-deadline:
			t.Fatalf("this has not ended after ten minutes:\n%s\nafter\n%s", commands, &output)
		}
	}
}
