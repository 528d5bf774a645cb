package photos

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// Whoever sends or reads slowly keeps room from others, and loses it soon.
const (
	// grace is for the first byte, and for a network that stops for a moment.
	grace = 3 * time.Second
	// leastSpeed is in bytes per second. A phone in a slow network sends 100 kB.
	leastSpeed = 64 << 10
	// leastReading is the same for a file: a browser reads six at a time, which share its network.
	leastReading = leastSpeed / 4
)

// timeFor returns how long some bytes may take at a speed, but at most so long.
func timeFor(bytes, speed int64, most time.Duration) time.Duration {
	return min(most, grace+time.Duration(bytes)*time.Second/time.Duration(speed))
}

// speedOf returns how many bytes of a body of a size must arrive per second: the more room it takes, the faster it must be.
func speedOf(size int64) int64 { return max(leastSpeed, size/int64((bodyTime-grace)/time.Second)) }

// pacedBody is a body whose deadline depends on what has arrived.
type pacedBody struct {
	io.Reader
	connection *http.ResponseController
	begin      time.Time
	speed      int64 // in bytes per second
	arrived    int64 // bytes
}

// Read moves the deadline first.
func (b *pacedBody) Read(p []byte) (int, error) {
	if err := b.connection.SetReadDeadline(b.begin.Add(timeFor(b.arrived, b.speed, bodyTime))); err != nil {
		return 0, fmt.Errorf("set the deadline for a body: %w", err)
	}
	n, err := b.Reader.Read(p)
	b.arrived += int64(n)
	return n, err
}
