package docs_test

import (
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// TestErrors_Reasons checks that frontends learn what each reason of a conflict means, and that the pages have a text.
func TestErrors_Reasons(t *testing.T) {
	t.Parallel()
	errors, english, german := read(t, "errors.md"), read(t, "../web/src/text/en.ts"), read(t, "../web/src/text/de.ts")
	for _, reason := range apperr.Reasons() {
		if !strings.Contains(errors, "| `"+string(reason)+"` |") {
			t.Errorf("errors.md does not describe the reason %s", reason)
		}
		if !strings.Contains(english, string(reason)+": {") || !strings.Contains(german, string(reason)+": {") {
			t.Errorf("the pages have no text for the reason %s in both languages", reason)
		}
	}
}
