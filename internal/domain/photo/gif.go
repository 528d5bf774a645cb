package photo

import "image/gif"

// readGIF reads the header of a GIF. Of an animated GIF the decoder takes the first picture.
func readGIF(upload []byte) (*header, error) {
	h := &header{format: "GIF", decode: gif.Decode}
	if _, err := h.config(upload, gif.DecodeConfig); err != nil {
		return nil, err
	}
	h.decoded = 2 * area(h.width, h.height) // An interlaced one is copied.
	return h, nil
}
