package kratosproxy

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// What a browser has proved about an account.
const (
	knowsPassword = "password"
	hasFactor     = "second factor"
)

const (
	// browserCookie says to which accounts a browser has logged in before: the id of the browser, and for each account the
	// time and a MAC of all three. Nobody can read from it whose they are.
	browserCookie = "catfoster_browser"
	// maxProofs is how many accounts a browser remembers, twice if they have a second factor.
	maxProofs = 10
	// browserLifetime is how long a browser is known after a login.
	browserLifetime = 90 * 24 * time.Hour
	// macSize is the length of a shortened HMAC-SHA256, and of the browser's id.
	macSize = 16
	// timeSize is the length of the time of a login in seconds, which is before its MAC and in it.
	timeSize  = 4
	proofSize = timeSize + macSize
)

// browsers recognizes browsers that have logged in to an account before. Others may lock out new browsers by wrong guesses,
// but not these.
type browsers struct {
	keys   [][]byte // The first one signs; all are accepted.
	secure bool
}

// newBrowsers derives the keys from secrets of the server.
func newBrowsers(secrets []string, secure bool) browsers {
	b := browsers{secure: secure}
	for _, secret := range secrets {
		if secret != "" {
			key := hmac.New(sha256.New, []byte(secret))
			_, _ = key.Write([]byte(browserCookie))
			b.keys = append(b.keys, key.Sum(nil))
		}
	}
	return b
}

// id returns the id of the browser that sends a request if it has proved something about an account, and otherwise "".
func (b browsers) id(r *http.Request, proof string, account ratelimit.Key) string {
	id, proofs := readBrowser(r)
	for _, got := range proofs {
		if b.shows(id, got, proof, account) {
			return string(id)
		}
	}
	return ""
}

// shows reports whether what a cookie contains proves something about an account.
func (b browsers) shows(id, got []byte, proof string, account ratelimit.Key) bool {
	at := got[:timeSize]
	age := time.Since(time.Unix(int64(binary.BigEndian.Uint32(at)), 0))
	return age < browserLifetime && slices.ContainsFunc(b.keys, func(key []byte) bool {
		return hmac.Equal(got[timeSize:], macOf(key, id, at, proof, account))
	})
}

// remember adds a cookie to an answer by which the browser is recognized from then on.
func (b browsers) remember(r *http.Request, header http.Header, proof string, account ratelimit.Key) {
	if len(b.keys) == 0 {
		return
	}
	id, proofs := readBrowser(r)
	if id == nil {
		id = make([]byte, macSize)
		_, _ = rand.Read(id) // It never fails.
	}
	now := binary.BigEndian.AppendUint32(nil, uint32(time.Now().Unix())) //nolint:gosec // It fits until 2106.
	value := slices.Concat(id, now, macOf(b.keys[0], id, now, proof, account))
	for _, other := range proofs {
		if !b.shows(id, other, proof, account) && len(value) < macSize+proofSize*maxProofs {
			value = append(value, other...)
		}
	}
	header.Add("Set-Cookie", (&http.Cookie{ //nolint:gosec // Secure is false only for a server on http, in development.
		Name: browserCookie, Value: base64.RawURLEncoding.EncodeToString(value), Path: strings.TrimSuffix(config.ProxyPath, "/"),
		MaxAge: int(browserLifetime.Seconds()), HttpOnly: true, Secure: b.secure, SameSite: http.SameSiteLaxMode,
	}).String())
}

// readBrowser returns what the cookie of a request contains; the MACs are not checked.
func readBrowser(r *http.Request) (id []byte, proofs [][]byte) {
	cookie, err := r.Cookie(browserCookie)
	if err != nil {
		return nil, nil
	}
	value, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(value) < macSize || (len(value)-macSize)%proofSize != 0 || len(value) > macSize+proofSize*maxProofs {
		return nil, nil
	}
	return value[:macSize], slices.Collect(slices.Chunk(value[macSize:], proofSize))
}

// forgetBrowser removes the cookie from a request to Kratos, which refuses forms of apps with cookies.
func forgetBrowser(r *http.Request) {
	if _, err := r.Cookie(browserCookie); err != nil {
		return
	}
	cookies := r.Cookies()
	r.Header.Del("Cookie")
	for _, cookie := range cookies {
		if cookie.Name != browserCookie {
			r.AddCookie(cookie)
		}
	}
}

func macOf(key, id, at []byte, proof string, account ratelimit.Key) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write(id)
	_, _ = mac.Write(at)
	_, _ = mac.Write(account[:])
	_, _ = mac.Write([]byte(proof))
	return mac.Sum(nil)[:macSize]
}
