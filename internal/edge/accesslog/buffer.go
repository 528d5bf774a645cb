package accesslog

import (
	"errors"
	"io"
	"sync"
	"time"
)

const (
	// bufferTime is how long a line may wait. Nobody who watches the log notices that.
	bufferTime = 100 * time.Millisecond
	// bufferSize is how many bytes are written at once: a dozen lines. POSIX promises of no more
	// (PIPE_BUF) that they stay together in a pipe with other writers.
	bufferSize = 4096
)

// Buffer writes the lines of a log to another writer, many at a time: one system call for each
// line is a fifth of what a small request costs. A line waits for a tenth of a second at most;
// those of a program that is killed or crashes in the meantime are lost. Each call of Write
// writes whole lines.
//
// The lines of [Buffer.Direct] do not wait. They come after all that were written before.
type Buffer struct {
	to io.Writer

	mu      sync.Mutex
	waiting []byte      // bufferSize at most
	timer   *time.Timer // flushes, when lines wait
}

// NewBuffer returns a buffer in front of a writer. The caller must call Flush at the end.
func NewBuffer(to io.Writer) *Buffer {
	b := &Buffer{to: to}
	b.timer = time.AfterFunc(time.Hour, func() { _ = b.Flush() }) // There is nowhere to report that to.
	b.timer.Stop()
	return b
}

// Write keeps the lines for a while.
func (b *Buffer) Write(lines []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(lines), b.add(lines)
}

// add makes room for the lines, and keeps them unless they are too long for that.
func (b *Buffer) add(lines []byte) error {
	var err error
	if len(b.waiting)+len(lines) > bufferSize {
		err = b.flush()
	}
	if len(lines) > bufferSize {
		_, failure := b.to.Write(lines)
		return errors.Join(err, failure)
	}
	if len(b.waiting) == 0 {
		b.timer.Reset(bufferTime)
	}
	b.waiting = append(b.waiting, lines...)
	return err
}

// Flush writes the lines that wait.
func (b *Buffer) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flush()
}

func (b *Buffer) flush() error {
	b.timer.Stop()
	if len(b.waiting) == 0 {
		return nil
	}
	_, err := b.to.Write(b.waiting)
	b.waiting = b.waiting[:0]
	return err
}

// Direct returns a writer for the lines that must not be lost.
func (b *Buffer) Direct() io.Writer { return direct{b} }

type direct struct{ *Buffer }

// Write writes the lines that wait, and then these.
func (d direct) Write(lines []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(lines), errors.Join(d.add(lines), d.flush())
}
