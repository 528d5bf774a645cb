package graph

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/graph/model"
)

// inputError is a field of an input that breaks a rule.
type inputError struct {
	field string // as the schema names it
	rule  string // what holds for the field, as in "must have 1 to 64 characters"
}

// Error implements error.
func (e *inputError) Error() string { return e.field + " " + e.rule }

// refuse reports every problem with an input, each as an error of its own.
func refuse(ctx context.Context, problems []*inputError) error {
	last := len(problems) - 1
	for _, problem := range problems[:last] {
		graphql.AddError(ctx, problem)
	}
	return problems[last]
}

// checker collects the problems of an input.
type checker struct {
	problems []*inputError
}

func (c *checker) refuse(field, format string, arguments ...any) {
	c.problems = append(c.problems, &inputError{field: field, rule: fmt.Sprintf(format, arguments...)})
}

// text trims a text and checks its length in characters.
func (c *checker) text(field, value string, shortest, longest int) string {
	value = strings.TrimSpace(value)
	switch n := utf8.RuneCountInString(value); {
	case n < shortest && shortest == 1:
		c.refuse(field, "must not be empty")
	case n < shortest || n > longest:
		c.refuse(field, "must have %d to %d characters", shortest, longest)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unprintable):
		c.refuse(field, "must not contain control characters")
	}
	return value
}

// line is a text without line breaks.
func (c *checker) line(field, value string, shortest, longest int) string {
	value = c.text(field, value, shortest, longest)
	if strings.ContainsAny(value, "\n\r\t") {
		c.refuse(field, "must be a single line")
	}
	return value
}

// unprintable says which characters a text may not have. Postgres stores no NUL,
// and nobody means the others.
func unprintable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// optional is a text that may be missing; an empty one counts as null.
func (c *checker) optional(
	field string, value graphql.Omittable[*string], longest int,
	check func(field, value string, shortest, longest int) string,
) graphql.Omittable[*string] {
	text, given := value.ValueOK()
	if !given || text == nil {
		return value
	}
	clean := check(field, *text, 0, longest)
	if clean == "" {
		return graphql.OmittableOf[*string](nil)
	}
	return graphql.OmittableOf(&clean)
}

// required is a text that may be left out but not cleared.
func (c *checker) required(
	field string, value graphql.Omittable[*string], shortest, longest int,
	check func(field, value string, shortest, longest int) string,
) graphql.Omittable[*string] {
	text, given := value.ValueOK()
	switch {
	case !given:
		return value
	case text == nil:
		c.refuse(field, "must not be null")
		return value
	}
	clean := check(field, *text, shortest, longest)
	return graphql.OmittableOf(&clean)
}

// Limits of a cat's profile, as the schema's descriptions promise them.
const (
	maxName         = 64
	maxAge          = 40
	minDescription  = 3
	maxDescription  = 2000
	maxInstructions = 2000
	maxLocation     = 100
	maxPhotos       = 10
)

func (c *checker) age(age int) {
	if age < 0 || age > maxAge {
		c.refuse("age", "must be from 0 to %d years", maxAge)
	}
}

func (c *checker) photos(photos []string) {
	if len(photos) > maxPhotos {
		c.refuse("photosUrls", "must have at most %d photos", maxPhotos)
	}
}

// cleanNewCat returns the input with its texts trimmed, or what is wrong with it.
func cleanNewCat(in model.CreateCatProfileInput) (model.CreateCatProfileInput, []*inputError) {
	var c checker
	in.Name = c.line("name", in.Name, 1, maxName)
	c.age(in.Age)
	in.Description = c.text("description", in.Description, minDescription, maxDescription)
	in.SpecialCareInstructions = c.optional("specialCareInstructions", in.SpecialCareInstructions, maxInstructions, c.text)
	c.photos(in.PhotosUrls.Value())
	in.Location = c.optional("location", in.Location, maxLocation, c.line)
	return in, c.problems
}

// cleanCatChange returns the input with its texts trimmed, or what is wrong with
// it.
func cleanCatChange(in model.UpdateCatProfileInput) (model.UpdateCatProfileInput, []*inputError) {
	var c checker
	in.Name = c.required("name", in.Name, 1, maxName, c.line)
	if age, given := in.Age.ValueOK(); given && age == nil {
		c.refuse("age", "must not be null")
	} else if given {
		c.age(*age)
	}
	in.Description = c.required("description", in.Description, minDescription, maxDescription, c.text)
	in.SpecialCareInstructions = c.optional("specialCareInstructions", in.SpecialCareInstructions, maxInstructions, c.text)
	c.photos(in.PhotosUrls.Value())
	in.Location = c.optional("location", in.Location, maxLocation, c.line)
	if available, given := in.Available.ValueOK(); given && available == nil {
		c.refuse("available", "must not be null")
	}
	return in, c.problems
}

// Sizes of a page.
const (
	usualPage = 20
	maxPage   = 100
)

// page is the size of a page and the direction in which it is read: exactly one
// of the two is set.
type page struct {
	first, last *int
}

// pageOf checks the size of a page and fills in the usual one.
func pageOf(first, last *int) (page, []*inputError) {
	var c checker
	size := func(field string, n *int) {
		if n != nil && (*n < 0 || *n > maxPage) {
			c.refuse(field, "must be from 0 to %d", maxPage)
		}
	}
	size("first", first)
	size("last", last)
	switch {
	case first != nil && last != nil:
		c.refuse("last", "must not be given together with first")
	case first == nil && last == nil:
		usual := usualPage
		first = &usual
	}
	return page{first: first, last: last}, c.problems
}
