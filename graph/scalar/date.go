package scalar

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

func errDate() error {
	return apperr.FieldError{Rule: "must be a calendar day such as 2026-12-01"}
}

// MarshalDate encodes a calendar day.
func MarshalDate(day time.Time) graphql.Marshaler {
	return graphql.MarshalString(day.Format(time.DateOnly))
}

// UnmarshalDate decodes a calendar day between the years 1 and 9999, as midnight in UTC, whatever the time zone of the community.
func UnmarshalDate(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, errDate()
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		return time.Time{}, errDate()
	}
	return day, nil
}
