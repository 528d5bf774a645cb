package server

import (
	"net/http"

	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/photos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// handlePhotos adds uploads and photos to a mux. Pages of other origins may not upload, as they may not send GraphQL. A photo is
// only asked for: browsers send no cookie from other sites, and show no answer there.
func handlePhotos(mux *http.ServeMux, c config.Config, app *application, p photos.Config) error {
	crossOrigin, err := protectOrigins(c.Listen.AllowedOrigins)
	if err != nil {
		return err
	}
	p.Maker, p.Origin, p.RequestTimeout = photo.NewMaker(photo.MaxMemory), photosOf(c).Origin, c.Listen.RequestTimeout
	handler := photos.NewHandler(p)
	mux.Handle("/photos", crossOrigin(app.sessions.Middleware(postOnly(handler.Upload))))
	mux.Handle(photo.Path, readersFrom(c.Listen.AllowedOrigins).Handler(app.sessions.Middleware(readOnly(handler.Serve))))
	return nil
}

func postOnly(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			refuse(w, http.StatusMethodNotAllowed, "only POST is allowed here")
			return
		}
		next(w, r)
	})
}

// photosOf says where photos are. Without the origin of the pages it is the first name of the server.
func photosOf(c config.Config) objects.Photos {
	origin := c.BrowserOrigin()
	switch {
	case origin != "":
	case len(c.Listen.AllowedHosts) > 0:
		origin = "https://" + c.Listen.AllowedHosts[0]
	default:
		origin = "http://" + c.Listen.Public()
	}
	return objects.Photos{Origin: origin, External: c.Photos.External}
}
