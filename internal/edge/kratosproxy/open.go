package kratosproxy

import (
	"net/http"
	"net/url"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// open answers a form that is opened like a page. Forms are sent by POST. Opened, those that mail codes begin anew, because
// Kratos takes their fields from the query too; the others get their flow alone. With it, Kratos goes on with a change of
// settings that waited for a login; who waits for it changes one address a minute, by the webhook of the profile.
//
// The link in a mail is let through. Kratos puts its code into the flow. In the flow of an app, everybody who knows its id
// could read it there: somebody, for example, who has signed up with the address of another person. Only a browser's flow
// cannot be read without its cookies.
func (p *proxy) open(w http.ResponseWriter, r *http.Request, kind string) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if kind == "login" || kind == "registration" || kind == "settings" {
		r.URL.RawQuery = url.Values{"flow": {query.Get("flow")}}.Encode()
		p.reverse.ServeHTTP(w, r)
		return
	}
	if err == nil && kind == "verification" && len(query) == 2 && len(query["flow"]) == 1 && len(query["code"]) == 1 {
		stranger := r.Clone(r.Context())
		stranger.Header.Del("Cookie")
		status := p.ask(stranger, asJSON, kind+"/flows", url.Values{"id": query["flow"]}).status
		switch {
		case status == http.StatusForbidden:
			p.reverse.ServeHTTP(w, r)
			return
		case status >= http.StatusInternalServerError:
			refuse(w, http.StatusServiceUnavailable, apperr.Unavailable, apperr.NewUnavailable(nil).Message)
			return
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, config.ProxyPath+"self-service/"+kind+"/browser", http.StatusSeeOther) //nolint:gosec // kindOf knows five.
}
