package fostering_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

func TestNext(t *testing.T) {
	t.Parallel()
	type step struct {
		status fostering.Status
		action fostering.Action
	}
	allowed := map[step]fostering.Status{
		{fostering.Pending, fostering.Approve}:   fostering.Approved,
		{fostering.Pending, fostering.Reject}:    fostering.Rejected,
		{fostering.Pending, fostering.Cancel}:    fostering.Cancelled,
		{fostering.Approved, fostering.Activate}: fostering.Active,
		{fostering.Approved, fostering.Cancel}:   fostering.Cancelled,
		{fostering.Active, fostering.Complete}:   fostering.Completed,
	}
	for _, status := range statuses() {
		for _, action := range actions() {
			got, err := fostering.Next(status, action)
			want, ok := allowed[step{status, action}]
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s, %s: %s, %v; want %s", status, action, got, err, want)
			case !ok && (apperr.CodeOf(err) != apperr.Conflict || got != status):
				t.Errorf("%s, %s: %s, %v; want a conflict", status, action, got, err)
			}
		}
	}
}

func TestCheckDates(t *testing.T) {
	t.Parallel()
	today := day(2026, 12, 1)
	for name, test := range map[string]struct {
		start, end    time.Time
		first, second bool // whether startDate and endDate break a rule
	}{
		"only today":            {today, today, false, false},
		"a week":                {today.AddDate(0, 0, 3), today.AddDate(0, 0, 10), false, false},
		"yesterday":             {today.AddDate(0, 0, -1), today, true, false},
		"end before start":      {today.AddDate(0, 0, 2), today.AddDate(0, 0, 1), false, true},
		"longest":               {today, today.AddDate(0, 0, limits.MaxFosteringDays), false, false},
		"one day too long":      {today, today.AddDate(0, 0, limits.MaxFosteringDays+1), false, true},
		"a leap year is longer": {day(2028, 1, 1), day(2029, 1, 1), false, true},
		"both wrong":            {today.AddDate(0, 0, -2), today.AddDate(0, 0, -3), true, true},
	} {
		var first, second bool
		for _, problem := range fostering.CheckDates(test.start, test.end, today) {
			first, second = first || problem.Name == "startDate", second || problem.Name == "endDate"
		}
		if first != test.first || second != test.second {
			t.Errorf("%s: startDate breaks a rule: %t, endDate: %t; want %t and %t", name, first, second, test.first, test.second)
		}
	}
}

func TestDay_IsInUTC(t *testing.T) {
	t.Parallel()
	auckland, honolulu := time.FixedZone("", 13*3600), time.FixedZone("", -10*3600)
	for moment, want := range map[time.Time]time.Time{
		time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC):    day(2026, 12, 1),
		time.Date(2026, 12, 1, 23, 59, 59, 0, time.UTC): day(2026, 12, 1),
		time.Date(2026, 12, 1, 12, 0, 0, 0, auckland):   day(2026, 11, 30),
		time.Date(2026, 12, 1, 14, 0, 0, 0, honolulu):   day(2026, 12, 2),
		time.Date(2026, 2, 28, 23, 30, 0, 0, honolulu):  day(2026, 3, 1),
		time.Date(2028, 2, 29, 0, 0, 0, 0, auckland):    day(2028, 2, 28),
	} {
		if got := fostering.Day(moment); !got.Equal(want) {
			t.Errorf("the day of %s is %s, want %s", moment, got, want)
		}
	}
}

// history is a fostering under random actions and random leaps of time. The states it
// passes through are recorded, and compared with the legal sequences.
type history struct {
	status     fostering.Status
	start, end int // days
	today      int
	states     []string
}

func TestFostering_RandomHistories(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := &history{status: fostering.Pending, start: rapid.IntRange(0, 5).Draw(t, "start")}
		h.end = h.start + rapid.IntRange(0, 5).Draw(t, "length")
		t.Repeat(map[string]func(*rapid.T){
			"owner approves":      func(*rapid.T) { h.try(fostering.Approve) },
			"owner rejects":       func(*rapid.T) { h.try(fostering.Reject) },
			"owner completes":     func(*rapid.T) { h.try(fostering.Complete) },
			"participant cancels": func(*rapid.T) { h.try(fostering.Cancel) },
			"days pass":           func(t *rapid.T) { h.today += rapid.IntRange(1, 4).Draw(t, "days"); h.pass(t) },
			"":                    func(t *rapid.T) { h.check(t) },
		})
	})
}

// try applies an action of a person. Only time activates a fostering.
func (h *history) try(action fostering.Action) {
	next, err := fostering.Next(h.status, action)
	if err == nil {
		h.states = append(h.states, string(next))
	}
	h.status = next
}

// pass applies everything that is due.
func (h *history) pass(t *rapid.T) {
	for range 10 {
		action, due := fostering.Due(h.status, at(h.start), at(h.end), at(h.today))
		if !due {
			return
		}
		next, err := fostering.Next(h.status, action)
		if err != nil {
			t.Fatalf("a due action is not allowed: %v", err)
		}
		h.status = next
		h.states = append(h.states, string(next))
	}
	t.Fatal("more than ten actions are due on one day")
}

func (h *history) check(t *rapid.T) {
	legal := [][]string{
		{}, {"REJECTED"}, {"CANCELLED"}, {"APPROVED"}, {"APPROVED", "CANCELLED"}, {"APPROVED", "ACTIVE"}, {"APPROVED", "ACTIVE", "COMPLETED"},
	}
	if !slices.ContainsFunc(legal, func(story []string) bool { return slices.Equal(story, h.states) }) {
		t.Fatalf("illegal history: %v", h.states)
	}
	open := slices.Contains(fostering.Open(), h.status)
	ended := len(h.states) > 0 && slices.Contains([]string{"REJECTED", "CANCELLED", "COMPLETED"}, h.states[len(h.states)-1])
	if open == ended {
		t.Fatalf("after %v the fostering is open: %t", h.states, open)
	}
	if slices.Contains(h.states, "ACTIVE") && h.today < h.start {
		t.Fatal("the fostering is active before its first day")
	}
	if h.status == fostering.Active && h.today > h.end+4 {
		t.Fatal("the fostering is active after its last day")
	}
	for _, promised := range fostering.Promised() {
		if !slices.Contains(fostering.Open(), promised) {
			t.Fatalf("%s is promised but not open", promised)
		}
	}
}

func at(n int) time.Time { return day(2026, 12, 1).AddDate(0, 0, n) }
func day(year, month, d int) time.Time {
	return time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
}
func statuses() []fostering.Status {
	return []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Active, fostering.Completed,
	}
}
func actions() []fostering.Action {
	return []fostering.Action{fostering.Approve, fostering.Reject, fostering.Cancel, fostering.Activate, fostering.Complete}
}
