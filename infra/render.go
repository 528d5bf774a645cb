package infra

import (
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// files are the configurations of Kratos and Keto.
//
//go:embed kratos keto
var files embed.FS

// Variables fill in the blanks of a configuration: strings, numbers and
// booleans for ##name##, slices of strings for @@name@@.
type Variables map[string]any

var blank = regexp.MustCompile(`##(\w+)##|@@(\w+)@@`)

// Render fills in a configuration. ##name## becomes the value, escaped for a
// quoted string of YAML or JSON; @@name@@ becomes a list in brackets. Every
// variable that is missing or of the wrong kind is named in the error.
func Render(template string, variables Variables) (string, error) {
	var wrong []string
	rendered := blank.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.Trim(match, "#@")
		value, known := variables[name]
		_, isList := value.([]string)
		if !known || isList != strings.HasPrefix(match, "@@") {
			wrong = append(wrong, match)
			return match
		}
		text, err := json.Marshal(value) // JSON is YAML.
		if err != nil {
			wrong = append(wrong, match)
			return match
		}
		if _, isString := value.(string); isString {
			text = text[1 : len(text)-1] // The template has the quotes.
		}
		return string(text)
	})
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return "", fmt.Errorf("no fitting value for %s", strings.Join(slices.Compact(wrong), ", "))
	}
	return rendered, nil
}

// inline returns an embedded file as a base64:// address, as Kratos and Keto
// take in place of a path, so that a configuration is one file.
func inline(path string) (string, error) {
	content, err := files.ReadFile(path)
	if err != nil {
		return "", err
	}
	return "base64://" + base64.StdEncoding.EncodeToString(content), nil
}
