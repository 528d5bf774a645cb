package scalar_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
)

// encoded returns what is written into an answer as a text.
func encoded(t *testing.T, value graphql.Marshaler) string {
	t.Helper()
	var written bytes.Buffer
	value.MarshalGQL(&written)
	var text string
	if err := json.Unmarshal(written.Bytes(), &text); err != nil {
		t.Fatalf("the answer has no JSON string: %q", written.String())
	}
	return text
}

// FuzzCursor decodes any text as a cursor. One that is accepted is encoded to one with the same
// meaning, and holds no text that Postgres would refuse.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "!", "YQ", "YW4gaWQgb2YgMTYgYnl0ZU5BTUUAeA", strings.Repeat("A", 1024), strings.Repeat("A", 1025)} {
		f.Add(seed)
	}
	var written bytes.Buffer
	scalar.Cursor{Order: "NAME", Value: "Godard", ID: uuid.Max}.MarshalGQL(&written)
	f.Add(strings.Trim(written.String(), `"`))
	f.Fuzz(func(t *testing.T, text string) {
		var cursor scalar.Cursor
		if cursor.UnmarshalGQL(text) != nil {
			return
		}
		if cursor.Order == "" || strings.ContainsRune(cursor.Order, 0) || !utf8.ValidString(cursor.Value) || strings.ContainsRune(cursor.Value, 0) {
			t.Errorf("a cursor with the order %q and the value %q is accepted", cursor.Order, cursor.Value)
		}
		var again scalar.Cursor
		if err := again.UnmarshalGQL(encoded(t, cursor)); err != nil || again != cursor {
			t.Errorf("the cursor %+v is encoded to %+v, %v", cursor, again, err)
		}
	})
}

// FuzzScalars decodes any JSON value as an ID, a URL, a Date and a Time. What is accepted is
// encoded to a value with the same meaning.
func FuzzScalars(f *testing.F) {
	for _, seed := range []string{
		`null`, `7`, `1e999`, `true`, `[]`, `{}`, `""`, `"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"`, `"{0198c2f46d3a7bce9d0f3f2a1b4c5d6e}"`,
		`"https://example.org/ü?q=1#f"`, `"https://[::1]:8080/"`, `"javascript:alert(1)"`, `"http://a:b@c"`, `"http://a\u0000"`,
		`"2026-12-01"`, `"0000-01-01"`, `"2026-02-30"`, `"2026-12-01T09:30:00Z"`, `"2026-12-01T09:30:00+25:00"`, `"\ud800"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			return
		}
		if id, err := scalar.UnmarshalID(value); err == nil {
			if again, err := scalar.UnmarshalID(encoded(t, scalar.MarshalID(id))); err != nil || again != id {
				t.Errorf("the id %v is encoded to %v, %v", id, again, err)
			}
		}
		if address, err := scalar.UnmarshalURL(value); err == nil && scalar.CheckURL(address) == nil {
			checkURL(t, address)
		}
		if day, err := scalar.UnmarshalDate(value); err == nil {
			if again, err := scalar.UnmarshalDate(encoded(t, scalar.MarshalDate(day))); err != nil || !again.Equal(day) || day.Year() < 1 || day.Year() > 9999 {
				t.Errorf("the day %v is encoded to %v, %v", day, again, err)
			}
		}
		if at, err := graphql.UnmarshalTime(value); err == nil && !at.IsZero() && at.Year() > 0 && at.Year() < 10_000 {
			if again, err := time.Parse(time.RFC3339Nano, encoded(t, graphql.MarshalTime(at))); err != nil || !again.Equal(at) {
				t.Errorf("the time %v is encoded to %v, %v", at, again, err)
			}
		}
	})
}

// checkURL checks a URL that has been accepted: a browser must not run it, nor Postgres refuse it.
func checkURL(t *testing.T, address string) {
	t.Helper()
	lower := strings.ToLower(address)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		t.Errorf("the URL %q is accepted", address)
	}
	if !utf8.ValidString(address) || strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		t.Errorf("the URL %q with control characters is accepted", address)
	}
	if again := encoded(t, scalar.MarshalURL(address)); again != address {
		t.Errorf("the URL %q is encoded to %q", address, again)
	}
}
