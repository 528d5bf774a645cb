package kratos

import (
	"net/http"
	"testing"
)

func TestNextToken(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		links []string
		want  string
	}{
		"no link":       {nil, ""},
		"the last page": {[]string{`</admin/identities?page_size=250&page_token=a>; rel="first"`}, ""},
		"another page": {
			[]string{`</admin/identities?page_token=a>; rel="first",</admin/identities?page_size=250&page_token=b>; rel="next"`}, "b",
		},
		"two headers":      {[]string{`</x?page_token=a>; rel="first"`, `<https://k.example/x?page_token=b>; rel="next"`}, "b"},
		"an escaped token": {[]string{`</x?page_token=a%3D%26>; rel="next"`}, "a=&"},
	} {
		if got := nextToken(http.Header{"Link": test.links}); got != test.want {
			t.Errorf("%s: the next token is %q, want %q", about, got, test.want)
		}
	}
}
