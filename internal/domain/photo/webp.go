package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// What the decoder of the lossless WebP uses beside pixels: so many Huffman trees of such a size, which a file of
// half a megabyte can demand.
const (
	huffmanGroups = 2600
	huffmanGroup  = 53_000
	huffmanTile   = 4 // pixels, the smallest side of what has trees of its own
)

// readWebP reads the header of a WebP, which may not claim more bytes than there are: the decoder would allocate them.
func readWebP(upload []byte) (*header, error) {
	h := &header{format: "WebP", decode: decodeWebP}
	chunks, err := webpChunks(upload)
	if err != nil {
		return nil, err
	}
	if _, isAnimated := chunks["ANIM"]; isAnimated {
		return nil, &Error{Unknown, "an animated WebP is not accepted: send one picture"}
	}
	if _, err := h.config(upload, webp.DecodeConfig); err != nil {
		return nil, err
	}
	pixels := area(h.width, h.height)
	h.decoded = 2*pixels + int64(len(upload))
	_, isLossless := chunks["VP8L"]
	if _, hasAlpha := chunks["ALPH"]; isLossless || hasAlpha {
		tiles := int64((h.width+huffmanTile-1)/huffmanTile) * int64((h.height+huffmanTile-1)/huffmanTile)
		h.decoded += 8*pixels + huffmanGroup*min(tiles, huffmanGroups)
	}
	h.orientation = orientationOf(bytes.TrimPrefix(chunks["EXIF"], []byte("Exif\x00\x00")))
	return h, nil
}

// webpChunks returns the first chunk of each name.
func webpChunks(upload []byte) (map[string][]byte, error) {
	const riffHeader, chunkHeader = 12, 8
	incomplete := &Error{Broken, "the WebP is not complete"}
	length := int64(binary.LittleEndian.Uint32(upload[4:])) + chunkHeader
	if length > int64(len(upload)) || length < riffHeader {
		return nil, incomplete
	}
	chunks := map[string][]byte{}
	for rest := upload[riffHeader:length]; len(rest) >= chunkHeader; {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		if size > int64(len(rest)-chunkHeader) {
			return nil, incomplete
		}
		name := string(rest[:4])
		if _, exists := chunks[name]; !exists {
			chunks[name] = rest[chunkHeader : chunkHeader+size]
		}
		rest = rest[min(int64(len(rest)), chunkHeader+size+size&1):]
	}
	return chunks, nil
}

// decodeWebP corrects the colours of the decoder, which gives the values of a lossy WebP as they are in the file:
// black is 16, and white 235. In images of Go, as in a JPEG, they are 0 and 255.
func decodeWebP(r io.Reader) (image.Image, error) {
	decoded, err := webp.Decode(r)
	switch p := decoded.(type) {
	case *image.YCbCr:
		spread(p)
	case *image.NYCbCrA:
		spread(&p.YCbCr)
	}
	return decoded, err
}

// spread makes the values of a picture use the whole range of a byte.
func spread(p *image.YCbCr) {
	var luma, chroma [256]byte
	for value := range 256 {
		luma[value] = byte(min(255, max(0, ((value-16)*255+109)/219)))
		chroma[value] = byte(min(255, max(0, ((value-128)*255+128*224+112)/224)))
	}
	for i, value := range p.Y {
		p.Y[i] = luma[value]
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = chroma[p.Cb[i]], chroma[p.Cr[i]]
	}
}
