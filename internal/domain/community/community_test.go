package community_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/community"
)

func TestCommunity_Today(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, now, want string }{
		{"UTC", "2026-12-01T00:00:00Z", "2026-12-01"},
		{"UTC", "2026-12-01T23:59:59Z", "2026-12-01"},
		{"UTC", "2026-12-02T00:30:00+01:00", "2026-12-01"}, // The zone of the clock is nothing to the community.
		{"Pacific/Kiritimati", "2026-12-01T09:59:59Z", "2026-12-01"},
		{"Pacific/Kiritimati", "2026-12-01T10:00:00Z", "2026-12-02"},
		{"Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01"},
		{"Pacific/Kiritimati", "2028-02-28T10:00:00Z", "2028-02-29"},
		{"America/Los_Angeles", "2026-12-02T00:00:00Z", "2026-12-01"}, // Four in the afternoon.
		{"America/Los_Angeles", "2026-12-02T08:00:00Z", "2026-12-02"},
		{"America/Los_Angeles", "2027-01-01T07:59:59Z", "2026-12-31"},
		{"America/Los_Angeles", "2028-03-01T07:59:59Z", "2028-02-29"},
		// 29 March 2026 has 23 hours in Berlin, 25 October 25.
		{"Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"},
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"},
		{"Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"},
		{"Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"},
		{"Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-24"},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25"},
		{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"},
		{"Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		today := newCommunity(t, test.zone, func() time.Time { return now }).Today()
		if got := today.Format(time.DateOnly); got != test.want || !today.Equal(today.UTC().Truncate(24*time.Hour)) {
			t.Errorf("in %s, at %s, today is %s, want midnight in UTC of %s", test.zone, test.now, today, test.want)
		}
	}
}

// TestCommunity_DayChangesOnceADay looks at every five minutes of two years, in zones whose clocks change at night, at
// midnight, by half an hour, or never.
func TestCommunity_DayChangesOnceADay(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{
		"UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/Berlin", "Africa/Cairo", "America/Havana", "America/Nuuk",
		"America/Santiago", "America/St_Johns", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Pago_Pago",
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)
			c := newCommunity(t, zone, func() time.Time { return now })
			day, days := c.Today(), 0
			for end := now.AddDate(2, 0, 0); now.Before(end); now = now.Add(5 * time.Minute) {
				today := c.Today()
				if today.Equal(day) {
					continue
				}
				if next := day.AddDate(0, 0, 1); !today.Equal(next) {
					t.Fatalf("at %s the day after %s is %s, want %s", now, day, today, next)
				}
				day, days = today, days+1
			}
			if days != 731 { // One of them is 29 February 2028.
				t.Errorf("the day changes %d times in two years, want 731 times", days)
			}
		})
	}
}

func TestZone_UnknownName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "europe/berlin ", "+01:00"} {
		if zone, err := community.Zone(name); err == nil {
			t.Errorf("the time zone %q is %s, want an error", name, zone)
		}
	}
}

func newCommunity(t *testing.T, zone string, now func() time.Time) *community.Community {
	t.Helper()
	c, err := community.New("CatFoster", "", zone, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
