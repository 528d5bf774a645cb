package config

import "reflect"

// Description describes a variable, for documentation.
type Description struct {
	// Struct and Field are where the variable is declared.
	Struct reflect.Type
	Field  string

	Name     string
	Required bool
	Secret   bool
	Default  string
	// Example is a value for .env.example if there is no default.
	Example string
	// Rule completes the sentence "The value must be …".
	Rule string
}

// Describe describes the variables of T in the order of their declaration.
func Describe[T any]() []Description {
	var config T
	variables := variablesOf(&config)
	descriptions := make([]Description, 0, len(variables))
	for _, v := range variables {
		descriptions = append(descriptions, Description{
			Struct: v.of, Field: v.field.Name,
			Name: v.name, Required: v.required, Secret: v.secret, Default: v.defaultText, Example: v.example, Rule: v.rule(),
		})
	}
	return descriptions
}
