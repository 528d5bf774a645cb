// Package photo makes the photos that the pages show of what members upload. Uploads are hostile until they are
// decoded: what decoding takes is computed from the header and bounded before it begins. The new files contain
// pixels and nothing else of the upload, so that no photo says where it was taken.
package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"golang.org/x/sync/semaphore"
)

// Limits of an upload.
const (
	// MaxBytes is the length of the file.
	MaxBytes = 10 << 20
	// MaxPixels is width by height: current phones take 12 to 24 megapixels.
	MaxPixels = 25_000_000
	// MaxSide is the width or the height.
	MaxSide = 10_000
	// MaxMemory is what making the photos takes at most.
	MaxMemory = 150_000_000
)

// Qualities of the JPEGs. Above the best one files grow faster than eyes notice. The least one is for noise.
const best, least = 82, 20

// maxFile is how many bytes a file should have. A photo with many details has a third.
const maxFile = 2 << 20

// Size is one of the sizes in which a photo is kept.
type Size string

// The sizes.
const (
	Thumbnail Size = "thumbnail"
	Card      Size = "card"
	Large     Size = "large"
)

// Sizes returns all sizes, the smallest first.
func Sizes() []Size { return []Size{Thumbnail, Card, Large} }

// Width returns how many pixels wide a photo of the size is, unless the upload is smaller, or its [Size.Height] bounds
// it.
func (s Size) Width() int {
	switch s {
	case Thumbnail:
		return 320
	case Card:
		return 960
	default:
		return 1920
	}
}

// Height returns how many pixels high a photo of the size is at most. A screenshot of a whole page, which may be much
// higher, becomes narrower than its size: a file has few megabytes then, which the server holds for its readers.
func (s Size) Height() int { return 2 * s.Width() }

// Photo is what is made of an upload.
type Photo struct {
	// Width and Height are those of the large file.
	Width, Height int
	// Placeholder is the average colour, such as #c08a5a, for the time until a file is loaded.
	Placeholder string
	// Files are JPEGs.
	Files map[Size][]byte
}

// Maker makes photos, and bounds the memory of all that is decoded at a time.
type Maker struct {
	memory *semaphore.Weighted
	most   int64
}

// NewMaker returns a Maker that uses at most so many bytes of memory, beside the uploads and the files.
func NewMaker(memory int64) *Maker {
	return &Maker{memory: semaphore.NewWeighted(memory), most: min(memory, MaxMemory)}
}

// Make makes the photos of an upload. It waits until there is memory. The error is an [*Error] if the upload is
// refused, and that of the context if the context ends.
func (m *Maker) Make(ctx context.Context, upload []byte) (*Photo, error) {
	header, err := inspect(upload)
	if err != nil {
		return nil, err
	}
	needed := header.memory()
	if needed > m.most {
		return nil, &Error{TooLarge, fmt.Sprintf("decoding this %s takes %d MB of memory, more than %d MB: send a smaller one, or a plain JPEG",
			header.format, needed/1_000_000, m.most/1_000_000)}
	}
	if err := m.memory.Acquire(ctx, needed); err != nil {
		return nil, fmt.Errorf("wait for memory to decode a photo: %w", err)
	}
	defer m.memory.Release(needed)
	large, err := decodeLarge(ctx, header, upload)
	if err != nil {
		return nil, err
	}
	return encode(ctx, large)
}

// decodeLarge returns the photo in the size Large. The decoded upload, which is much larger, is garbage afterwards.
func decodeLarge(ctx context.Context, h *header, upload []byte) (*image.RGBA, error) {
	decoded, err := decode(ctx, h, upload)
	if err != nil {
		return nil, err
	}
	width, height := h.orientation.large(decoded.Bounds().Dx(), decoded.Bounds().Dy())
	return h.orientation.turn(scale(decoded, width, height)), nil
}

// encode makes the files. Each size is made of the one above, whose sides are multiples, or is the same file if that is small
// enough.
func encode(ctx context.Context, large *image.RGBA) (*Photo, error) {
	photo := &Photo{Width: large.Rect.Dx(), Height: large.Rect.Dy(), Files: map[Size][]byte{}}
	picture, file := large, []byte(nil)
	for _, size := range []Size{Large, Card, Thumbnail} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if width, height := fit(picture.Rect.Dx(), picture.Rect.Dy(), size); width < picture.Rect.Dx() || height < picture.Rect.Dy() {
			picture, file = scale(picture, width, height), nil
		}
		if file == nil {
			var err error
			if file, err = encodeJPEG(picture); err != nil {
				return nil, fmt.Errorf("encode the %s of a photo: %w", size, err)
			}
		}
		photo.Files[size] = file
	}
	photo.Placeholder = average(picture)
	return photo, nil
}

// encodeJPEG encodes a picture in the best quality in which it is small enough, or in the least. Photos are, noise is not: readers of a
// photo may have it in memory.
func encodeJPEG(picture image.Image) ([]byte, error) {
	for _, quality := range [...]int{best, 60, 40} {
		file, err := encodeWith(picture, quality)
		if err != nil || len(file) <= maxFile {
			return file, err
		}
	}
	return encodeWith(picture, least)
}

func encodeWith(picture image.Image, quality int) ([]byte, error) {
	var encoded bytes.Buffer
	err := jpeg.Encode(&encoded, picture, &jpeg.Options{Quality: quality})
	return encoded.Bytes(), err
}
