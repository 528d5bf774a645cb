package photo

import (
	"bytes"
	"encoding/binary"

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
	h := &header{format: "WebP", decode: webp.Decode}
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
	pixels := int64(h.width) * int64(h.height)
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
