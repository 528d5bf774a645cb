package photo_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/photo"
)

// FuzzPhoto_Make sends broken uploads. Each becomes three clean files, or a reason.
func FuzzPhoto_Make(f *testing.F) {
	small := picture(24, 16)
	plain := encodeJPEG(f, small)
	for _, upload := range [][]byte{
		plain, withSegments(plain, allSegments(6)), progressive(24, 16, 3), encodePNG(f, small), encodeGIF(f, small, 2),
		withChunks(encodePNG(f, small), chunk("eXIf", exif(binary.LittleEndian, 8))),
		testdata(f, "lossy.webp"), testdata(f, "lossless.webp"), testdata(f, "alpha.webp"),
	} {
		f.Add(upload)
	}
	f.Fuzz(func(t *testing.T, upload []byte) {
		made, err := photo.NewMaker(20_000_000).Make(t.Context(), upload)
		refused := (*photo.Error)(nil)
		if err != nil {
			if !errors.As(err, &refused) || refused.Kind < photo.Unknown || refused.Kind > photo.TooLarge || refused.Reason == "" {
				t.Errorf("the error is %v", err)
			}
			return
		}
		for _, size := range photo.Sizes() {
			checkClean(t, string(size), made.Files[size])
		}
		if made.Width < 1 || made.Height < 1 || len(made.Placeholder) != 7 {
			t.Errorf("%d by %d pixels of %q", made.Width, made.Height, made.Placeholder)
		}
	})
}
