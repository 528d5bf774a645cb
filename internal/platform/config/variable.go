package config

import (
	"fmt"
	"net"
	"net/http"
	"net/mail"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/catfoster/catfoster/internal/domain/community"
	domainlimits "github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// variable is a field of a configuration with these tags:
//
//	env         its name, then ",required" and ",secret" where they apply
//	default     its default value
//	example     a value for .env.example
//	min, max    the limits of a number or a duration, or of the length of a text
//	oneof       the values that are allowed
//	format      what a text must be: see formatRule
//	development a value that is refused in production
//	browsers    marks addresses that browsers use: see forBrowsers
//
// Rules of a list, which is separated by commas, apply to each of its elements.
type variable struct {
	name             string
	required, secret bool
	defaultText      string
	example          string

	of    reflect.Type // the struct with the field
	field reflect.StructField
	value reflect.Value
}

// variablesOf returns the variables of a configuration, a pointer to a struct, in the
// order of their fields.
func variablesOf(config any) []variable {
	return appendVariables(nil, reflect.ValueOf(config).Elem())
}

func appendVariables(variables []variable, of reflect.Value) []variable {
	for field, value := range of.Fields() {
		tag, isVariable := field.Tag.Lookup("env")
		if !isVariable {
			variables = appendVariables(variables, value)
			continue
		}
		options := strings.Split(tag, ",")
		variables = append(variables, variable{
			name:        options[0],
			required:    slices.Contains(options, "required"),
			secret:      slices.Contains(options, "secret"),
			defaultText: field.Tag.Get("default"),
			example:     field.Tag.Get("example"),
			of:          of.Type(),
			field:       field,
			value:       value,
		})
	}
	return variables
}

func (v variable) tag(name string) (string, bool) { return v.field.Tag.Lookup(name) }

// fileName returns the variable with the path of a file.
func (v variable) fileName() string {
	if strings.ToLower(v.name) == v.name {
		return v.name + "_file"
	}
	return v.name + "_FILE"
}

// parse sets the field to a text, and reports whether the text follows the rule. An empty
// text, which is a default value, always does.
func (v variable) parse(text string) bool {
	if text == "" {
		v.value.SetZero()
		return true
	}
	if v.value.Kind() != reflect.Slice {
		return v.parseElement(v.value, text)
	}
	list := reflect.MakeSlice(v.value.Type(), 0, 0)
	for part := range strings.SplitSeq(text, ",") {
		element := reflect.New(v.value.Type().Elem()).Elem()
		if !v.parseElement(element, strings.TrimSpace(part)) {
			return false
		}
		list = reflect.Append(list, element)
	}
	v.value.Set(list)
	return true
}

func (v variable) parseElement(element reflect.Value, text string) bool {
	var err error
	var number float64
	switch value := element.Addr().Interface().(type) {
	case *string:
		*value, number = text, float64(len(text))
	case *bool:
		*value, err = strconv.ParseBool(text)
	case *time.Duration:
		*value, err = time.ParseDuration(text)
		number = float64(*value)
	case *int:
		*value, err = strconv.Atoi(text)
		number = float64(*value)
	case *uint16:
		var parsed uint64
		parsed, err = strconv.ParseUint(text, 10, 16)
		*value, number = uint16(parsed), float64(parsed)
	default:
		panic(fmt.Sprintf("the variable %s has the type %s, which cannot be read", v.name, element.Type()))
	}
	return err == nil && v.between(number) && v.isAllowed(text) && v.hasFormat(text)
}

// text is the inverse of parse.
func (v variable) text() string {
	if v.value.Kind() != reflect.Slice {
		return fmt.Sprint(v.value)
	}
	var parts []string
	for _, element := range v.value.Seq2() {
		parts = append(parts, fmt.Sprint(element))
	}
	return strings.Join(parts, ",")
}

// between reports whether a number, or the length of a text, is within the limits.
func (v variable) between(value float64) bool {
	low, isLimited := v.tag("min")
	if isLimited && value < v.limit(low) {
		return false
	}
	high, isLimited := v.tag("max")
	return !isLimited || value <= v.limit(high)
}

// limit returns the value of the tag min or max.
func (v variable) limit(text string) float64 {
	if d, err := time.ParseDuration(text); err == nil && isDuration(v.field.Type) {
		return float64(d)
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("a limit of %s: %v", v.name, err))
	}
	return value
}

func (v variable) isAllowed(text string) bool {
	allowed, limited := v.tag("oneof")
	return !limited || slices.Contains(strings.Split(allowed, ","), text)
}

func (v variable) hasFormat(text string) bool {
	name, limited := v.tag("format")
	if !limited {
		return true
	}
	_, valid := formatRule(name, text)
	return valid
}

// formatRule describes a format, and reports whether a text has it.
func formatRule(format, text string) (rule string, valid bool) {
	name, argument, _ := strings.Cut(format, ":")
	switch name {
	case "url":
		schemes := strings.Split(argument, ",")
		return "a URL that begins with " + strings.Join(schemes, ":// or ") + "://", isAddress(schemes, text)
	case "postgres":
		rule, valid = formatRule("url:"+argument, text)
		return rule, valid || isSocket(strings.Split(argument, ","), text)
	case "dsn":
		rule, valid = formatRule("url:"+argument, text)
		return rule + ", or memory", valid || text == "memory"
	case "origin":
		// AddTrustedOrigin refuses what is not an origin.
		return "an origin such as https://catfoster.example",
			http.NewCrossOriginProtection().AddTrustedOrigin(text) == nil && !strings.Contains(text, "*")
	case "host":
		return "a host name or an IP address", net.ParseIP(text) != nil || regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`).MatchString(text)
	case "network":
		_, err := peer.ParseNetwork(text)
		return "an IP address or a network such as 10.0.0.0/8", err == nil
	case "storage":
		folder, isFolder := strings.CutPrefix(text, "file:")
		rule, isBucket := formatRule("url:s3", text)
		return "file: and the path of a folder, or " + rule, isFolder && folder != "" || isBucket
	case "file":
		return "the path of a file", text != ""
	case "cookie":
		return "the name of a cookie", regexp.MustCompile(`^[\w-]+$`).MatchString(text)
	case "name":
		return fmt.Sprintf("a name of at most %d characters, in one line, without invisible characters", domainlimits.MaxName), isName(text)
	case "zone":
		_, err := community.Zone(text)
		return "a time zone of the IANA database, such as Europe/Berlin", err == nil
	case "email":
		address, err := mail.ParseAddress(text)
		return "an email address", err == nil && address.Address == text
	}
	panic("unknown format " + format)
}

// isName reports whether a text follows the rules for what members call things.
func isName(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= domainlimits.MaxName && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, unicode.IsControl) && len(names.Check("", text)) == 0
}

// rule describes the values that are allowed.
func (v variable) rule() string {
	t := v.field.Type
	if t.Kind() == reflect.Slice {
		return "a list separated by commas, each " + v.elementRule(t.Elem())
	}
	return v.elementRule(t)
}

func (v variable) elementRule(t reflect.Type) string {
	if allowed, limited := v.tag("oneof"); limited {
		return strings.ReplaceAll(allowed, ",", " or ")
	}
	if format, limited := v.tag("format"); limited {
		rule, _ := formatRule(format, "")
		return rule
	}
	low, _ := v.tag("min")
	high, _ := v.tag("max")
	switch {
	case t.Kind() == reflect.Bool:
		return "true or false"
	case isDuration(t):
		return "a duration" + limits(low, high, "")
	case t.Kind() != reflect.String:
		return "a number" + limits(low, high, "")
	case low == "" && high == "":
		return "a text"
	case low == high:
		return low + " characters long"
	}
	return strings.TrimLeft(limits(low, high, " characters long"), ", ")
}

// limits describes the limits of a value in a unit, which may be empty.
func limits(low, high, unit string) string {
	switch {
	case low == "" && high == "":
		return ""
	case high == "":
		return ", at least " + low + unit
	case low == "":
		return ", at most " + high + unit
	}
	return " from " + low + " to " + high + unit
}
