// Package facts has the rules of what is known about a cat: its sex, and its age, which follows from its birth date. Days are
// calendar days of the community, as midnight in UTC.
package facts

import (
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Sex is the sex of a cat.
type Sex string

// The sexes.
const (
	Female Sex = "FEMALE"
	Male   Sex = "MALE"
)

// Precision says how much of a birth date is known. The rest is an estimate, from which the age follows all the same.
type Precision string

// The precisions.
const (
	Day   Precision = "DAY"   // all of it
	Month Precision = "MONTH" // the month and the year
	Year  Precision = "YEAR"  // the year, or the age that the cat had on some day
)

// Age returns the age in full years that a cat has today. A cat that was born on 29 February has its birthday on 1 March in
// years without that day.
func Age(born, today time.Time) int {
	years := today.Year() - born.Year()
	if today.Month() < born.Month() || today.Month() == born.Month() && today.Day() < born.Day() {
		years--
	}
	return years
}

// LatestBirth returns the latest birth date of cats that have at least an age today. It is the birth date of a cat of which
// only the age is known, so that the cat has this age until it was known for a year.
func LatestBirth(age int, today time.Time) time.Time {
	year, month, day := today.Date()
	born := time.Date(year-age, month, day, 0, 0, 0, 0, time.UTC)
	if born.Month() != month { // Today is 29 February, and that year had none.
		born = born.AddDate(0, 0, -1)
	}
	return born
}

// CheckBirth returns the rule that a birth date breaks today, as a problem of the field, or nothing.
func CheckBirth(field string, born, today time.Time) (problems apperr.Fields) {
	switch {
	case born.After(today):
		problems.Add(field, "must not be in the future")
	case Age(born, today) > limits.MaxAge:
		problems.Add(field, "must not make the cat older than %d years", limits.MaxAge)
	}
	return problems
}

// CheckVaccination returns the rule that the last day of a vaccination breaks today, as a problem of the field, or nothing.
func CheckVaccination(field string, until, today time.Time) (problems apperr.Fields) {
	if until.After(today.AddDate(limits.MaxVaccinationYears, 0, 0)) || until.Before(today.AddDate(-limits.MaxAge, 0, 0)) {
		problems.Add(field, "must be at most %d years ahead, and %d years ago", limits.MaxVaccinationYears, limits.MaxAge)
	}
	return problems
}
