package server

import (
	"errors"
	"fmt"
	"os"

	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/web"
)

// registerOperations registers the operations of the pages, if they are served, and those of
// the manifests.
func registerOperations(c config.Listen) (guard.Registered, error) {
	var manifests []guard.Manifest
	if c.Pages {
		manifests = append(manifests, guard.Manifest{Name: "the operations of the pages", Content: web.Operations()})
	}
	for _, path := range c.OperationManifests {
		content, err := os.ReadFile(path) //nolint:gosec // The operator names it.
		if err != nil {
			return guard.Registered{}, fmt.Errorf("read a manifest of OPERATION_MANIFESTS: %w", err)
		}
		manifests = append(manifests, guard.Manifest{Name: path, Content: content})
	}
	registered, err := guard.Register(manifests...)
	if err != nil {
		return guard.Registered{}, fmt.Errorf("the operations cannot be registered:\n%w", err)
	}
	if c.TrustedDocuments && registered.Len() == 0 {
		return guard.Registered{}, errors.New("with TRUSTED_DOCUMENTS no operation could run: name those of your frontend by OPERATION_MANIFESTS, or serve the pages")
	}
	return registered, nil
}
