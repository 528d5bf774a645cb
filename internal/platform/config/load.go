package config

import (
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Load reads a configuration T, which is a struct of this package or one like it, from
// environ, which has the format of [os.Environ]. A variable NAME can also be set by
// NAME_FILE, the path of a file with the value; containers get secrets as files. Variables
// that are not set, or empty, have their default values. An [*Error] lists all problems.
//
// Names that begin with one of the prefixes are reserved for variables of T: another one
// is a problem, because it is probably misspelled.
func Load[T any](environ []string, prefixes ...string) (T, error) {
	var config T
	variables := variablesOf(&config)
	set, problems := given(variables, environ)
	problems = append(problems, unknown(variables, environ, prefixes)...)
	production := false
	for _, v := range variables {
		text, isSet := set[v.name]
		switch {
		case isSet:
			if !v.parse(text) {
				problems = append(problems, v.name+" must be "+v.rule()+v.advice(text))
			}
		case v.required:
			problems = append(problems, v.name+" must be set")
		default:
			v.parse(v.defaultText)
		}
		production = production || v.name == "ENVIRONMENT" && v.value.String() == "production"
	}
	if production {
		for _, v := range variables {
			problems = append(problems, v.forDevelopmentOnly()...)
			problems = append(problems, v.forBrowsers()...)
		}
	}
	if len(problems) == 0 { // Otherwise some variables have no values.
		problems = together(reflect.ValueOf(config))
	}
	if len(problems) > 0 {
		return config, &Error{Problems: problems}
	}
	return config, nil
}

// together returns what is wrong with variables of one struct together.
func together(config reflect.Value) (problems []string) {
	if related, ok := config.Interface().(interface{ problems() []string }); ok {
		problems = related.problems()
	}
	for _, value := range config.Fields() {
		if value.Kind() == reflect.Struct {
			problems = append(problems, together(value)...)
		}
	}
	return problems
}

// Defaults returns a configuration with the default values.
func Defaults[T any]() T {
	var config T
	for _, v := range variablesOf(&config) {
		v.parse(v.defaultText)
	}
	return config
}

// Given returns the variables of T that environ sets, directly or by a file, in the format
// of [os.Environ].
func Given[T any](environ []string) ([]string, error) {
	var config T
	set, problems := given(variablesOf(&config), environ)
	if len(problems) > 0 {
		return nil, &Error{Problems: problems}
	}
	var result []string
	for _, v := range variablesOf(&config) {
		if text, isSet := set[v.name]; isSet {
			result = append(result, v.name+"="+text)
		}
	}
	return result, nil
}

// Environ is the inverse of [Load]. It leaves out variables that have their default
// values. The result includes secrets.
func Environ[T any](config T) []string {
	defaults := Defaults[T]()
	unchanged := variablesOf(&defaults)
	var result []string
	for i, v := range variablesOf(&config) {
		if !reflect.DeepEqual(v.value.Interface(), unchanged[i].value.Interface()) {
			result = append(result, v.name+"="+v.text())
		}
	}
	return result
}

// Values returns the values of the variables by name. Durations are strings.
func Values[T any](config T) map[string]any {
	values := map[string]any{}
	for _, v := range variablesOf(&config) {
		value := v.value.Interface()
		if isDuration(v.field.Type) {
			value = v.text()
		}
		values[v.name] = value
	}
	return values
}

// given returns the values that environ has for the variables. A later value takes the
// place of an earlier one.
func given(variables []variable, environ []string) (values map[string]string, problems []string) {
	set := map[string]string{}
	for _, entry := range environ {
		name, text, _ := strings.Cut(entry, "=")
		set[name] = text
	}
	values = map[string]string{}
	for _, v := range variables {
		text, file := set[v.name], v.fileName()
		if path := set[file]; path != "" {
			if text != "" {
				problems = append(problems, fmt.Sprintf("%s and %s are both set", v.name, file))
				continue
			}
			content, err := os.ReadFile(path)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", file, err))
			}
			text = strings.TrimRight(string(content), "\r\n") // Editors add line breaks.
		}
		if text != "" {
			values[v.name] = text
		}
	}
	return values, problems
}

// unknown returns a problem for each name in environ that has one of the prefixes and is
// not that of a variable.
func unknown(variables []variable, environ, prefixes []string) (problems []string) {
	known := map[string]bool{}
	for _, v := range variables {
		known[v.name], known[v.fileName()] = true, true
	}
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		isReserved := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if isReserved && !known[name] {
			problems = append(problems, name+" is not a variable of this configuration")
		}
	}
	return problems
}

// forDevelopmentOnly returns a problem if the variable has a value that is not allowed in
// production.
func (v variable) forDevelopmentOnly() []string {
	if refused, restricted := v.tag("development"); restricted && v.text() == refused {
		return []string{fmt.Sprintf("%s must not be %s in production", v.name, refused)}
	}
	if !v.secret {
		return nil
	}
	for value := range strings.SplitSeq(v.text(), ",") {
		if value != "" && slices.ContainsFunc([]string{v.defaultText, v.example}, func(known string) bool { return sameSecret(value, known) }) {
			return []string{v.name + " must not be the value for development in production"}
		}
	}
	return nil
}

// sameSecret reports whether two values are equal, or are URLs with the same password.
func sameSecret(value, known string) bool {
	if value == known {
		return true
	}
	a, aErr := url.Parse(value)
	b, bErr := url.Parse(known)
	if aErr != nil || bErr != nil || b.User == nil {
		return false
	}
	password, _ := a.User.Password()
	developers, isSet := b.User.Password()
	return isSet && password == developers
}

// isDuration reports whether a type is time.Duration, whose kind is that of a number.
func isDuration(t reflect.Type) bool { return t == reflect.TypeFor[time.Duration]() }
