package keto

import (
	"regexp"
	"strings"
)

// Class is a namespace of the permission model. The tests compare code with it.
type Class struct {
	Name        string
	Relations   []string
	Permissions []Permission
}

// Permission is a permission of a class.
type Permission struct {
	Name string
	// Rule is what grants it, in the Ory Permission Language.
	Rule string
}

// Classes reads the classes of namespaces.ts.
func Classes() ([]Class, error) {
	source, err := files.ReadFile("namespaces.ts")
	if err != nil {
		return nil, err
	}
	var (
		class      = regexp.MustCompile(`(?s)class (\w+) implements Namespace \{(\}|.*?\n\})`)
		relation   = regexp.MustCompile(`(?m)^    (\w+): .*\[\]$`)
		permission = regexp.MustCompile(`(?ms)^    (\w+): \(ctx(.*?),$`)
		classes    []Class
	)
	for _, found := range class.FindAllStringSubmatch(string(source), -1) {
		c := Class{Name: found[1]}
		related, permits, _ := strings.Cut(found[2], "permits =")
		for _, match := range relation.FindAllStringSubmatch(related, -1) {
			c.Relations = append(c.Relations, match[1])
		}
		for _, match := range permission.FindAllStringSubmatch(permits, -1) {
			c.Permissions = append(c.Permissions, Permission{match[1], match[2]})
		}
		classes = append(classes, c)
	}
	return classes, nil
}
