package server

import (
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/platform/config"
)

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
	return objects.Photos{Origin: origin, External: true}
}
