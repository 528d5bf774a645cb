// Package pages serves the files of an application that runs in the browser: a document,
// index.html, and what it loads.
//
// The files are read where they are: those that are part of the program need no second place
// in memory. Each is compressed at most once, when a browser first asks for it: that takes 70 ms
// of a processor for the largest script, which is a third as long then. Files below assets/ have
// a hash of their content in their names, so browsers keep them for ever; everything else is
// asked for again, and answered with 304 if it has not changed.
package pages

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

const (
	// document is the file that the browser shows; its scripts render the page of the path.
	document = "index.html"
	// assets is the directory of the files with a hash in their names.
	assets = "assets/"
)

// Values of Cache-Control.
const (
	forever    = "public, max-age=31536000, immutable"
	revalidate = "no-cache"
	never      = "no-store"
)

// Options describe an application.
type Options struct {
	// Routes are the first segments of the paths that the application has pages for. The
	// empty segment is that of the path "/".
	Routes []string
	// Policy is the Content-Security-Policy of the document.
	Policy string
}

// Handler serves an application. Paths that are neither a file nor a page are not found:
// the document is never the answer to a request for a missing script.
type Handler struct {
	files   map[string]*file
	routes  []string
	headers http.Header
}

// NewHandler returns a handler of the application's files, which must be [io.ReaderAt] when
// they are open, like those of package embed. The error says that there is no document, or a
// file whose content type is not known.
func NewHandler(files fs.FS, o Options) (*Handler, error) {
	h := &Handler{files: map[string]*file{}, routes: o.Routes, headers: websecurity.ForDocuments(o.Policy)}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		h.files[name], err = newFile(files, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load the pages: %w", err)
	}
	if h.files[document] == nil {
		return nil, fmt.Errorf("load the pages: there is no %s", document)
	}
	return h, nil
}

// ServeHTTP serves a file, or the document if the path is that of a page.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), h.headers)
	name := strings.TrimPrefix(r.URL.Path, "/")
	found := h.files[name]
	if found == nil && h.isPage(name) {
		found = h.files[document]
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case found != nil && !reads:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are allowed here", http.StatusMethodNotAllowed)
	case found != nil:
		found.serve(w, r, http.StatusOK)
	case reads && mayBePage(name) && wantsDocument(r):
		h.files[document].serve(w, r, http.StatusNotFound) // The application says that there is no such page.
	default:
		w.Header().Set("Cache-Control", never)
		http.Error(w, "there is nothing at this address", http.StatusNotFound)
	}
}

// isPage reports whether the application has pages below the first segment of the path.
func (h *Handler) isPage(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return mayBePage(name) && slices.Contains(h.routes, first)
}

// mayBePage reports whether the path looks like that of a page. A segment that begins with
// a dot, an extension, or the directory of the assets are those of a file.
func mayBePage(name string) bool {
	return !strings.HasPrefix(name, assets) && !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.") && path.Ext(name) == ""
}

// wantsDocument reports whether a visitor has opened the address, rather than a script.
func wantsDocument(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}
