package marshal

import (
	"bytes"
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// MaxData is how many bytes the data of a response has at most: more than a page of a
// hundred cats with the longest texts and photos.
const MaxData = 4 << 20

// errTooLarge stops the encoding of data that is too large.
var errTooLarge = errors.New("the data is too large")

// Data encodes the data of a response. If it has more than [MaxData] bytes, the encoding
// stops, so that memory and time are bounded too; the result is null, with an error.
func Data(ctx context.Context, data graphql.Marshaler) (buffer *bytes.Buffer) {
	encoded := &limitedBuffer{left: MaxData}
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case errTooLarge: // The very value of the panic.
			graphql.AddError(ctx, &gqlerror.Error{
				Message:    "the response would be too large: ask for fewer objects or fields",
				Extensions: map[string]any{"code": "COMPLEXITY_LIMIT_EXCEEDED"},
			})
			buffer = bytes.NewBufferString("null")
		default:
			panic(cause)
		}
	}()
	data.MarshalGQL(encoded)
	return &encoded.Buffer
}

// limitedBuffer panics with errTooLarge when too much is written. Marshalers ignore errors
// of writers, so that an error would not stop them.
type limitedBuffer struct {
	bytes.Buffer
	left int
}

func (b *limitedBuffer) take(n int) {
	if b.left -= n; b.left < 0 {
		panic(errTooLarge)
	}
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	b.take(len(p))
	return b.Buffer.Write(p)
}

func (b *limitedBuffer) WriteString(s string) (int, error) {
	b.take(len(s))
	return b.Buffer.WriteString(s)
}
