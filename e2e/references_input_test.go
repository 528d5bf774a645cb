package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/limits"
)

func TestReferences_Input(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := newCompleted(t, ada, bob)
	text := strings.Repeat("ä", limits.MinReference)
	for about, test := range map[string]struct {
		input map[string]any
		want  []string
	}{
		"nothing":                   {map[string]any{}, []string{"BAD_USER_INPUT recommends", "BAD_USER_INPUT text"}},
		"no text":                   {map[string]any{"recommends": true, "text": nil}, []string{"BAD_USER_INPUT text"}},
		"no opinion":                {map[string]any{"text": text}, []string{"BAD_USER_INPUT recommends"}},
		"an empty text":             {map[string]any{"recommends": true, "text": " \n "}, []string{"BAD_USER_INPUT text"}},
		"a short text":              {map[string]any{"recommends": true, "text": "  " + text[2:]}, []string{"BAD_USER_INPUT text"}},
		"a long text":               {map[string]any{"recommends": true, "text": strings.Repeat("ä", limits.MaxText+1)}, []string{"BAD_USER_INPUT text"}},
		"an invisible text":         {map[string]any{"recommends": true, "text": strings.Repeat("\u200b", limits.MinReference)}, []string{"BAD_USER_INPUT text"}},
		"a long note":               {map[string]any{"tookPlace": false, "privateNote": strings.Repeat("ä", limits.MaxText+1)}, []string{"BAD_USER_INPUT privateNote"}},
		"an opinion without a stay": {map[string]any{"tookPlace": false, "recommends": false, "text": text}, []string{"BAD_USER_INPUT recommends", "BAD_USER_INPUT text"}},
		"what may just be":          {map[string]any{"recommends": false, "text": text, "privateNote": " "}, nil},
	} {
		test.input["fosteringId"] = id
		if got := env.Query(t, ada.Token, writeReference, map[string]any{"input": test.input}).Fields(); !slices.Equal(got, test.want) {
			t.Errorf("a reference with %s: %q, want %q", about, got, test.want)
		}
	}
	hostile := "<script>alert(1)</script>\n\n<b>&amp;</b> https://example.org"
	refer(t, bob, id, map[string]any{"text": hostile, "privateNote": nil})
	if got, _ := seenOf(t, ada, id); !strings.HasSuffix(got, "Bob; "+hostile) {
		t.Errorf("the text is %q, want it as it was written", got)
	}
}

// TestReferences_Repeated sends a reference again, as a browser does that has not got the answer.
func TestReferences_Repeated(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	key := map[string]any{"idempotencyKey": uuid.New()}
	id := newCompleted(t, ada, bob)
	if first, again := refer(t, ada, id, key), refer(t, ada, id, key); first != again {
		t.Errorf("a repetition returns %s, want the first reference %s", again, first)
	}
	key["text"] = "Something else that I had to say."
	got := env.Query(t, ada.Token, writeReference, map[string]any{"input": map[string]any{
		"fosteringId": id, "recommends": true, "text": key["text"], "idempotencyKey": key["idempotencyKey"],
	}})
	if got.Code() != "CONFLICT" || got.Errors[0].Extensions.Reason != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("the same key with another text: %+v, want the reason IDEMPOTENCY_KEY_REUSED", got.Errors)
	}
}
