package session

import (
	"strconv"
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/identity/kratos"
)

func TestDue_SessionsThatAreUsed(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Now()
	for about, test := range map[string]struct {
		left  time.Duration
		again time.Duration // after which the session is offered once more
		want  int
	}{
		"a new session":                      {30 * day, 0, 0},
		"a session of less than a day":       {29*day + time.Minute, 0, 0},
		"a session of more than a day":       {29*day - time.Minute, 0, 1},
		"a session that is about to end":     {time.Minute, 0, 1},
		"one that is used again at once":     {day, time.Second, 1},
		"one that could not be extended yet": {day, time.Hour, 2},
	} {
		due, err := newDue()
		if err != nil {
			t.Fatal(err)
		}
		session := kratos.Session{ID: about, ExpiresAt: now.Add(test.left)}
		due.offer(session, now)
		due.offer(session, now.Add(test.again))
		if got := len(due.ids); got != test.want {
			t.Errorf("%s is extended %d times, want %d", about, got, test.want)
		}
	}
	due, err := newDue()
	if err != nil {
		t.Fatal(err)
	}
	due.offer(kratos.Session{ID: "without an end"}, now)
	if got := len(due.ids); got != 0 {
		t.Errorf("a session without an end is extended %d times, want 0", got)
	}
}

// TestDue_DoesNotWait offers more sessions than may wait. Those that are left out come again.
func TestDue_DoesNotWait(t *testing.T) {
	t.Parallel()
	now := time.Now()
	due, err := newDue()
	if err != nil {
		t.Fatal(err)
	}
	offer := func(n int) { due.offer(kratos.Session{ID: strconv.Itoa(n), ExpiresAt: now.Add(time.Hour)}, now) }
	for n := range maxDue + 1 {
		offer(n)
	}
	if got := len(due.ids); got != maxDue {
		t.Errorf("%d sessions wait, want %d", got, maxDue)
	}
	<-due.ids
	offer(maxDue)
	if got := len(due.ids); got != maxDue {
		t.Errorf("after one was extended %d sessions wait, want %d", got, maxDue)
	}
}
