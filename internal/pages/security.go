package pages

import "net/http"

// securityHeaders returns the header fields that limit what a page may do and who may use
// it.
func securityHeaders(policy string) http.Header {
	return http.Header{
		"Content-Security-Policy": {policy},
		// Addresses contain the ids of flows; other sites, such as those of photos, do not
		// learn them.
		"Referrer-Policy":              {"same-origin"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
}
