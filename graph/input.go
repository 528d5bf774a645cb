package graph

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/usecase"
)

// validator validates the arguments of a field and converts them to those of a use case.
// It collects all problems, so that the client learns about all of them at once.
type validator struct {
	problems apperr.Fields
	photos   photoRules
	// maxLinks returns how many links a text may have, or -1 if any number, as nil does. It is called for texts with links alone.
	maxLinks func() (int, error)
	failure  error // of maxLinks
}

// catValidator returns a validator of the input of cats by a member.
func (r mutation) catValidator(ctx context.Context, member *ent.User) *validator {
	v := r.writer(ctx, member)
	v.photos = photoRules{Photos: r.photos, member: member.ID, check: func(url string) error { return checkPhoto(ctx, r.hosts, url) }}
	return v
}

// err returns the problems as one error, or nil if there are none.
func (v *validator) err() error {
	if v.failure != nil {
		return v.failure
	}
	return v.problems.Err()
}

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

// newCat is the edit of an empty profile.
func (v *validator) newCat(in model.CreateCatProfileInput) usecase.CatEdit {
	return v.catEdit(model.UpdateCatProfileInput{
		Name:                    graphql.OmittableOf(&in.Name),
		Age:                     unlessNull(in.Age),
		BirthDate:               in.BirthDate,
		BirthDatePrecision:      unlessNull(in.BirthDatePrecision),
		Description:             graphql.OmittableOf(&in.Description),
		SpecialCareInstructions: in.SpecialCareInstructions,
		PhotoIds:                in.PhotoIds,
		PhotosUrls:              in.PhotosUrls,
		Location:                in.Location,
		PlaceID:                 in.PlaceID,
		Available:               unlessNull(in.Available),
		Sex:                     in.Sex,
		Breed:                   in.Breed,
		Neutered:                in.Neutered,
		VaccinatedUntil:         in.VaccinatedUntil,
		Microchipped:            in.Microchipped,
		IndoorOnly:              in.IndoorOnly,
		GoodWithCats:            in.GoodWithCats,
		GoodWithDogs:            in.GoodWithDogs,
		GoodWithChildren:        in.GoodWithChildren,
		NeedsMedication:         in.NeedsMedication,
	})
}

// unlessNull is a value that is left out if it is null.
func unlessNull[T any](in graphql.Omittable[*T]) graphql.Omittable[*T] {
	if in.Value() == nil {
		return graphql.Omittable[*T]{}
	}
	return in
}

// catEdit leaves the days to the use case, which knows today.
func (v *validator) catEdit(in model.UpdateCatProfileInput) usecase.CatEdit {
	if in.BirthDate.Value() != nil { // It wins over the age.
		in.Age = unlessNull(in.Age)
	}
	edit := usecase.CatEdit{
		Name:                    required(v, "name", in.Name, v.name(1, limits.MaxName)),
		Age:                     required(v, "age", in.Age, v.number(0, limits.MaxAge, "years")),
		BirthDate:               anyOf(in.BirthDate),
		BirthDatePrecision:      unlessNull(in.BirthDatePrecision).Value(),
		Description:             required(v, "description", in.Description, v.text(limits.MinDescription, limits.MaxText)),
		SpecialCareInstructions: nullable("specialCareInstructions", in.SpecialCareInstructions, v.text(0, limits.MaxText)),
		Location:                nullable("location", in.Location, v.name(0, limits.MaxLocation)),
		PlaceID:                 anyOf(in.PlaceID),
		Available:               required(v, "available", in.Available, nil),
		Sex:                     anyOf(in.Sex),
		Breed:                   nullable("breed", in.Breed, v.name(0, limits.MaxBreed)),
		Neutered:                anyOf(in.Neutered),
		VaccinatedUntil:         anyOf(in.VaccinatedUntil),
		Microchipped:            anyOf(in.Microchipped),
		IndoorOnly:              anyOf(in.IndoorOnly),
		GoodWithCats:            anyOf(in.GoodWithCats),
		GoodWithDogs:            anyOf(in.GoodWithDogs),
		GoodWithChildren:        anyOf(in.GoodWithChildren),
		NeedsMedication:         anyOf(in.NeedsMedication),
	}
	edit.Photos, edit.PhotosURLs = v.catPhotos(in.PhotoIds, in.PhotosUrls)
	return edit
}

func (v *validator) carePlanEdit(in model.CarePlanInput) usecase.CarePlanEdit {
	text := v.text(0, limits.MaxText)
	return usecase.CarePlanEdit{
		Feeding:               nullable("feeding", in.Feeding, text),
		Medication:            nullable("medication", in.Medication, text),
		Vet:                   nullable("vet", in.Vet, text),
		MayAuthorizeTreatment: anyOf(in.MayAuthorizeTreatment),
		EmergencyContact:      nullable("emergencyContact", in.EmergencyContact, text),
		Habits:                nullable("habits", in.Habits, text),
	}
}

// fosteringRequest, and fosteringEdit too, leave the dates to the use case, which knows today and the
// dates that stay as they are.
func (v *validator) fosteringRequest(in model.RequestFosteringInput) usecase.FosteringRequest {
	return usecase.FosteringRequest{
		CatID: in.CatProfileID, StartDate: in.StartDate, EndDate: in.EndDate, IdempotencyKey: in.IdempotencyKey.Value(),
		Message: nullable("message", in.Message, v.text(0, limits.MaxText)).Value,
	}
}

func (v *validator) fosteringEdit(in model.UpdateFosteringInput) usecase.FosteringEdit {
	return usecase.FosteringEdit{
		Message:   nullable("message", in.Message, v.text(0, limits.MaxText)),
		StartDate: required(v, "startDate", in.StartDate, nil),
		EndDate:   required(v, "endDate", in.EndDate, nil),
	}
}

func (v *validator) fosteringProposal(in model.ProposeFosteringChangeInput) usecase.FosteringProposal {
	return usecase.FosteringProposal{
		FosteringID: in.FosteringID, StartDate: in.StartDate, EndDate: in.EndDate,
		Message: nullable("message", in.Message, v.text(0, limits.MaxText)).Value,
	}
}

func (v *validator) newMessage(in model.SendMessageInput) usecase.NewMessage {
	text := v.text(1, limits.MaxText)("text", in.Text)
	return usecase.NewMessage{FosteringID: in.FosteringID, Text: text, IdempotencyKey: in.IdempotencyKey.Value()}
}

func (v *validator) newReport(in model.ReportContentInput) usecase.NewReport {
	made := usecase.NewReport{
		SubjectID: in.SubjectID, Reason: in.Reason, Text: nullable("text", in.Text, v.text(0, limits.MaxText)).Value,
	}
	if made.Reason == report.Other && made.Text == nil {
		v.problems.Add("text", "must say what is wrong, as the reason is OTHER")
	}
	return made
}

func (v *validator) resolution(in model.ResolveReportInput, now time.Time) usecase.Resolution {
	decided := usecase.Resolution{
		Decision: in.Decision,
		Reason:   nullable("reason", in.Reason, v.text(0, limits.MaxText)).Value,
		Until:    nullable("until", in.Until, v.after(now)).Value,
	}
	if decided.Decision != report.Dismiss && decided.Reason == nil {
		v.problems.Add("reason", "must be given, unless the report is dismissed")
	}
	if decided.Decision != report.Suspend && decided.Until != nil {
		v.problems.Add("until", "must be left out, unless the member is suspended")
	}
	return decided
}

func (v *validator) suspension(in model.SuspendUserInput, now time.Time) usecase.Suspension {
	return usecase.Suspension{
		UserID: in.UserID, Until: nullable("until", in.Until, v.after(now)).Value, Reason: v.text(1, limits.MaxText)("reason", in.Reason),
	}
}

func (v *validator) reason(reason *string) *string {
	return nullable("reason", graphql.OmittableOf(reason), v.text(0, limits.MaxText)).Value
}

func (v *validator) profileEdit(in model.UpdateProfileInput) usecase.ProfileEdit {
	return usecase.ProfileEdit{
		Bio:      nullable("bio", in.Bio, v.text(0, limits.MaxText)),
		Location: nullable("location", in.Location, v.name(0, limits.MaxLocation)),
		PlaceID:  anyOf(in.PlaceID),
		PhotoID:  anyOf(in.PhotoID),
	}
}

// check validates a value and returns it as it is stored.
type check[T any] func(field string, value T) T

// plain trims a text, brings it into its normal form, and checks its length in characters of
// Unicode.
func (v *validator) plain(minLength, maxLength int) check[string] {
	return v.counted(minLength, maxLength, utf8.RuneCountInString)
}

// counted is plain with another way to count characters.
func (v *validator) counted(minLength, maxLength int, count func(string) int) check[string] {
	return func(field, value string) string {
		// What is longer in bytes need not be counted, which takes time. The normal form has at least a third of the bytes.
		longest := maxLength * utf8.UTFMax * limits.PointsOfCharacter
		n := maxLength + 1
		if value = strings.TrimSpace(value); len(value) <= 3*longest {
			if value = names.Normal(value); len(value) <= longest {
				n = count(value)
			}
		}
		switch {
		case n < minLength && minLength == 1:
			v.problems.Add(field, "must not be empty")
		case n < minLength || n > maxLength || utf8.RuneCountInString(value) > maxLength*limits.PointsOfCharacter:
			v.problems.Add(field, "must have %d to %d characters", minLength, maxLength)
		case !utf8.ValidString(value) || strings.ContainsFunc(value, isControl):
			v.problems.Add(field, "must not contain control characters") // Postgres cannot store NUL.
		}
		return value
	}
}

// text is a text of several lines for others to read.
func (v *validator) text(minLength, maxLength int) check[string] { //nolint:unparam // A new text may have another limit.
	return v.fewLinks(v.readable(v.plain(minLength, maxLength), names.CheckText))
}

// line is a text without line breaks and tabs, which may be empty.
func (v *validator) line(maxLength int) check[string] { return singleLine(v, v.plain(0, maxLength)) }

// name is what a cat or a place is called. Its characters are counted as people do.
func (v *validator) name(minLength, maxLength int) check[string] {
	return v.readable(singleLine(v, v.counted(minLength, maxLength, names.Characters)), names.Check)
}

func singleLine(v *validator, text check[string]) check[string] {
	return func(field, value string) string {
		value = text(field, value)
		if strings.ContainsAny(value, "\n\r\t") {
			v.problems.Add(field, "must be a single line")
		}
		return value
	}
}

// readable checks a text that breaks no other rule, unless it is empty.
func (v *validator) readable(text check[string], rules func(field, value string) apperr.Fields) check[string] {
	return func(field, value string) string {
		before := len(v.problems)
		value = text(field, value)
		if value != "" && len(v.problems) == before {
			v.problems = append(v.problems, rules(field, value)...)
		}
		return value
	}
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// number checks that a number of something is in a range.
func (v *validator) number(low, high int, of string) check[int] {
	return func(field string, value int) int {
		if value < low || value > high {
			v.problems.Add(field, "must be from %d to %d %s", low, high, of)
		}
		return value
	}
}

// after checks that a moment is in the future.
func (v *validator) after(now time.Time) check[time.Time] {
	return func(field string, value time.Time) time.Time {
		if !value.After(now) {
			v.problems.Add(field, "must be in the future")
		}
		return value
	}
}

// nullable is a value that may be omitted or null. An empty text counts as null.
func nullable[T any](field string, in graphql.Omittable[*T], check check[T]) usecase.Field[T] {
	value, set := in.ValueOK()
	if value == nil {
		return usecase.Field[T]{Set: set}
	}
	clean := check(field, *value)
	if any(clean) == "" {
		return usecase.Field[T]{Set: true}
	}
	return usecase.Field[T]{Set: true, Value: &clean}
}

// anyOf is a value that may be omitted or null, and is not checked here.
func anyOf[T any](in graphql.Omittable[*T]) usecase.Field[T] {
	value, set := in.ValueOK()
	return usecase.Field[T]{Set: set, Value: value}
}

// required is a value that may be omitted but not null. It returns nil if it is omitted. A nil
// check accepts every value.
func required[T any](v *validator, field string, in graphql.Omittable[*T], check check[T]) *T {
	value, set := in.ValueOK()
	switch {
	case set && value == nil:
		v.problems.Add(field, "must not be null")
	case set && check != nil:
		clean := check(field, *value)
		return &clean
	}
	return value
}
