package webhooks

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/names"
)

func TestMessages_AreDocumented(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []message{
		{id: idBadCall, at: "#/the form"},
		{id: idBadEmail, at: "#/traits/email", text: "The email address must have 1 to 320 characters."},
		{id: idBadName, at: "#/traits/name", text: "The name must have 1 to 64 characters."},
		{id: idBadName, at: "#/traits/name", text: names.Rule(names.NothingVisible)},
		{id: idBadName, at: "#/traits/name", text: names.Rule(names.Invisible)},
		{id: idBadName, at: "#/traits/name", text: names.Rule(names.Direction)},
		{id: idBadName, at: "#/traits/name", text: names.Rule(names.LineBreak)},
		{id: idBadName, at: "#/traits/name", text: names.Rule(names.Reserved)},
		notVerified(), noAccount(),
		{id: staleForm().id, at: "#/the form", text: staleForm().text},
	} {
		var line string
		for candidate := range strings.Lines(string(document)) {
			if strings.HasPrefix(candidate, fmt.Sprintf("| `%d` |", m.id)) {
				line = candidate
			}
		}
		field := strings.ReplaceAll(strings.TrimPrefix(m.at, "#/"), "/", ".")
		if !strings.Contains(line, field) || !strings.Contains(line, m.text) {
			t.Errorf("docs/identity.md says of message %d: %q; want the field %s and the text %q", m.id, line, field, m.text)
		}
	}
}
