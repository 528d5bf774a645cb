package photo

import (
	"context"
	"errors"
	"image"
	"io"
	"testing"
)

func TestDecode_EndsWithDecoderOrContext(t *testing.T) {
	t.Parallel()
	broken := (*Error)(nil)
	panics := func(io.Reader) (image.Image, error) { panic("index out of range") }
	if _, err := decode(t.Context(), &header{format: "JPEG", decode: panics}, nil); !errors.As(err, &broken) || broken.Kind != Broken {
		t.Errorf("a decoder that panics: %v, want Broken", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	reads := func(r io.Reader) (image.Image, error) {
		cancel()
		_, err := io.Copy(io.Discard, r)
		return nil, err
	}
	if _, err := decode(ctx, &header{format: "JPEG", decode: reads}, make([]byte, 1000)); !errors.Is(err, context.Canceled) {
		t.Errorf("a decoder whose client has gone: %v, want Canceled", err)
	}
}
