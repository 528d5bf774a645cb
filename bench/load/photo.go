package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
)

// The pages send photos as large as this: see web/src/photos/scale.worker.ts.
const (
	photoWidth, photoHeight = 2560, 1920
	photoQuality            = 85
)

// newPhoto returns a JPEG with as many details as a photo has.
func newPhoto() ([]byte, error) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // It is no secret.
	picture := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	for y := range photoHeight {
		for x := range photoWidth {
			grain := random.IntN(24)
			shade := color.RGBA{uint8(x*200/photoWidth + grain), uint8(y*200/photoHeight + grain), uint8((x+y)%200 + grain), 255} //nolint:gosec // Below 224.
			picture.SetRGBA(x, y, shade)
		}
	}
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, picture, &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, fmt.Errorf("encode a photo: %w", err)
	}
	return encoded.Bytes(), nil
}
