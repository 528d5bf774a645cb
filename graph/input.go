package graph

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/usecase"
)

// validator validates the arguments of a field and converts them to those of a use case.
// It collects all problems, so that the client learns about all of them at once.
type validator struct {
	problems apperr.Fields
}

// err returns the problems as one error, or nil if there are none.
func (v *validator) err() error { return v.problems.Err() }

// page validates the arguments of a connection.
func (v *validator) page(first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) objects.Page {
	page, problems := objects.NewPage(first, after, last, before)
	v.problems = append(v.problems, problems...)
	return page
}

func (v *validator) ids(ids []uuid.UUID) {
	if len(ids) > limits.MaxPage {
		v.problems.Add("ids", "must be at most %d", limits.MaxPage)
	}
}

func (v *validator) newCat(in model.CreateCatProfileInput) usecase.NewCat {
	return usecase.NewCat{
		Name:                    v.line("name", in.Name, 1, limits.MaxName),
		Age:                     v.age("age", in.Age),
		Description:             v.text("description", in.Description, limits.MinDescription, limits.MaxText),
		SpecialCareInstructions: v.nullable("specialCareInstructions", in.SpecialCareInstructions, limits.MaxText, v.text).Value,
		PhotosURLs:              v.photos(in.PhotosUrls.Value()),
		Location:                v.nullable("location", in.Location, limits.MaxLocation, v.line).Value,
		Available:               in.Available.Value(),
	}
}

func (v *validator) catEdit(in model.UpdateCatProfileInput) usecase.CatEdit {
	return usecase.CatEdit{
		Name:                    v.required("name", in.Name, 1, limits.MaxName, v.line),
		Age:                     v.requiredAge("age", in.Age),
		Description:             v.required("description", in.Description, limits.MinDescription, limits.MaxText, v.text),
		SpecialCareInstructions: v.nullable("specialCareInstructions", in.SpecialCareInstructions, limits.MaxText, v.text),
		PhotosURLs:              v.optionalPhotos(in.PhotosUrls),
		Location:                v.nullable("location", in.Location, limits.MaxLocation, v.line),
		Available:               requireValue(v, "available", in.Available),
	}
}

// catFilter returns the filter with its texts trimmed.
func (v *validator) catFilter(filter *model.CatProfileFilter) *model.CatProfileFilter {
	if filter == nil {
		return nil
	}
	f := *filter
	f.Search = graphql.OmittableOf(v.nullable("search", f.Search, limits.MaxSearch, v.text).Value)
	// A longer text is refused already.
	if search := f.Search.Value(); search != nil && len(*search) <= limits.MaxSearch*utf8.UTFMax && len(objects.SearchWords(*search)) > limits.MaxSearchWords {
		v.problems.Add("search", "must have at most %d words", limits.MaxSearchWords)
	}
	f.Location = graphql.OmittableOf(v.nullable("location", f.Location, limits.MaxLocation, v.line).Value)
	low, high := f.AgeMin.Value(), f.AgeMax.Value()
	if low != nil {
		v.age("ageMin", *low)
	}
	if high != nil {
		v.age("ageMax", *high)
	}
	if low != nil && high != nil && *low > *high {
		v.problems.Add("ageMax", "must not be below ageMin")
	}
	switch from, until := f.FreeFrom.Value(), f.FreeUntil.Value(); {
	case from == nil && until != nil:
		v.problems.Add("freeFrom", "must be given together with freeUntil")
	case from != nil && until == nil:
		v.problems.Add("freeUntil", "must be given together with freeFrom")
	case from != nil && until.Before(*from):
		v.problems.Add("freeUntil", "must not be before freeFrom")
	}
	return &f
}

func (v *validator) fosteringRequest(in model.RequestFosteringInput, today time.Time) usecase.FosteringRequest {
	request := usecase.FosteringRequest{
		CatID: in.CatProfileID, StartDate: in.StartDate, EndDate: in.EndDate,
		Message: v.nullable("message", in.Message, limits.MaxText, v.text).Value,
	}
	v.problems = append(v.problems, fostering.CheckDates(in.StartDate, in.EndDate, today)...)
	return request
}

// fosteringEdit leaves the check of the dates to the use case, which knows the dates that
// stay as they are.
func (v *validator) fosteringEdit(in model.UpdateFosteringInput) usecase.FosteringEdit {
	return usecase.FosteringEdit{
		Message:   v.nullable("message", in.Message, limits.MaxText, v.text),
		StartDate: requireValue(v, "startDate", in.StartDate),
		EndDate:   requireValue(v, "endDate", in.EndDate),
	}
}

func (v *validator) rejectionReason(reason *string) *string {
	return v.nullable("reason", graphql.OmittableOf(reason), limits.MaxText, v.text).Value
}

func (v *validator) profileEdit(in model.UpdateProfileInput) usecase.ProfileEdit {
	return usecase.ProfileEdit{
		Bio:      v.nullable("bio", in.Bio, limits.MaxText, v.text),
		Location: v.nullable("location", in.Location, limits.MaxLocation, v.line),
	}
}

// check validates a text and returns it trimmed: see text and line.
type check func(field, value string, minLength, maxLength int) string

// text trims a text and checks its length in characters.
func (v *validator) text(field, value string, minLength, maxLength int) string {
	value = strings.TrimSpace(value)
	switch n := utf8.RuneCountInString(value); {
	case n < minLength && minLength == 1:
		v.problems.Add(field, "must not be empty")
	case n < minLength || n > maxLength:
		v.problems.Add(field, "must have %d to %d characters", minLength, maxLength)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, isControl):
		v.problems.Add(field, "must not contain control characters") // Postgres cannot store NUL.
	}
	return value
}

// line is a text without line breaks and tabs.
func (v *validator) line(field, value string, minLength, maxLength int) string {
	value = v.text(field, value, minLength, maxLength)
	if strings.ContainsAny(value, "\n\r\t") {
		v.problems.Add(field, "must be a single line")
	}
	return value
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// nullable is a text that may be omitted or null. An empty text counts as null.
func (v *validator) nullable(field string, in graphql.Omittable[*string], maxLength int, check check) usecase.Field[string] {
	value, set := in.ValueOK()
	if value == nil {
		return usecase.Field[string]{Set: set}
	}
	clean := check(field, *value, 0, maxLength)
	if clean == "" {
		return usecase.Field[string]{Set: true}
	}
	return usecase.Field[string]{Set: true, Value: &clean}
}

// required is a text that may be omitted but not null. It returns nil if it is omitted.
func (v *validator) required(field string, in graphql.Omittable[*string], minLength, maxLength int, check check) *string {
	value := requireValue(v, field, in)
	if value == nil {
		return nil
	}
	clean := check(field, *value, minLength, maxLength)
	return &clean
}

// requireValue refuses null. It returns nil if the field is omitted.
func requireValue[T any](v *validator, field string, in graphql.Omittable[*T]) *T {
	value, set := in.ValueOK()
	if set && value == nil {
		v.problems.Add(field, "must not be null")
	}
	return value
}

func (v *validator) age(field string, age int) int {
	if age < 0 || age > limits.MaxAge {
		v.problems.Add(field, "must be from 0 to %d years", limits.MaxAge)
	}
	return age
}

func (v *validator) requiredAge(field string, in graphql.Omittable[*int]) *int {
	age := requireValue(v, field, in)
	if age != nil {
		v.age(field, *age)
	}
	return age
}

// optionalPhotos accepts null as an empty list.
func (v *validator) optionalPhotos(in graphql.Omittable[[]string]) usecase.Field[[]string] {
	photos, set := in.ValueOK()
	if !set {
		return usecase.Field[[]string]{}
	}
	photos = v.photos(photos)
	return usecase.Field[[]string]{Set: true, Value: &photos}
}

func (v *validator) photos(photos []string) []string {
	if len(photos) > limits.MaxPhotos {
		v.problems.Add("photosUrls", "must have at most %d photos", limits.MaxPhotos)
		return photos
	}
	for i, photo := range photos {
		if problem := scalar.CheckURL(photo); problem != nil {
			v.problems.Add("photosUrls", "are not all usable: number %d %s", i+1, problem)
			break
		}
	}
	return photos
}
