package scalar

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
)

// Cursor is a position in an ordered list: behind or before the row with this
// value and id.
type Cursor struct {
	// Order names what the list is ordered by. A cursor of one order means nothing
	// in another.
	Order string `json:"o"`
	// Value is what the row has there, as text.
	Value string `json:"v"`
	// ID breaks ties.
	ID uuid.UUID `json:"i"`
}

// ErrCursor is the rule that a broken cursor breaks.
const ErrCursor Error = "must be a cursor of this list in this order"

// maxCursor is the longest cursor that is read, in bytes.
const maxCursor = 1024

// MarshalGQL implements graphql.Marshaler.
func (c Cursor) MarshalGQL(w io.Writer) {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // Two strings and a UUID can always be written.
	}
	_, _ = io.WriteString(w, strconv.Quote(base64.RawURLEncoding.EncodeToString(text))) // As all of gqlgen's.
}

// UnmarshalGQL implements graphql.Unmarshaler.
func (c *Cursor) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok || len(text) > maxCursor {
		return ErrCursor
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ErrCursor
	}
	if err := json.Unmarshal(decoded, c); err != nil {
		return ErrCursor
	}
	// What no row can hold is no position, and Postgres would refuse it.
	if c.Order == "" || !utf8.ValidString(c.Value) || strings.ContainsRune(c.Value, 0) {
		return ErrCursor
	}
	return nil
}

// errDate is the rule for days.
const errDate Error = "must be a calendar day such as 2026-12-01"

// MarshalDate writes a calendar day.
func MarshalDate(day time.Time) graphql.Marshaler {
	return graphql.MarshalString(day.Format(time.DateOnly))
}

// UnmarshalDate reads a calendar day, as midnight in UTC, between the years 1 and
// 9999.
func UnmarshalDate(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, errDate
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		return time.Time{}, errDate
	}
	return day, nil
}
