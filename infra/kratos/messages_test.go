package kratos_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sourceOfKratos returns the directory of the package of Kratos with the given path, in the pinned version.
func sourceOfKratos(t *testing.T, pkg string) string {
	t.Helper()
	download := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", "github.com/ory/kratos")
	download.Dir = "../local/servers/kratos"
	answer, err := download.Output()
	if err != nil {
		t.Fatalf("download the source of Kratos: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(answer, &module); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(module.Dir, pkg)
}

// messagesOfKratos returns the ids of the messages that Kratos can send, each with the names of its values. It reads the
// functions of package text that make messages.
func messagesOfKratos(t *testing.T) map[int64][]string {
	t.Helper()
	files := token.NewFileSet()
	packages, err := filepath.Glob(filepath.Join(sourceOfKratos(t, "text"), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var parsed []*ast.File
	for _, name := range packages {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	// Constants alone matter: other types may be missing.
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	checker := types.Config{Importer: importer.Default(), Error: func(error) {}}
	_, _ = checker.Check("text", files, parsed, &info)

	messages := map[int64][]string{}
	for _, file := range parsed {
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(function.Name.Name, "New") {
				continue
			}
			var id int64
			var values []string
			ast.Inspect(function, func(node ast.Node) bool {
				pair, ok := node.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				switch key := pair.Key.(type) {
				case *ast.Ident:
					if value := info.Types[pair.Value].Value; key.Name == "ID" && value != nil {
						id, _ = constant.Int64Val(value)
					}
				case *ast.BasicLit:
					if name, err := strconv.Unquote(key.Value); err == nil {
						values = append(values, name)
					}
				}
				return true
			})
			if id == 0 {
				t.Errorf("%s of Kratos makes no message with an id", function.Name.Name)
			}
			messages[id] = values
		}
	}
	return messages
}

var (
	textLine  = regexp.MustCompile(`(?m)^  (\d{7}): (?:\(\{ ([^}]*) \}\)|(\w+),|')`)
	textMaker = regexp.MustCompile(`(?m)^(?:const (\w+) = \(|function (\w+)\()\{ ([^}]*) \}: Context\)`)
)

func TestMessages_HaveATextInEachLanguage(t *testing.T) {
	t.Parallel()
	messages := messagesOfKratos(t)
	if len(messages) < 100 {
		t.Fatalf("Kratos has %d messages, want more than a hundred", len(messages))
	}
	for _, language := range []string{"en", "de"} {
		source, err := os.ReadFile(filepath.Join("..", "..", "web", "src", "text", fmt.Sprintf("messages.%s.ts", language)))
		if err != nil {
			t.Fatal(err)
		}
		shared := map[string]string{} // The values that functions of several messages use.
		for _, found := range textMaker.FindAllStringSubmatch(string(source), -1) {
			shared[found[1]+found[2]] = found[3]
		}
		texts := map[int64]string{} // The values that a text uses.
		for _, found := range textLine.FindAllStringSubmatch(string(source), -1) {
			id, err := strconv.ParseInt(found[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			texts[id] = found[2] + shared[found[3]]
		}
		for id, values := range messages {
			used, ok := texts[id]
			if !ok {
				t.Errorf("message %d of Kratos has no text in the language %s", id, language)
			}
			for value := range strings.SplitSeq(used, ", ") {
				name, _, _ := strings.Cut(value, ":")
				if name != "" && !slices.Contains(values, name) {
					t.Errorf("the text of message %d (%s) uses the value %s, but Kratos sends %v", id, language, name, values)
				}
			}
		}
	}
}
