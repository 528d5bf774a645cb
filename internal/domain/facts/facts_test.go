package facts_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/facts"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestAge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		born, today string
		want        int
	}{
		{"2026-12-01", "2026-12-01", 0},
		{"2025-12-02", "2026-12-01", 0},
		{"2025-12-01", "2026-12-01", 1},
		{"2025-12-31", "2026-01-01", 0}, // A new year is no birthday.
		{"2024-02-29", "2025-02-28", 0},
		{"2024-02-29", "2025-03-01", 1},
		{"2024-02-29", "2028-02-28", 3},
		{"2024-02-29", "2028-02-29", 4},
		{"2027-03-01", "2028-02-29", 0},
		{"2027-02-28", "2028-02-29", 1},
		{"1986-12-01", "2026-12-01", 40},
	} {
		if got := facts.Age(day(t, test.born), day(t, test.today)); got != test.want {
			t.Errorf("on %s the age of a cat born on %s is %d, want %d", test.today, test.born, got, test.want)
		}
	}
}

// TestLatestBirth_SplitsCatsByAge looks at all birth dates of five years on all days of four years: a cat has at least an age
// exactly if it was not born after the latest birth date of that age.
func TestLatestBirth_SplitsCatsByAge(t *testing.T) {
	t.Parallel()
	begin := day(t, "2026-03-01")
	for today := begin; today.Before(begin.AddDate(4, 0, 0)); today = today.AddDate(0, 0, 1) {
		for age := range 4 {
			latest := facts.LatestBirth(age, today)
			if facts.Age(latest, today) != age || facts.Age(latest.AddDate(0, 0, 1), today) != age-1 {
				t.Fatalf("on %s the latest birth date of cats with an age of %d is not %s", today, age, latest)
			}
		}
	}
}

func TestCheckBirth(t *testing.T) {
	t.Parallel()
	for born, want := range map[string]string{
		"2026-12-01": "", "2026-12-02": "must not be in the future", "9999-12-31": "must not be in the future",
		"1985-12-02": "", "1985-12-01": "must not make the cat older than 40 years", "0001-01-01": "must not make the cat older than 40 years",
	} {
		problems := facts.CheckBirth("birthDate", day(t, born), day(t, "2026-12-01"))
		if (problems == nil) != (want == "") || problems != nil && problems[0].Rule != want {
			t.Errorf("a cat born on %s: %v, want %q", born, problems, want)
		}
	}
}

func TestCheckVaccination(t *testing.T) {
	t.Parallel()
	for until, want := range map[string]bool{
		"2026-12-01": true, "2026-11-30": true, "2036-12-01": true, "2036-12-02": false, "1986-12-01": true, "1986-11-30": false,
	} {
		if got := facts.CheckVaccination("vaccinatedUntil", day(t, until), day(t, "2026-12-01")); (got == nil) != want {
			t.Errorf("a vaccination until %s: %v, want it allowed: %t", until, got, want)
		}
	}
}
