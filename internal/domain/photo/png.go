package photo

import (
	"encoding/binary"
	"image/color"
	"image/png"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// readPNG reads the header of a PNG. Of an animated PNG the decoder takes the picture for programs that know no
// animation. The decoder skips texts and profiles, which may be compressed.
func readPNG(upload []byte) (*header, error) {
	h := &header{format: "PNG", decode: png.Decode}
	const firstChunk, interlacing = 12, 28
	if len(upload) <= interlacing || string(upload[firstChunk:firstChunk+4]) != "IHDR" {
		return nil, &Error{Broken, "the PNG does not begin with its header"}
	}
	config, err := h.config(upload, png.DecodeConfig)
	if err != nil {
		return nil, err
	}
	h.decoded = int64(bytesOfPixel(config.ColorModel)) * area(h.width, h.height)
	if upload[interlacing] != 0 {
		h.decoded *= 2 // Seven smaller pictures are decoded first.
	}
	h.orientation = pngOrientation(upload[len(pngSignature):])
	return h, nil
}

func bytesOfPixel(model color.Model) int {
	if _, isPalette := model.(color.Palette); isPalette {
		return 1
	}
	switch model {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		return 8
	default:
		return 4 // Gray, too, if one gray is transparent.
	}
}

// pngOrientation returns the orientation in the EXIF of a PNG, if that is before the picture.
func pngOrientation(chunks []byte) orientation {
	const around = 12 // length, type and checksum
	for len(chunks) >= around {
		length := int64(binary.BigEndian.Uint32(chunks))
		if length > int64(len(chunks)-around) {
			return 0
		}
		switch string(chunks[4:8]) {
		case "eXIf":
			return orientationOf(chunks[8 : 8+length])
		case "IDAT":
			return 0
		}
		chunks = chunks[around+length:]
	}
	return 0
}
