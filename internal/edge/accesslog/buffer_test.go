package accesslog_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/edge/accesslog"
)

// writes remembers what each call of Write has written.
type writes struct {
	mu  sync.Mutex
	all []string
}

func (w *writes) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(b))
	return len(b), nil
}

func (w *writes) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { w.all = nil }()
	return w.all
}

func write(t *testing.T, w io.Writer, line string) {
	t.Helper()
	if n, err := io.WriteString(w, line); n != len(line) || err != nil {
		t.Errorf("write %q: %d, %v", line, n, err)
	}
}

func TestBuffer_Order(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(*testing.T, *accesslog.Buffer)
		want []string
	}{
		"nothing":         {func(*testing.T, *accesslog.Buffer) {}, nil},
		"lines that wait": {func(t *testing.T, b *accesslog.Buffer) { t.Helper(); write(t, b, "1\n"); write(t, b, "2\n") }, nil},
		"a tenth of a second later": {func(t *testing.T, b *accesslog.Buffer) {
			t.Helper()
			write(t, b, "1\n")
			time.Sleep(60 * time.Millisecond)
			write(t, b, "2\n")
			time.Sleep(60 * time.Millisecond)
			write(t, b, "3\n")
		}, []string{"1\n2\n"}},
		"two tenths of a second later": {func(t *testing.T, b *accesslog.Buffer) {
			t.Helper()
			write(t, b, "1\n")
			time.Sleep(110 * time.Millisecond)
			write(t, b, "2\n")
			time.Sleep(110 * time.Millisecond)
		}, []string{"1\n", "2\n"}},
		"a line that must not be lost": {func(t *testing.T, b *accesslog.Buffer) {
			t.Helper()
			write(t, b, "1\n")
			write(t, b.Direct(), "2\n")
			write(t, b.Direct(), "3\n")
			write(t, b, "4\n")
		}, []string{"1\n2\n", "3\n"}},
		"the end": {func(t *testing.T, b *accesslog.Buffer) {
			t.Helper()
			write(t, b, "1\n")
			if err := b.Flush(); err != nil {
				t.Error(err)
			}
		}, []string{"1\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var written writes
				test.do(t, accesslog.NewBuffer(&written))
				synctest.Wait()
				if got := written.take(); !slices.Equal(got, test.want) {
					t.Errorf("%q is written, want %q", got, test.want)
				}
			})
		})
	}
}

// TestBuffer_Size writes faster than time passes: what waits is bounded, and what is written at
// once, unless a line is longer. No line is torn.
func TestBuffer_Size(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var written writes
		buffer := accesslog.NewBuffer(&written)
		short, long := strings.Repeat("x", 299)+"\n", strings.Repeat("y", 9999)+"\n"
		var all strings.Builder
		for n := range 1000 {
			line := short
			if n == 500 {
				line = long
			}
			all.WriteString(line)
			to := io.Writer(buffer)
			if n == 700 {
				to = buffer.Direct()
			}
			write(t, to, line)
		}
		if err := buffer.Flush(); err != nil {
			t.Error(err)
		}
		got := written.take()
		for _, part := range got {
			if (len(part) > 4096 && part != long) || !strings.HasSuffix(part, "\n") {
				t.Errorf("a part has %d bytes and ends with %q", len(part), part[len(part)-8:])
			}
		}
		if len(got) > 1000/10 {
			t.Errorf("1,000 lines are written in %d parts, want a dozen lines in each", len(got))
		}
		if strings.Join(got, "") != all.String() {
			t.Error("the parts are not all lines in their order")
		}
	})
}

// TestBuffer_Concurrency loses no line and mixes none.
func TestBuffer_Concurrency(t *testing.T) {
	t.Parallel()
	var written writes
	buffer := accesslog.NewBuffer(&written)
	var writers sync.WaitGroup
	for n := range 8 {
		to := io.Writer(buffer)
		if n%2 == 0 {
			to = buffer.Direct()
		}
		writers.Go(func() {
			for i := range 500 {
				fmt.Fprintf(to, "%d %d\n", n, i)
			}
		})
	}
	writers.Wait()
	if err := buffer.Flush(); err != nil {
		t.Error(err)
	}
	last := map[string]int{}
	lines := strings.Split(strings.TrimSpace(strings.Join(written.take(), "")), "\n")
	for _, line := range lines {
		var writer string
		var i int
		if _, err := fmt.Sscanf(line, "%s %d", &writer, &i); err != nil || last[writer] != i {
			t.Fatalf("the line %q comes after %d lines of its writer (%v)", line, last[writer], err)
		}
		last[writer]++
	}
	if len(lines) != 8*500 {
		t.Errorf("%d lines are written, want %d", len(lines), 8*500)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestBuffer_Failure forgets what cannot be written: it would grow for ever.
func TestBuffer_Failure(t *testing.T) {
	t.Parallel()
	buffer := accesslog.NewBuffer(fullDisk{})
	write(t, buffer, "1\n")
	if err := buffer.Flush(); err == nil {
		t.Error("flushing to a full disk returns no error")
	}
	if err := buffer.Flush(); err != nil {
		t.Errorf("the line is still there: %v", err)
	}
}
