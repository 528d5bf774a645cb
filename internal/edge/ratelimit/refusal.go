package ratelimit

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// Refusal says that a caller must wait.
type Refusal struct {
	// RetryAfter is how long.
	RetryAfter time.Duration
	// Status is what the caller has.
	Status Status
	// Reason is a sentence for people.
	Reason string
}

// Report returns the status and sets the header fields that say the same, and when to try again.
func (r *Refusal) Report(header http.Header) Status {
	header.Set("Retry-After", strconv.Itoa(seconds(r.RetryAfter)))
	r.Status.setHeader(header)
	return r.Status
}

// seconds rounds a duration up to full seconds, at least one.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
