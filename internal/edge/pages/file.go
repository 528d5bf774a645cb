package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

// file is a file of the application.
type file struct {
	contentType  string
	compressible bool
	cacheControl string
	hash         string
	content      *io.SectionReader        // never read itself, because requests share it
	gzipped      func() *io.SectionReader // computed once
}

func newFile(files fs.FS, name string) (*file, error) {
	contentType, compressible := typeOf(path.Ext(name))
	if contentType == "" {
		return nil, fmt.Errorf("%s has an extension whose content type is not known", name)
	}
	opened, err := files.Open(name) // It stays open.
	if err != nil {
		return nil, err
	}
	content, err := sectionOf(opened)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, again(content)); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	f := &file{
		contentType:  contentType,
		compressible: compressible,
		cacheControl: revalidate,
		hash:         hex.EncodeToString(sum.Sum(nil)[:16]),
		content:      content,
		gzipped:      sync.OnceValue(func() *io.SectionReader { return compress(again(content)) }),
	}
	if strings.HasPrefix(name, assets) {
		f.cacheControl = forever
	}
	return f, nil
}

// sectionOf returns the whole file as a section.
func sectionOf(f fs.File) (*io.SectionReader, error) {
	content, ok := f.(io.ReaderAt)
	if !ok {
		return nil, errors.New("the file can only be read once")
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(content, 0, info.Size()), nil
}

// again returns a reader of the section from its beginning.
func again(section *io.SectionReader) *io.SectionReader {
	return io.NewSectionReader(section, 0, section.Size())
}

// typeOf returns the content type of a file extension, and whether compression makes such
// files smaller. The table is here because that of package mime depends on the machine.
func typeOf(extension string) (contentType string, compressible bool) {
	switch extension {
	case ".html":
		return "text/html; charset=utf-8", true
	case ".js":
		return "text/javascript; charset=utf-8", true
	case ".css":
		return "text/css; charset=utf-8", true
	case ".json":
		return "application/json", true
	case ".webmanifest":
		return "application/manifest+json", true
	case ".txt":
		return "text/plain; charset=utf-8", true
	case ".md":
		return "text/markdown; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	case ".ico":
		return "image/x-icon", true
	case ".png":
		return "image/png", false
	case ".jpg":
		return "image/jpeg", false
	case ".webp":
		return "image/webp", false
	case ".woff2":
		return "font/woff2", false
	default:
		return "", false
	}
}

// negotiate returns the content in the encoding that suits the request.
func (f *file) negotiate(r *http.Request) (coding string, content *io.SectionReader) {
	if f.compressible && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		return gzipped, again(f.gzipped())
	}
	return identity, again(f.content)
}

// etag identifies the content in an encoding.
func (f *file) etag(coding string) string {
	if coding == identity {
		return `"` + f.hash + `"`
	}
	return `"` + f.hash + "-" + coding + `"`
}
