package photo_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"runtime"
	"slices"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/photo"
)

// TestMaker_AllocatesWhatItExpects compares what a Maker reserves with all that it allocates, which is more than it
// ever uses at a time. It runs alone, since the runtime counts for the process.
func TestMaker_AllocatesWhatItExpects(t *testing.T) { //nolint:paralleltest // See above.
	const width, height = 1200, 900
	blank := image.Rect(0, 0, width, height)
	turned := segment(0xe1, "Exif\x00\x00"+string(exif(binary.BigEndian, 6)))
	colours := encodeJPEG(t, image.NewYCbCr(blank, image.YCbCrSubsampleRatio444))
	adobe := func(transform string) []byte { return segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00"+transform) }
	for name, upload := range map[string][]byte{
		"RGB JPEG":                             withSegments(colours, adobe("\x00")),
		"YCbCr JPEG of Adobe":                  withSegments(colours, adobe("\x01")),
		"RGB JPEG that says it at its end":     slices.Concat(colours[:len(colours)-2], adobe("\x00"), colours[len(colours)-2:]),
		"RGB JPEG that denies JFIF at its end": slices.Concat(withRGB(colours), segment(0xe0, "none!"), []byte{0xff, 0xd9}),
		"JPEG":                                 encodeJPEG(t, image.NewYCbCr(image.Rect(0, 0, 4000, 900), image.YCbCrSubsampleRatio420)),
		"turned JPEG":                          withSegments(encodeJPEG(t, image.NewYCbCr(blank, image.YCbCrSubsampleRatio420)), turned),
		"narrow JPEG":                          encodeJPEG(t, image.NewYCbCr(image.Rect(0, 0, 500, 4000), image.YCbCrSubsampleRatio420)),
		"progressive JPEG":                     withSegments(progressive(width, height, 3), turned),
		"PNG":                                  encodePNG(t, image.NewNRGBA(blank)),
		"PNG of 16 bits":                       encodePNG(t, image.NewNRGBA64(blank)),
		"GIF":                                  encodeGIF(t, picture(400, 300), 1),
	} {
		expected, err := photo.MemoryOf(upload)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		made, err := make1(t, upload)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// The card and the thumbnail are made when the decoded upload is garbage, and files grow by doubling.
		others := 1_500_000 + int64(made.Width)*int64(made.Height)*3
		if allocated := int64(after.TotalAlloc - before.TotalAlloc); allocated > expected+others || expected > 2*allocated {
			t.Errorf("%s: %d MB are expected and %d MB allocated", name, expected/1_000_000, allocated/1_000_000)
		}
		if len(made.Files) != len(photo.Sizes()) {
			t.Errorf("%s: %d files", name, len(made.Files))
		}
	}
}

// withRGB returns a JPEG of JFIF whose components are named R, G and B, without its end.
func withRGB(file []byte) []byte {
	file = withSegments(file, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	_, frame, _ := bytes.Cut(file, []byte{0xff, 0xc0})
	_, scan, _ := bytes.Cut(frame, []byte{0xff, 0xda})
	for i, name := range []byte("RGB") {
		frame[8+3*i], scan[3+2*i] = name, name
	}
	return file[:len(file)-2]
}
