package ratelimit

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Status is extensions.cost of a response. All numbers are points.
type Status struct {
	// Requested is what the request has cost.
	Requested int `json:"requested"`
	// Limit is what the caller has at most.
	Limit int `json:"limit"`
	// Remaining is what the caller has left.
	Remaining int `json:"remaining"`
	// RestoreRate is what the caller gets back per second.
	RestoreRate int `json:"restoreRate"`
	// RetryAfter is how long a caller must wait who has been refused. It is 0 for others.
	RetryAfter time.Duration `json:"-"`

	policy string
}

// Refusal says that a caller must wait.
type Refusal struct {
	Status
	// Reason is a sentence for people.
	Reason string
}

// policyOf describes the limits in the syntax of draft-ietf-httpapi-ratelimit-headers-11: size
// points in the time in which an empty bucket becomes full, and requests in flight. The draft has
// no unit for points, and lets a request take more than one unit.
func policyOf(size, speed, inFlight int) string {
	return fmt.Sprintf(`"points";q=%d;w=%d, "in-flight";q=%d;qu="concurrent-requests"`, size, timeOf(size, speed), inFlight)
}

// timeOf returns in how many seconds points are restored.
func timeOf(points, speed int) int { return (points + speed - 1) / speed }

// SetHeader sets the header fields of a response that say the same.
func (s Status) SetHeader(header http.Header) {
	value := make([]byte, 0, len(`"points";r=1000000000;t=1000000`))
	value = append(value, `"points";r=`...)
	value = strconv.AppendInt(value, int64(s.Remaining), 10)
	value = append(value, `;t=`...)
	value = strconv.AppendInt(value, int64(timeOf(s.Limit-s.Remaining, s.RestoreRate)), 10)
	// As net/http writes them: it would convert the names of the draft for each response.
	header["Ratelimit"], header["Ratelimit-Policy"] = []string{string(value)}, []string{s.policy}
	if s.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(seconds(s.RetryAfter)))
	}
}

// seconds rounds a duration up to full seconds, at least one.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
