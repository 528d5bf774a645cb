package scalar_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
)

func TestID_Unmarshal(t *testing.T) {
	t.Parallel()
	const id = "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"
	for text, want := range map[any]bool{
		id:                              true,
		strings.ToUpper(id):             true,
		"{" + id + "}":                  false,
		"urn:uuid:" + id:                false,
		strings.ReplaceAll(id, "-", ""): false,
		id + " ":                        false,
		"":                              false,
		"godard":                        false,
		strings.Repeat("0", 36):         false,
		7:                               false,
		true:                            false,
	} {
		got, err := scalar.UnmarshalID(text)
		if (err == nil) != want {
			t.Errorf("UnmarshalID(%v): error %v, want it to be accepted: %t", text, err, want)
		}
		if want && got != uuid.MustParse(id) {
			t.Errorf("UnmarshalID(%v) = %s", text, got)
		}
	}
}

func TestURL_Check(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://example.org/cat.jpg":          true,
		"http://example.org":                   true,
		"HTTPS://example.org/ü?q=1#f":          true,
		"https://[::1]:8080/":                  true,
		"https://example.org:65535/cat.jpg":    true,
		"https://example.org:/cat.jpg":         true,
		"https://example.org/a%20cat.jpg":      true,
		"https://example.org:65536/cat.jpg":    false,
		"https://example.org:99999":            false,
		"https://example.org:0/":               false,
		"https://[::1]:80800/":                 false,
		"https://example.org/a cat.jpg":        false,
		" https://example.org/cat.jpg":         false,
		"https://example.org/cat.jpg ":         false,
		"https://example.org/?q=a b":           false,
		"https://example.org/#a b":             false,
		"https://example.org/a\u00a0cat.jpg":   false,
		"https://example.org/a\u3000cat.jpg":   false,
		"https://" + strings.Repeat("a", 2040): true,
		"https://" + strings.Repeat("a", 2041): false,
		"ftp://example.org/":                   false,
		"javascript:alert(1)":                  false,
		"data:text/html,x":                     false,
		"//example.org/cat.jpg":                false,
		"/cat.jpg":                             false,
		"https://":                             false,
		"https://:80":                          false,
		"https://user:password@example.org/":   false,
		"https://exa mple.org":                 false,
		"https://example.org/\x00":             false,
		"":                                     false,
	} {
		if err := scalar.CheckURL(text); (err == nil) != want {
			t.Errorf("CheckURL(%q): error %v, want it to be accepted: %t", text, err, want)
		}
	}
}
