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
func Load[T any](environ []string) (T, error) {
	var config T
	set, problems := given(variablesOf(&config), environ)
	production := false
	for _, v := range variablesOf(&config) {
		text, isSet := set[v.name]
		switch {
		case isSet:
			if !v.parse(text) {
				problems = append(problems, v.name+" must be "+v.rule())
			}
		case v.required:
			problems = append(problems, v.name+" must be set")
		default:
			v.parse(v.defaultText)
		}
		production = production || v.name == "ENVIRONMENT" && v.value.String() == "production"
	}
	if production {
		for _, v := range variablesOf(&config) {
			problems = append(problems, v.forDevelopmentOnly()...)
		}
	}
	if len(problems) > 0 {
		return config, &Error{Problems: problems}
	}
	return config, nil
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

// forDevelopmentOnly returns a problem if the variable has a value that is not allowed in
// production.
func (v variable) forDevelopmentOnly() []string {
	if allowed, restricted := v.tag("production"); restricted && v.text() != allowed {
		return []string{fmt.Sprintf("%s must be %s in production", v.name, allowed)}
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
