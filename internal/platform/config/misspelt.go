package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Misspelt is a variable of the environment that is none of a configuration, and is probably meant to be one.
type Misspelt struct {
	// Name is that of the variable, Nearest that of the variable which is perhaps meant.
	Name, Nearest string
}

// FindMisspelt returns the variables in environ that are probably meant for T: their names differ by a letter or two from
// one of T, or begin as those of a group of T. They are no [Error]: a server that goes back to the version
// before must start with the variables of this one, and other programs have names of their own.
func FindMisspelt[T any](environ []string) []Misspelt {
	var config T
	variables := variablesOf(&config)
	names := make([]string, 0, 2*len(variables))
	for _, v := range variables {
		names = append(names, v.name, v.fileName())
	}
	var found []Misspelt
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if slices.Contains(names, name) || isOfKubernetes(name, value) {
			continue
		}
		nearest := slices.MinFunc(names, func(a, b string) int {
			return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
		})
		if isOfGroup(name) || levenshtein.ComputeDistance(name, nearest) <= tolerance(nearest) {
			found = append(found, Misspelt{Name: name, Nearest: nearest})
		}
	}
	return found
}

// isOfGroup reports whether a name begins as those of a group of variables that no other program uses. Names that begin
// with POSTGRES_, ORY_ or OTEL_ are also those of others.
func isOfGroup(name string) bool {
	return regexp.MustCompile(`^(ORY_KRATOS|ORY_KETO|ORY_ACTION|RATE_LIMIT|QUOTA)_`).MatchString(name)
}

// tolerance returns how many letters of a name may be wrong. Short names, such as PAGES and HOST, differ from those of
// other programs by a letter.
func tolerance(name string) int {
	switch {
	case len(name) < 8:
		return 0
	case len(name) < 12:
		return 1
	}
	return 2
}

// isOfKubernetes reports whether Kubernetes has set a variable: it does so for each service of the namespace, such as
// ORY_KETO_READ_SERVICE_HOST for the service ory-keto-read.
func isOfKubernetes(name, value string) bool {
	return regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?$`).MatchString(name) ||
		strings.HasSuffix(name, "_PORT") && strings.Contains(value, "://")
}
