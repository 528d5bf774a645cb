package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// file is a file of the application.
type file struct {
	contentType  string
	cacheControl string
	hash         string
	content      *io.SectionReader        // never read itself, because requests share it
	compressed   func() *io.SectionReader // computed once; nil if it would not be smaller
}

func newFile(files fs.FS, name string) (*file, error) {
	contentType, compressible := typeOf(path.Ext(name))
	if contentType == "" {
		return nil, fmt.Errorf("%s has an extension whose content type is not known", name)
	}
	content, err := open(files, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, again(content)); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	f := &file{contentType: contentType, cacheControl: revalidate, hash: hex.EncodeToString(sum.Sum(nil)[:16]), content: content}
	if compressible {
		f.compressed = sync.OnceValue(func() *io.SectionReader { return compress(again(content)) })
	}
	if strings.HasPrefix(name, assets) {
		f.cacheControl = forever
	}
	return f, nil
}

// open returns a file, which stays open.
func open(files fs.FS, name string) (*io.SectionReader, error) {
	opened, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	if err != nil {
		return nil, err
	}
	content, ok := opened.(io.ReaderAt)
	if !ok {
		return nil, errors.New(name + " can only be read once")
	}
	return io.NewSectionReader(content, 0, info.Size()), nil
}

// again returns a reader of the section from its beginning.
func again(section *io.SectionReader) *io.SectionReader {
	return io.NewSectionReader(section, 0, section.Size())
}

// compress compresses as much as gzip can, because it is done once.
func compress(content io.Reader) *io.SectionReader {
	var compressed bytes.Buffer
	// The level is valid, the content has been read before, and writing to a buffer does not fail.
	w, _ := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	_, _ = io.Copy(w, content)
	_ = w.Close()
	return io.NewSectionReader(bytes.NewReader(bytes.Clone(compressed.Bytes())), 0, int64(compressed.Len()))
}

// typeOf returns the content type of a file extension, and whether compression makes such
// files smaller. The table is here because that of package mime depends on the machine.
func typeOf(extension string) (contentType string, compressible bool) {
	compressed := map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2"}
	if contentType = compressed[extension]; contentType != "" {
		return contentType, false
	}
	return map[string]string{
		".html":        "text/html; charset=utf-8",
		".js":          "text/javascript; charset=utf-8",
		".css":         "text/css; charset=utf-8",
		".txt":         "text/plain; charset=utf-8",
		".md":          "text/markdown; charset=utf-8",
		".json":        "application/json",
		".webmanifest": "application/manifest+json",
		".svg":         "image/svg+xml",
		".ico":         "image/x-icon",
	}[extension], true
}

// serve answers with the file in the encoding that suits the request. It handles conditional
// requests, ranges and HEAD, but not if the status is that there is no such page.
func (f *file) serve(w http.ResponseWriter, r *http.Request, status int) {
	header, content, tag := w.Header(), again(f.content), f.hash
	if f.compressed != nil {
		header.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Values("Accept-Encoding")) {
			content, tag = again(f.compressed()), f.hash+"-gzip"
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("Content-Type", f.contentType)
	// ServeContent sets the length itself, but not of what is encoded. With a condition that fails it answers without a body.
	if status != http.StatusOK || r.Header.Get("If-Match") == "" {
		header.Set("Content-Length", strconv.FormatInt(content.Size(), 10))
	}
	if status == http.StatusOK {
		header.Set("Cache-Control", f.cacheControl)
		header.Set("ETag", `"`+tag+`"`)
		http.ServeContent(w, r, "", time.Time{}, content)
		return
	}
	header.Set("Cache-Control", never)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, content) // It fails only if the browser has disconnected.
	}
}

// acceptsGzip reports whether the values of Accept-Encoding allow gzip. See RFC 9110,
// section 12.5.3. A weight that is not a number counts as 0.
func acceptsGzip(values []string) bool {
	accepted := false
	for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, parameters, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(element, " ", "")), ";")
		weight := 1.0
		if value, given := strings.CutPrefix(parameters, "q="); given {
			weight, _ = strconv.ParseFloat(value, 64)
		}
		switch coding {
		case "gzip", "x-gzip":
			return weight > 0 // It is more specific than "*".
		case "*":
			accepted = weight > 0
		}
	}
	return accepted
}
