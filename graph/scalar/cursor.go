package scalar

import (
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Cursor is a position in an ordered list: after or before the row with this value and
// id.
type Cursor struct {
	// Order names the order of the list. A cursor is valid in one order only. The name has no
	// zero byte.
	Order string
	// Value is the row's value in the column that the list is ordered by, as text.
	Value string
	// ID is the id of the row. It orders rows with equal values.
	ID uuid.UUID
}

// ErrCursor returns the problem of a cursor that is not valid in a list.
func ErrCursor() apperr.FieldError {
	return apperr.FieldError{Rule: "must be a cursor of this list in this order"}
}

// maxCursor is the length of the longest cursor that is decoded, in bytes: base64 of an id, the name of an order and the longest name of
// a cat.
const maxCursor = (16 + 32 + utf8.UTFMax*limits.PointsOfCharacter*limits.MaxName) * 4 / 3

// MarshalGQL encodes the cursor as base64 of the id, the order, a zero byte and the value.
func (c Cursor) MarshalGQL(w io.Writer) {
	plain := make([]byte, 0, 128) // Most cursors are shorter.
	plain = append(plain, c.ID[:]...)
	plain = append(plain, c.Order...)
	plain = append(plain, 0)
	plain = append(plain, c.Value...)
	quoted := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(plain))+2)
	quoted = append(quoted, '"')
	quoted = base64.RawURLEncoding.AppendEncode(quoted, plain)
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
	if err != nil || len(decoded) < len(c.ID) {
		return ErrCursor()
	}
	order, value, _ := strings.Cut(string(decoded[copy(c.ID[:], decoded):]), "\x00")
	// Postgres would refuse text that it cannot store.
	if order == "" || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return ErrCursor()
	}
	c.Order, c.Value = order, value
	return nil
}
