package photo

import (
	"bytes"
	"context"
	"image"
)

// decode decodes an upload.
func decode(ctx context.Context, h *header, upload []byte) (decoded image.Image, err error) {
	defer recovered(&err)
	decoded, err = h.decode(&reader{ctx: ctx, upload: bytes.NewReader(upload)})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, h.broken(err)
	case decoded.Bounds().Empty():
		return nil, &Error{Broken, "the " + h.format + " has no pixels"}
	}
	return decoded, nil
}

// recovered makes a panic of a decoder the error that the upload is broken.
func recovered(err *error) {
	if recover() != nil {
		*err = &Error{Broken, "the file cannot be decoded"}
	}
}

// reader ends the work of a decoder, none of which takes a context.
type reader struct {
	ctx    context.Context
	upload *bytes.Reader
}

// Read gives few bytes at a time: a hundred bytes of a JPEG may stand for a second of work.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.upload.Read(p[:min(len(p), 512)])
}
