package kratos

import "testing"

func TestPlainAddress_HasADomainInASCII(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ada@example.org":             "ada@example.org",
		" Ada+Cats@Example.org\u00a0": "Ada+Cats@example.org",
		"ada@bücher.example":          "ada@xn--bcher-kva.example",
		"ada@BÜCHER.example":          "ada@xn--bcher-kva.example",
		"ada@bu\u0308cher.example":    "ada@xn--bcher-kva.example",
		"ada@xn--bcher-kva.example":   "ada@xn--bcher-kva.example",
		"ada@straße.example":          "ada@xn--strae-oqa.example",
		"ada@例え。テスト":                  "ada@xn--r8jz45g.xn--zckzah",
		"zoë@bücher.example":          "zoë@xn--bcher-kva.example",
		"аda@example.org":             "аda@example.org", // a Cyrillic letter, which stays
		"ada@exаmple.org":             "ada@xn--exmple-4nf.org",
		"ada":                         "ada",
		"":                            "",
		"ada@":                        "ada@",
		"ada@ü ü.example":             "ada@ü ü.example",
	} {
		if got := plainAddress(typed); got != want {
			t.Errorf("plainAddress(%q) is %q, want %q", typed, got, want)
		}
	}
}
