package moderation_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/moderation"
)

func TestMaySuspend(t *testing.T) {
	t.Parallel()
	names := []string{"a member", "a moderator", "an admin", "a super admin", "an operator"}
	for by, members := range [][]bool{
		moderation.Member:     {false, false, false, false},
		moderation.Moderator:  {true, false, false, false},
		moderation.Admin:      {true, true, false, false},
		moderation.SuperAdmin: {true, true, true, false},
		moderation.Operator:   {true, true, true, false},
	} {
		for member, want := range members {
			if got := moderation.Standing(by).MaySuspend(moderation.Standing(member)); got != want {
				t.Errorf("%s may suspend %s: %t, want %t", names[by], names[member], got, want)
			}
		}
	}
}

func TestCallsOff(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC) }
	last := day(5)
	for name, test := range map[string]struct {
		status fostering.Status
		first  time.Time
		last   *time.Time
		want   bool
	}{
		"a request":                             {fostering.Pending, day(20), &last, true},
		"a request without an end":              {fostering.Pending, day(20), nil, true},
		"approved for before the end":           {fostering.Approved, day(4), &last, true},
		"approved for the last day":             {fostering.Approved, day(5), &last, true},
		"approved for the day after":            {fostering.Approved, day(6), &last, false},
		"approved, suspended without an end":    {fostering.Approved, day(20), nil, true},
		"active":                                {fostering.Active, day(1), nil, false},
		"completed":                             {fostering.Completed, day(1), nil, false},
		"rejected, although its days would fit": {fostering.Rejected, day(4), nil, false},
	} {
		if got := moderation.CallsOff(test.status, test.first, test.last); got != test.want {
			t.Errorf("%s is called off: %t, want %t", name, got, test.want)
		}
	}
}
