package mailer

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/domain/notification"
)

var update = flag.Bool("update", false, "write the letters that the test compares")

func newTestLetters(t *testing.T) letters {
	t.Helper()
	l, err := newLetters("Cats of Berlin", "https://cats.example/")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLetters compares the letters of each kind and language with those that were read and found good: go test -update writes them.
func TestLetters(t *testing.T) {
	t.Parallel()
	l := newTestLetters(t)
	var all strings.Builder
	for _, language := range []string{"en", "de"} {
		for _, rule := range notification.Rules() {
			for _, actor := range []string{"Ada", "", names.Former} {
				s := subject{
					id: uuid.MustParse("01a22910-08f0-7dd7-8096-15036bc10bd9"), actor: actor, cat: "Mimi",
					start: time.Date(2026, 12, 9, 0, 0, 0, 0, time.UTC), end: time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC),
				}
				token := "SECRET"
				if rule.Security {
					s, token = subject{}, ""
				}
				got, err := l.write(language, rule.Kind, s, token)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(got.Text+got.HTML, "{who}") {
					t.Errorf("%s in %s has a gap: %s", rule.Kind, language, got.Text)
				}
				fmt.Fprintf(&all, "%s %s by %q: %s\n", language, rule.Kind, actor, got.Subject)
				switch {
				case rule.Kind == notification.Requested && actor == "Ada", rule.Security && actor == "":
					fmt.Fprintf(&all, "%s\n%s\n", got.Text, got.HTML)
				case (rule.Kind == notification.Completed || rule.Kind == notification.Reference) && actor == "Ada":
					fmt.Fprintf(&all, "%s\n", got.Text)
				}
			}
		}
	}
	path := filepath.Join("testdata", "letters.txt")
	if *update {
		if err := os.WriteFile(path, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if all.String() != string(want) {
		t.Errorf("the letters differ from %s (see go test -update):\n%s", path, all.String())
	}
}

// TestLetters_Hostile has names that would change the page or the lines of a mail.
func TestLetters_Hostile(t *testing.T) {
	t.Parallel()
	got, err := newTestLetters(t).write("fr", notification.Requested, subject{actor: "<script>x</script>", cat: "Mimi\r\nBcc: eve"}, "a b&c")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.HTML, "<script>") || strings.ContainsAny(got.Subject, "\r\n") {
		t.Errorf("the subject is %q, the page %s", got.Subject, got.HTML)
	}
	if want := "https://cats.example/unsubscribe?token=a+b%26c"; got.Unsubscribe != want || !strings.Contains(got.Text, want) {
		t.Errorf("the link is %q, want %q; it is in the text too: %s", got.Unsubscribe, want, got.Text)
	}
	if !strings.Contains(got.HTML, `lang="en"`) {
		t.Errorf("a language that is not known: %s", got.HTML)
	}
}
