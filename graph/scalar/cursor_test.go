package scalar_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// TestCursor_RoundTrip encodes and decodes cursors.
func TestCursor_RoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range []scalar.Cursor{
		{Order: "CREATED_AT", Value: "2026-01-02T03:04:05.678901Z", ID: uuid.New()},
		{Order: "NAME", Value: "", ID: uuid.Nil},
		{Order: "NAME", Value: "Züsi \"the cat\" 𝄞\n", ID: uuid.Max},
		{Order: "NAME", Value: strings.Repeat("é", 300), ID: uuid.New()},
		{Order: "CREATED_AT", Value: strings.Repeat("𝄞", limits.PointsOfCharacter*limits.MaxName), ID: uuid.New()}, // As long as a name may be.
	} {
		var encoded bytes.Buffer
		want.MarshalGQL(&encoded)
		var text string
		if err := json.Unmarshal(encoded.Bytes(), &text); err != nil {
			t.Errorf("%+v is encoded as %s, which is no JSON: %v", want, &encoded, err)
		}
		var got scalar.Cursor
		if err := got.UnmarshalGQL(text); err != nil || got != want {
			t.Errorf("%+v comes back as %+v, %v", want, got, err)
		}
	}
}

func TestCursor_Refusals(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]any{
		"not a text":       7,
		"empty":            "",
		"not base64":       "a b",
		"too short":        "AAAA",
		"an id alone":      strings.Repeat("A", 22),
		"without an order": strings.Repeat("A", 22) + "AA",
		"too long":         strings.Repeat("A", 3000),
	} {
		if err := new(scalar.Cursor).UnmarshalGQL(text); err == nil {
			t.Errorf("a cursor that is %s is accepted", name)
		}
	}
}
