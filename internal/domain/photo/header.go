package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
)

// header is what is known of an upload before it is decoded.
type header struct {
	format        string // as members know it
	width, height int
	decoded       int64 // bytes that the decoder uses
	orientation   orientation
	decode        func(io.Reader) (image.Image, error)
}

// memory returns how many bytes making the photos takes at most: the decoded upload, the same shrunk, the large photo
// before and after turning, and the card.
func (h *header) memory() int64 {
	width, height := h.orientation.large(h.width, h.height)
	pixels := area(width, height) + area(fit(width, height, Card))
	if h.orientation.turns() {
		pixels += area(width, height)
	}
	if factor := int64(shrinking(h.width, h.height, width, height)); factor > 1 {
		pixels += area(h.width, h.height) / (factor * factor)
	}
	return h.decoded + 4*pixels
}

func area(width, height int) int64 { return int64(width) * int64(height) }

// inspect reads the header of an upload. The format is that of the contents: names and header fields lie.
func inspect(upload []byte) (h *header, err error) {
	defer recovered(&err)
	if len(upload) > MaxBytes {
		return nil, &Error{TooLarge, fmt.Sprintf("the file has more than %d MB", MaxBytes>>20)}
	}
	read, err := formatOf(upload)
	if err != nil {
		return nil, err
	}
	if h, err = read(upload); err != nil {
		return nil, err
	}
	switch {
	case h.width < 1 || h.height < 1:
		return nil, &Error{Broken, "the " + h.format + " has no pixels"}
	case h.width > MaxSide || h.height > MaxSide:
		return nil, &Error{TooLarge, fmt.Sprintf("the photo has %d by %d pixels: a side may have %d", h.width, h.height, MaxSide)}
	case h.width*h.height > MaxPixels:
		return nil, &Error{TooLarge, fmt.Sprintf("the photo has %d by %d pixels: at most %d megapixels are allowed", h.width, h.height, MaxPixels/1_000_000)}
	}
	return h, nil
}

// formatOf returns what reads the header of an upload.
func formatOf(upload []byte) (func([]byte) (*header, error), error) {
	switch {
	case bytes.HasPrefix(upload, []byte("\xff\xd8\xff")):
		return readJPEG, nil
	case bytes.HasPrefix(upload, []byte(pngSignature)):
		return readPNG, nil
	case bytes.HasPrefix(upload, []byte("GIF87a")), bytes.HasPrefix(upload, []byte("GIF89a")):
		return readGIF, nil
	case len(upload) >= 12 && string(upload[:4]) == "RIFF" && string(upload[8:12]) == "WEBP":
		return readWebP, nil
	case len(upload) >= 12 && string(upload[4:8]) == "ftyp":
		return nil, &Error{Unknown, `HEIC, AVIF and videos are not accepted: send a JPEG; phones convert photos for pages with accept="image/jpeg,image/png,image/webp"`}
	case len(upload) == 0:
		return nil, &Error{Unknown, "the file is empty"}
	default:
		return nil, &Error{Unknown, "the file is no JPEG, PNG, WebP or GIF"}
	}
}

// config reads the size by a decoder of the standard library.
func (h *header) config(upload []byte, decode func(io.Reader) (image.Config, error)) (image.Config, error) {
	config, err := decode(bytes.NewReader(upload))
	if err != nil {
		return config, h.broken(err)
	}
	h.width, h.height = config.Width, config.Height
	return config, nil
}

// broken returns the error about an upload that cannot be decoded.
func (h *header) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{Broken, "the " + h.format + " is not complete"}
	}
	return &Error{Broken, fmt.Sprintf("the %s cannot be decoded: %v", h.format, err)}
}
