package marshal_test

import (
	"math"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/marshal"
	"github.com/catfoster/catfoster/graph/scalar"
)

// TestScalar_LikeGqlgen encodes scalars with the functions that take a value and with ours.
func TestScalar_LikeGqlgen(t *testing.T) {
	t.Parallel()
	compare := func(want, got graphql.Marshaler) {
		t.Helper()
		var a, b textWriter
		want.MarshalGQL(&a)
		got.MarshalGQL(&b)
		if string(a) != string(b) {
			t.Errorf("encoded from its place it is %s, want %s", b, a)
		}
	}
	for _, s := range []string{"", "Minka", "“Minka”", "a\\b\"c\nd\te\rf\x00g\x1f", "\xff\xfe", "𝄞", "</script>\u2028"} {
		compare(graphql.MarshalString(s), marshal.String(&s))
	}
	for _, i := range []int{0, 1, -1, 99, 100, math.MaxInt32, math.MinInt32, math.MaxInt} {
		compare(graphql.MarshalInt(i), marshal.Int(&i))
	}
	for _, b := range []bool{true, false} {
		compare(graphql.MarshalBoolean(b), marshal.Boolean(&b))
	}
	for _, id := range []uuid.UUID{uuid.Nil, uuid.Max, uuid.New()} {
		compare(scalar.MarshalID(id), marshal.ID(&id))
	}
}

func TestScalar_Null(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]graphql.Marshaler{
		"string": marshal.String(nil), "int": marshal.Int(nil), "boolean": marshal.Boolean(nil), "id": marshal.ID(nil),
	} {
		if got != graphql.Null { // The very value: generated code compares with it.
			t.Errorf("a %s that is nil is %v, want graphql.Null", name, got)
		}
	}
}
