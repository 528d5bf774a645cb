package marshal

import (
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
)

// The functions below return what encodes a scalar in the place where it is, in a struct. It
// must not change before it is encoded. The functions of gqlgen copy the value to the heap.
// A nil pointer is encoded as null.

// String encodes like [graphql.MarshalString].
func String(s *string) graphql.Marshaler { return encoded((*text)(s), s == nil) }

// Int encodes like [graphql.MarshalInt].
func Int(i *int) graphql.Marshaler { return encoded((*number)(i), i == nil) }

// Boolean encodes like [graphql.MarshalBoolean].
func Boolean(b *bool) graphql.Marshaler { return encoded((*boolean)(b), b == nil) }

// ID encodes like [scalar.MarshalID].
func ID(i *uuid.UUID) graphql.Marshaler { return encoded((*id)(i), i == nil) }

func encoded(value graphql.Marshaler, null bool) graphql.Marshaler {
	if null {
		return graphql.Null
	}
	return value
}

// gqlgen ignores the errors of writers too.
type (
	text    string
	number  int
	boolean bool
	id      uuid.UUID
)

func (t *text) MarshalGQL(w io.Writer)    { graphql.MarshalString(string(*t)).MarshalGQL(w) }
func (n *number) MarshalGQL(w io.Writer)  { _, _ = io.WriteString(w, strconv.Itoa(int(*n))) }
func (b *boolean) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.FormatBool(bool(*b))) }
func (i *id) MarshalGQL(w io.Writer)      { scalar.MarshalID(uuid.UUID(*i)).MarshalGQL(w) }
