package drawing_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/catfoster/catfoster/infra/seed/drawing"
)

func TestCat_DrawsTheSameCats(t *testing.T) {
	t.Parallel()
	draw := func(number, photo int) []byte {
		file, err := drawing.Cat(number, photo)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	first := draw(1, 0)
	if _, err := jpeg.Decode(bytes.NewReader(first)); err != nil || len(first) > 60_000 {
		t.Errorf("a drawing of %d bytes: %v", len(first), err)
	}
	if !bytes.Equal(first, draw(1, 0)) {
		t.Error("a cat is drawn in two ways")
	}
	if bytes.Equal(first, draw(1, 1)) || bytes.Equal(first, draw(2, 0)) {
		t.Error("two photos are the same")
	}
}
