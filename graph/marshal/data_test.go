package marshal_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/graph/marshal"
)

func TestData_Limit(t *testing.T) {
	t.Parallel()
	written := 0
	for name, test := range map[string]struct {
		data    graphql.Marshaler
		refused bool
	}{
		"small":        {graphql.MarshalString("x"), false},
		"just fits":    {graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(make([]byte, marshal.MaxData)) }), false},
		"one too many": {graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(make([]byte, marshal.MaxData+1)) }), true},
		"many small ones": {graphql.WriterFunc(func(w io.Writer) {
			for range 1 << 30 { // It would take long.
				_, _ = io.WriteString(w, strings.Repeat("x", 1000))
				written++
			}
		}), true},
	} {
		ctx := graphql.WithResponseContext(t.Context(), graphql.DefaultErrorPresenter, graphql.DefaultRecover)
		data, errs := marshal.Data(ctx, test.data), graphql.GetErrors(ctx)
		if refused := data.String() == "null" && len(errs) == 1 && errs[0].Extensions["code"] == "COMPLEXITY_LIMIT_EXCEEDED"; refused != test.refused {
			t.Errorf("data that is %s: %d bytes and the errors %v, want it refused: %t", name, data.Len(), errs, test.refused)
		}
	}
	if limit := marshal.MaxData/1000 + 1; written > limit {
		t.Errorf("the encoding has gone on for %d writes, want it to stop after %d", written, limit)
	}
}

// TestData_Panic passes on other panics, which the server recovers from.
func TestData_Panic(t *testing.T) {
	t.Parallel()
	other := errors.New("another panic")
	defer func() {
		if got := recover(); got != other { //nolint:errorlint // It is the very value of the panic.
			t.Errorf("the panic is %v, want %v", got, other)
		}
	}()
	marshal.Data(context.Background(), graphql.WriterFunc(func(io.Writer) { panic(other) }))
}
