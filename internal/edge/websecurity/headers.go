package websecurity

import (
	"maps"
	"net/http"
	"net/url"
)

// dataPolicy is the Content-Security-Policy of answers that are no documents. A browser that
// shows one nevertheless loads and runs nothing.
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

// transportPolicy makes browsers use HTTPS only, for a year (RFC 6797). Subdomains are not the
// server's to decide about.
const transportPolicy = "max-age=31536000"

// ForData returns the header fields of answers that are no documents.
func ForData() http.Header {
	return http.Header{
		"Content-Security-Policy": {dataPolicy},
		// Addresses contain the ids of flows; other sites, such as those of photos, do not
		// learn them.
		"Referrer-Policy":              {"same-origin"},
		"X-Content-Type-Options":       {"nosniff"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
	}
}

// ForDocuments returns the header fields of documents with a Content-Security-Policy. It must
// have frame-ancestors.
func ForDocuments(policy string) http.Header {
	fields := ForData()
	fields.Set("Content-Security-Policy", policy)
	fields.Set("X-Frame-Options", "DENY") // For browsers that do not know frame-ancestors.
	fields.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	return fields
}

// SetHeaders sets the header fields of [ForData] in all answers of next, which may replace
// them. origin is the origin of the server for browsers, or empty: if it has HTTPS, answers to
// requests for its host also demand that browsers use HTTPS from then on.
func SetHeaders(origin string, next http.Handler) http.Handler {
	fields := ForData()
	secure := ""
	if u, err := url.Parse(origin); err == nil && u.Scheme == "https" {
		secure = normalize(u.Hostname())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), fields)
		if secure != "" && HostOf(r) == secure {
			w.Header().Set("Strict-Transport-Security", transportPolicy)
		}
		next.ServeHTTP(w, r)
	})
}

// Remove removes the header fields of this package, for a proxy that passes on the answers of
// another server: they would be there twice.
func Remove(header http.Header) {
	for name := range ForDocuments("") {
		header.Del(name)
	}
	header.Del("Strict-Transport-Security")
}
