package fostering_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/catfoster/catfoster/internal/fostering"
)

func TestNextAllowsTheseTransitionsAndNoOther(t *testing.T) {
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
			var refused *fostering.TransitionError
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s, %s: %s, %v; want %s", status, action, got, err, want)
			case !ok && (!errors.As(err, &refused) || got != status):
				t.Errorf("%s, %s: %s, %v; want a refusal", status, action, got, err)
			}
		}
	}
}

func TestDatesAreChecked(t *testing.T) {
	t.Parallel()
	today := day(2026, 12, 1)
	for name, test := range map[string]struct {
		start, end    time.Time
		first, second bool // problems with the first and with the last day
	}{
		"today alone":           {today, today, false, false},
		"a week":                {today.AddDate(0, 0, 3), today.AddDate(0, 0, 10), false, false},
		"yesterday":             {today.AddDate(0, 0, -1), today, true, false},
		"the end first":         {today.AddDate(0, 0, 2), today.AddDate(0, 0, 1), false, true},
		"as long as it may be":  {today, today.AddDate(0, 0, fostering.MaxDays), false, false},
		"a day longer":          {today, today.AddDate(0, 0, fostering.MaxDays+1), false, true},
		"a leap year is longer": {day(2028, 1, 1), day(2029, 1, 1), false, true},
		"all wrong":             {today.AddDate(0, 0, -2), today.AddDate(0, 0, -3), true, true},
	} {
		var first, second bool
		for _, problem := range fostering.CheckDates(test.start, test.end, today) {
			first, second = first || !problem.EndDate, second || problem.EndDate
		}
		if first != test.first || second != test.second {
			t.Errorf("%s: problems with the first day %t and the last %t, want %t and %t", name, first, second, test.first, test.second)
		}
	}
}

func TestADayBeginsAndEndsInUTC(t *testing.T) {
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

// life is a fostering under random actions by random people and random leaps of
// time, beside a model that knows no code of the package: the list of what has
// happened.
type life struct {
	status     fostering.Status
	start, end int // days
	today      int
	happened   []string
}

func TestARandomLifeKeepsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := &life{status: fostering.Pending, start: rapid.IntRange(0, 5).Draw(t, "start")}
		l.end = l.start + rapid.IntRange(0, 5).Draw(t, "length")
		t.Repeat(map[string]func(*rapid.T){
			"owner approves":      func(*rapid.T) { l.try(fostering.Approve) },
			"owner rejects":       func(*rapid.T) { l.try(fostering.Reject) },
			"owner completes":     func(*rapid.T) { l.try(fostering.Complete) },
			"participant cancels": func(*rapid.T) { l.try(fostering.Cancel) },
			"days pass":           func(t *rapid.T) { l.today += rapid.IntRange(1, 4).Draw(t, "days"); l.pass(t) },
			"":                    func(t *rapid.T) { l.check(t) },
		})
	})
}

// try does what a person tries; nobody can start a fostering but time.
func (l *life) try(action fostering.Action) {
	next, err := fostering.Next(l.status, action)
	if err == nil {
		l.happened = append(l.happened, string(next))
	}
	l.status = next
}

// pass does what is due until nothing is.
func (l *life) pass(t *rapid.T) {
	for range 10 {
		action, due := fostering.Due(l.status, at(l.start), at(l.end), at(l.today))
		if !due {
			return
		}
		next, err := fostering.Next(l.status, action)
		if err != nil {
			t.Fatalf("time demands what the state refuses: %v", err)
		}
		l.status = next
		l.happened = append(l.happened, string(next))
	}
	t.Fatal("time never comes to an end")
}

func (l *life) check(t *rapid.T) {
	legal := [][]string{
		{}, {"REJECTED"}, {"CANCELLED"}, {"APPROVED"}, {"APPROVED", "CANCELLED"}, {"APPROVED", "ACTIVE"}, {"APPROVED", "ACTIVE", "COMPLETED"},
	}
	if !slices.ContainsFunc(legal, func(story []string) bool { return slices.Equal(story, l.happened) }) {
		t.Fatalf("what has happened: %v", l.happened)
	}
	open := slices.Contains(fostering.Open(), l.status)
	ended := len(l.happened) > 0 && slices.Contains([]string{"REJECTED", "CANCELLED", "COMPLETED"}, l.happened[len(l.happened)-1])
	if open == ended {
		t.Fatalf("after %v it is open: %t", l.happened, open)
	}
	if slices.Contains(l.happened, "ACTIVE") && l.today < l.start {
		t.Fatal("it has begun before its first day")
	}
	if l.status == fostering.Active && l.today > l.end+4 {
		t.Fatal("it goes on after its last day")
	}
	for _, promised := range fostering.Promised() {
		if !slices.Contains(fostering.Open(), promised) {
			t.Fatalf("%s is promised and not open", promised)
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
