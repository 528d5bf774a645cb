package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
)

// decode decodes an upload. A panic of a decoder says that the upload is broken.
func decode(ctx context.Context, h *header, upload []byte) (decoded image.Image, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = h.broken(fmt.Errorf("%v", problem))
		}
	}()
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

// reader ends the work of a decoder, none of which takes a context.
type reader struct {
	ctx    context.Context //nolint:containedctx // It is that of the one call.
	upload *bytes.Reader
}

// Read gives few bytes at a time: a hundred bytes of a JPEG may stand for a second of work.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.upload.Read(p[:min(len(p), 512)])
}

// ReadByte spares the decoders buffers of their own.
func (r *reader) ReadByte() (byte, error) { return r.upload.ReadByte() }

var _ io.ByteReader = (*reader)(nil)
