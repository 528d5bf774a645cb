package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	content      []byte
	gzipped      func() []byte // computed once
}

func newFile(name string, content []byte) (*file, error) {
	contentType, compressible := typeOf(path.Ext(name))
	if contentType == "" {
		return nil, fmt.Errorf("%s has an extension whose content type is not known", name)
	}
	sum := sha256.Sum256(content)
	f := &file{
		contentType:  contentType,
		compressible: compressible,
		cacheControl: revalidate,
		hash:         hex.EncodeToString(sum[:16]),
		content:      content,
		gzipped:      sync.OnceValue(func() []byte { return compress(content) }),
	}
	if strings.HasPrefix(name, assets) {
		f.cacheControl = forever
	}
	return f, nil
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
func (f *file) negotiate(r *http.Request) (coding string, content []byte) {
	if f.compressible && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		return gzipped, f.gzipped()
	}
	return identity, f.content
}

// etag identifies the content in an encoding.
func (f *file) etag(coding string) string {
	if coding == identity {
		return `"` + f.hash + `"`
	}
	return `"` + f.hash + "-" + coding + `"`
}
