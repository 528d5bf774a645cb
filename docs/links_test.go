package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	code    = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	link    = regexp.MustCompile(`\]\(([^):#]*)(?:#([^)]*))?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestDocuments_Links checks that the links of documents lead to files, and to headings of documents.
func TestDocuments_Links(t *testing.T) {
	t.Parallel()
	here, _ := filepath.Glob("*.md") // Only a malformed pattern is an error.
	root, _ := filepath.Glob("../*.md")
	for _, path := range append(here, root...) {
		for _, found := range link.FindAllStringSubmatch(code.ReplaceAllString(read(t, path), ""), -1) {
			target, anchor := filepath.Join(filepath.Dir(path), found[1]), found[2]
			if found[1] == "" {
				target = path
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s has a link to %s, which does not exist", path, target)
			} else if anchor != "" && !hasHeading(read(t, target), anchor) {
				t.Errorf("%s has a link to the heading %s of %s, which does not exist", path, anchor, target)
			}
		}
	}
}

func hasHeading(document, anchor string) bool {
	for _, found := range heading.FindAllStringSubmatch(document, -1) {
		name := regexp.MustCompile("[^a-z0-9 -]").ReplaceAllString(strings.ToLower(found[1]), "")
		if strings.ReplaceAll(name, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
