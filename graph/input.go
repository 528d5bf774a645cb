package graph

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/fostering"
)

// inputError is a field of an input that breaks a rule.
type inputError struct {
	field string // as the schema names it
	rule  string // what holds for the field, as in "must have 1 to 64 characters"
}

// Error implements error.
func (e *inputError) Error() string { return e.field + " " + e.rule }

// checker collects the problems of an input.
type checker struct {
	problems []*inputError
}

// refusal reports every problem, each as an error of its own, and returns the
// last; nil if there is none.
func (c *checker) refusal(ctx context.Context) error {
	last := len(c.problems) - 1
	if last < 0 {
		return nil
	}
	for _, problem := range c.problems[:last] {
		graphql.AddError(ctx, problem)
	}
	return c.problems[last]
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

// nullable is a text that may be missing; an empty one counts as null.
func (c *checker) nullable(
	field string, text *string, longest int,
	check func(field, value string, shortest, longest int) string,
) *string {
	if text == nil {
		return nil
	}
	clean := check(field, *text, 0, longest)
	if clean == "" {
		return nil
	}
	return &clean
}

// optional is a nullable text that may be left out.
func (c *checker) optional(
	field string, value graphql.Omittable[*string], longest int,
	check func(field, value string, shortest, longest int) string,
) graphql.Omittable[*string] {
	text, given := value.ValueOK()
	if !given {
		return value
	}
	return graphql.OmittableOf(c.nullable(field, text, longest, check))
}

// assign writes a field that is given: null clears it.
func assign[U any](value graphql.Omittable[*string], set func(string) U, clear func() U) {
	switch text, given := value.ValueOK(); {
	case given && text == nil:
		clear()
	case given:
		set(*text)
	}
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

// Limits, as the schema's descriptions promise them.
const (
	maxName        = 64
	maxAge         = 40
	minDescription = 3
	maxText        = 2000
	maxLocation    = 100
	maxPhotos      = 10
	maxSearch      = 200
)

func (c *checker) age(field string, age int) {
	if age < 0 || age > maxAge {
		c.refuse(field, "must be from 0 to %d years", maxAge)
	}
}

func (c *checker) photos(photos []string) {
	if len(photos) > maxPhotos {
		c.refuse("photosUrls", "must have at most %d photos", maxPhotos)
		return
	}
	for i, photo := range photos {
		if err := scalar.CheckURL(photo); err != nil {
			c.refuse("photosUrls", "are not all usable: number %d %s", i+1, err)
			return
		}
	}
}

// newCat returns the input with its texts trimmed.
func (c *checker) newCat(in model.CreateCatProfileInput) model.CreateCatProfileInput {
	in.Name = c.line("name", in.Name, 1, maxName)
	c.age("age", in.Age)
	in.Description = c.text("description", in.Description, minDescription, maxText)
	in.SpecialCareInstructions = c.optional("specialCareInstructions", in.SpecialCareInstructions, maxText, c.text)
	c.photos(in.PhotosUrls.Value())
	in.Location = c.optional("location", in.Location, maxLocation, c.line)
	return in
}

// catChange returns the input with its texts trimmed.
func (c *checker) catChange(in model.UpdateCatProfileInput) model.UpdateCatProfileInput {
	in.Name = c.required("name", in.Name, 1, maxName, c.line)
	if age, given := in.Age.ValueOK(); given && age == nil {
		c.refuse("age", "must not be null")
	} else if given {
		c.age("age", *age)
	}
	in.Description = c.required("description", in.Description, minDescription, maxText, c.text)
	in.SpecialCareInstructions = c.optional("specialCareInstructions", in.SpecialCareInstructions, maxText, c.text)
	c.photos(in.PhotosUrls.Value())
	in.Location = c.optional("location", in.Location, maxLocation, c.line)
	if available, given := in.Available.ValueOK(); given && available == nil {
		c.refuse("available", "must not be null")
	}
	return in
}

// catFilter returns the filter with its texts trimmed.
func (c *checker) catFilter(f model.CatProfileFilter) *model.CatProfileFilter {
	f.Search = c.optional("search", f.Search, maxSearch, c.text)
	f.Location = c.optional("location", f.Location, maxLocation, c.line)
	low, high := f.AgeMin.Value(), f.AgeMax.Value()
	if low != nil {
		c.age("ageMin", *low)
	}
	if high != nil {
		c.age("ageMax", *high)
	}
	if low != nil && high != nil && *low > *high {
		c.refuse("ageMax", "must not be below ageMin")
	}
	switch from, until := f.FreeFrom.Value(), f.FreeUntil.Value(); {
	case from == nil && until != nil:
		c.refuse("freeFrom", "must be given together with freeUntil")
	case from != nil && until == nil:
		c.refuse("freeUntil", "must be given together with freeFrom")
	case from != nil && until.Before(*from):
		c.refuse("freeUntil", "must not be before freeFrom")
	}
	return &f
}

// days checks the days of a fostering.
func (c *checker) days(start, end, today time.Time) {
	for _, problem := range fostering.CheckDates(start, end, today) {
		field := "startDate"
		if problem.EndDate {
			field = "endDate"
		}
		c.refuse(field, "%s", problem.Rule)
	}
}

// requiredDay is a day that may be left out but not cleared.
func requiredDay(c *checker, field string, value graphql.Omittable[*time.Time]) *time.Time {
	day, given := value.ValueOK()
	if given && day == nil {
		c.refuse(field, "must not be null")
	}
	return day
}

// sliceProblems are problems with the arguments of a connection.
func sliceProblems(problems []*view.SliceError) []*inputError {
	converted := make([]*inputError, len(problems))
	for i, problem := range problems {
		converted[i] = &inputError{field: problem.Argument, rule: problem.Rule}
	}
	return converted
}
