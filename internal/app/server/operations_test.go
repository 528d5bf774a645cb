package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestRegisterOperations_Start(t *testing.T) {
	t.Parallel()
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, empty, bad := write("good.json", `{"a": "{ me { id } }"}`), write("empty.json", `{}`), write("bad.json", `{"b": "{ nope }"}`)
	for about, test := range map[string]struct {
		config config.Listen
		want   []string // parts of the error; none if it is empty
	}{
		"nothing":                            {config.Listen{}, nil},
		"the pages":                          {config.Listen{Pages: true, TrustedDocuments: true}, nil},
		"another frontend":                   {config.Listen{OperationManifests: []string{good}, TrustedDocuments: true}, nil},
		"both":                               {config.Listen{Pages: true, OperationManifests: []string{good, empty}, TrustedDocuments: true}, nil},
		"nothing that could run":             {config.Listen{OperationManifests: []string{empty}, TrustedDocuments: true}, []string{"TRUSTED_DOCUMENTS", "OPERATION_MANIFESTS"}},
		"a file that is missing":             {config.Listen{OperationManifests: []string{good, "missing.json"}}, []string{"OPERATION_MANIFESTS", "missing.json"}},
		"an operation that does not fit":     {config.Listen{OperationManifests: []string{good, bad}, TrustedDocuments: true}, []string{bad, `"b"`, "nope"}},
		"the same, while others may run too": {config.Listen{OperationManifests: []string{bad}}, []string{bad, `"b"`, "nope"}},
	} {
		registered, err := registerOperations(test.config)
		if (err != nil) != (test.want != nil) {
			t.Errorf("%s: the error is %v, want one about %q", about, err, test.want)
		}
		if err != nil && registered.Len() > 0 {
			t.Errorf("%s: %d documents are registered", about, registered.Len())
		}
		for _, part := range test.want {
			if err != nil && !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error does not name %q: %v", about, part, err)
			}
		}
	}
}
