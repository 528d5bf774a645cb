package graph

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

// TestCheckPhoto_OwnServer writes the hosts of the server in ways that browsers understand.
func TestCheckPhoto_OwnServer(t *testing.T) {
	t.Parallel()
	hosts := websecurity.NewHosts("cats.example", "xn--ktzchen-5wa.example", "192.0.2.7", "2001:db8::7")
	ctx := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 8080})
	for photo, want := range map[string]bool{
		"https://other.example/graphql?query={me{id}}":       true,
		"HTTPS://other.example/cat.jpg":                      true,
		"http://other.example/cat.jpg":                       false,
		"https://cats.example.org/cat.jpg":                   true,
		"https://my_bucket.example/cat.jpg":                  true,
		"https://bücher.example/cat.jpg":                     true,
		"https://192.0.2.8/cat.jpg":                          true,
		"https://[2001:db8::8]:8080/cat.jpg":                 true,
		"https://cats.example/photos/0198c2f4.jpg":           false,
		"https://cats.example/graphql?query={me{id}}":        false,
		"http://cats.example/graphql":                        false,
		"https://cats.example":                               false,
		"https://cats.example?query={me{id}}":                false,
		"https://CATS.Example./graphql":                      false,
		"https://cats.example:8443/graphql":                  false,
		"https://cats.example/.ory/kratos/public/":           false,
		"https://cats.example/photos":                        false,
		"https://cats.example/photos/":                       false,
		"https://cats.example/photos/..":                     false,
		"https://cats.example/photos/../graphql":             false,
		"https://cats.example/photos/%2e%2E/graphql":         false,
		`https://cats.example/photos/..\graphql`:             false,
		"https://cats.example/photos/x.jpg?query={me{id}}":   false,
		"https://cats.example//graphql":                      false,
		"https://ｃａｔｓ.example/graphql":                       false,
		"https://%EF%BD%83ats.example/graphql":               false,
		"https://cats。example/graphql":                       false,
		"https://kätzchen.example/graphql":                   false,
		"https://192.0.2.7/graphql":                          false,
		"https://[2001:DB8:0::7]/graphql":                    false,
		"https://[::ffff:192.0.2.7]/graphql":                 false,
		"http://localhost:8080/graphql":                      false,
		"http://127.0.0.1:8080/graphql":                      false,
		"http://10.1.2.3/graphql":                            false,
		"http://127.1/graphql":                               false,
		"http://2130706433/graphql":                          false,
		"http://0x7f.1/graphql":                              false,
		"http://0177.0.0.1/graphql":                          false,
		"http://１２７.0.0.1/graphql":                           false,
		"https://user@cats.example/photos/x.jpg":             false,
		"https:cats.example/graphql":                         false,
		"https:///cats.example/graphql":                      false,
		`https://other.example\@cats.example/graphql`:        false,
		"https://other.example/cat.jpg#cats.example/graphql": true,
	} {
		if err := checkPhoto(ctx, hosts, photo); (err == nil) != want {
			t.Errorf("the photo %s: error %v, want it to be accepted: %t", photo, err, want)
		}
	}
}
