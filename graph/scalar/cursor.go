package scalar

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/apperr"
)

// Cursor is a position in an ordered list: after or before the row with this value and
// id.
type Cursor struct {
	// Order names the order of the list. A cursor is valid in one order only.
	Order string `json:"o"`
	// Value is the row's value in the column that the list is ordered by, as text.
	Value string `json:"v"`
	// ID is the id of the row. It orders rows with equal values.
	ID uuid.UUID `json:"i"`
}

// ErrCursor returns the problem of a cursor that is not valid in a list.
func ErrCursor() apperr.FieldError {
	return apperr.FieldError{Rule: "must be a cursor of this list in this order"}
}

// maxCursor is the length of the longest cursor that is decoded, in bytes.
const maxCursor = 1024

// MarshalGQL encodes the cursor as base64 of JSON.
func (c Cursor) MarshalGQL(w io.Writer) {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // Two strings and a UUID can always be encoded.
	}
	quoted := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(text))+2)
	quoted = append(quoted, '"')
	quoted = base64.RawURLEncoding.AppendEncode(quoted, text)
	quoted = append(quoted, '"')
	_, _ = w.Write(quoted) // gqlgen ignores these errors too.
}

// UnmarshalGQL decodes a cursor.
func (c *Cursor) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok || len(text) > maxCursor {
		return ErrCursor()
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ErrCursor()
	}
	if err := json.Unmarshal(decoded, c); err != nil {
		return ErrCursor()
	}
	// Postgres would refuse text that it cannot store.
	if c.Order == "" || !utf8.ValidString(c.Value) || strings.ContainsRune(c.Value, 0) {
		return ErrCursor()
	}
	return nil
}
