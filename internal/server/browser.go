package server

import (
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratosproxy"
	"github.com/catfoster/catfoster/internal/pages"
	"github.com/catfoster/catfoster/web"
)

// Content-Security-Policies. A page loads scripts and styles from its own origin only, none
// of them inline, and no other site shows it in a frame.
const (
	// pagesPolicy allows pictures from everywhere: the photos of cats are links to other
	// sites, and the QR code of an authenticator app is a data: URL.
	pagesPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
		"img-src 'self' data: https:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	playgroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// handleBrowsers adds to a mux what only browsers use: the pages, the playground, and Kratos
// on this origin. Each of them has a switch.
func handleBrowsers(mux *http.ServeMux, c config.Config, transport http.RoundTripper, log *slog.Logger) error {
	if c.Listen.Pages {
		handler, err := newPages(web.Pages, pages.Options{Routes: web.Routes(), Policy: pagesPolicy})
		if err != nil {
			return err
		}
		mux.Handle("/", handler)
	}
	if c.Listen.Playground {
		handler, err := newPages(web.Playground, pages.Options{Routes: []string{""}, Policy: playgroundPolicy})
		if err != nil {
			return err
		}
		handler = http.StripPrefix("/playground", handler)
		mux.Handle("/playground", handler)
		mux.Handle("/playground/", handler)
	}
	if c.Kratos.Proxy {
		handler, err := kratosproxy.New(c.Kratos, transport, log)
		if err != nil {
			return err
		}
		mux.Handle(config.ProxyPath, handler)
	}
	return nil
}

func newPages(open func() (fs.FS, error), o pages.Options) (http.Handler, error) {
	files, err := open()
	if err != nil {
		return nil, err
	}
	return pages.NewHandler(files, o)
}
