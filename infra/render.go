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

// files are the configuration files of Kratos and Keto.
//
//go:embed kratos keto
var files embed.FS

// Variables are the values of a template's placeholders: strings, numbers and booleans
// for ##name##, slices of strings for @@name@@.
type Variables map[string]any

var placeholder = regexp.MustCompile(`##(\w+)##|@@(\w+)@@`)

// Render replaces the placeholders of a configuration template. ##name## becomes the
// value, escaped for a double-quoted string in YAML or JSON; @@name@@ becomes a list in
// brackets. The error names every placeholder whose value is missing or has the wrong
// type.
func Render(template string, variables Variables) (string, error) {
	var wrong []string
	rendered := placeholder.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.Trim(match, "#@")
		value, ok := variables[name]
		_, isList := value.([]string)
		if !ok || isList != strings.HasPrefix(match, "@@") {
			wrong = append(wrong, match)
			return match
		}
		text, err := json.Marshal(value) // Every JSON value is a YAML value.
		if err != nil {
			wrong = append(wrong, match)
			return match
		}
		if _, isString := value.(string); isString {
			text = text[1 : len(text)-1] // The template contains the quotes.
		}
		return string(text)
	})
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return "", fmt.Errorf("no value of the right type for %s", strings.Join(slices.Compact(wrong), ", "))
	}
	return rendered, nil
}

// inline returns an embedded file as a base64:// URL. Kratos and Keto accept it in place
// of a path, so that a rendered configuration needs no other files.
func inline(path string) (string, error) {
	content, err := files.ReadFile(path)
	if err != nil {
		return "", err
	}
	return "base64://" + base64.StdEncoding.EncodeToString(content), nil
}
