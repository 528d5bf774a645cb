package web_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/web"
)

func TestBuild_FitsThePolicy(t *testing.T) {
	t.Parallel()
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z0-9]+$`)
	// The Content-Security-Policy refuses inline scripts and styles. A script element with
	// an address is empty.
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]|javascript:`)
	foreign := regexp.MustCompile(`(?i)(src|href)="(https?:)?//`)
	for name, open := range map[string]func() (fs.FS, error){"pages": web.Pages, "playground": web.Playground} {
		files, err := open()
		if err != nil {
			t.Fatal(err)
		}
		document, err := fs.ReadFile(files, "index.html")
		if err != nil {
			t.Fatalf("%s: %v: build them by make web", name, err)
		}
		if found := inline.Find(document); found != nil {
			t.Errorf("%s: index.html contains %q, which the policy refuses", name, found)
		}
		if found := foreign.Find(document); found != nil {
			t.Errorf("%s: index.html loads from another origin: %q", name, found)
		}
		assets, err := fs.ReadDir(files, "assets")
		if err != nil {
			t.Fatal(err)
		}
		if len(assets) == 0 {
			t.Errorf("%s: there are no assets", name)
		}
		for _, asset := range assets {
			if !hashed.MatchString(asset.Name()) {
				t.Errorf("%s: browsers keep assets/%s for ever, but its name has no hash of the content", name, asset.Name())
			}
		}
	}
}

// TestRoutes_AreThoseOfThePages finds the paths that the pages know: all others are answered with the status 404.
func TestRoutes_AreThoseOfThePages(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("src/app/App.tsx")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range regexp.MustCompile(`<Route path="/([^/"]*)`).FindAllSubmatch(source, -1) {
		want[string(path[1])] = true
	}
	got := map[string]bool{}
	for _, route := range web.Routes() {
		got[route] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("the server knows the pages %v, and the pages are %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// TestOperations_CanBeRegistered checks that the operations of the pages fit the schema and the
// limits, and that their ids are the hashes of their texts.
func TestOperations_CanBeRegistered(t *testing.T) {
	t.Parallel()
	registered, err := guard.Register(guard.Manifest{Name: "operations.json", Content: web.Operations()})
	if err != nil {
		t.Error(err)
	}
	var ids map[string]string // by name
	content, err := os.ReadFile("src/api/operationIds.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &ids); err != nil {
		t.Fatal(err)
	}
	if len(ids) == 0 || len(ids) != registered.Len() {
		t.Errorf("the pages have %d operations, and %d are registered", len(ids), registered.Len())
	}
	for name, id := range ids {
		if !bytes.Contains(web.Operations(), []byte(`"`+id+`": "`)) {
			t.Errorf("the operation %s of the pages, %s, is not registered", name, id)
		}
	}
}

func TestPlayground_ExamplesFitTheSchema(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("playground/examples/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Error("there are no examples")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document, problems := gqlparser.LoadQueryWithRules(graph.Schema(), string(text), nil)
		if len(problems) > 0 {
			t.Errorf("%s does not fit the schema: %v", file, problems)
			continue
		}
		var values map[string]any
		variables, err := os.ReadFile(strings.TrimSuffix(file, ".graphql") + ".json")
		switch {
		case err == nil:
			if err := json.Unmarshal(variables, &values); err != nil {
				t.Errorf("the variables of %s: %v", file, err)
			}
		case !os.IsNotExist(err):
			t.Fatal(err)
		}
		for _, operation := range document.Operations {
			if _, err := validator.VariableValues(graph.Schema(), operation, values); err != nil {
				t.Errorf("the variables of %s: %v", file, err)
			}
		}
	}
}
