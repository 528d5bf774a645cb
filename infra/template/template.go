// Package template fills the configuration files of Ory Kratos and Ory Keto with values.
package template

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Values are the values of a template's placeholders: strings, numbers and booleans for
// ##name##, slices of strings for @@name@@.
type Values map[string]any

// Render replaces the placeholders of a template. ##name## becomes the value, escaped for
// a double-quoted string in YAML or JSON; @@name@@ becomes a list in brackets. The error
// names every placeholder whose value is missing or has the wrong type.
func Render(template string, values Values) (string, error) {
	var wrong []string
	placeholder := regexp.MustCompile(`##(\w+)##|@@(\w+)@@`)
	rendered := placeholder.ReplaceAllStringFunc(template, func(match string) string {
		value, ok := values[strings.Trim(match, "#@")]
		list, isList := value.([]string)
		if !ok || isList != strings.HasPrefix(match, "@@") {
			wrong = append(wrong, match)
			return match
		}
		if isList && list == nil {
			return "[]"
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

// Inline fills a file with values and returns it as a base64:// URL. Kratos and Keto accept
// it in place of a path, so that a rendered configuration needs no other files.
func Inline(files fs.FS, path string, values Values) (string, error) {
	content, err := fs.ReadFile(files, path)
	if err != nil {
		return "", err
	}
	rendered, err := Render(string(content), values)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return "base64://" + base64.StdEncoding.EncodeToString([]byte(rendered)), nil
}
