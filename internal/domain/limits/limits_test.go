package limits_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	entschema "entgo.io/ent/dialect/sql/schema"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent/migrate"
	"github.com/catfoster/catfoster/internal/domain/geo"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/photo"
)

func TestLimits_IdentitySchemas(t *testing.T) {
	t.Parallel()
	type trait struct {
		MaxLength int `json:"maxLength"`
	}
	for name, want := range map[string]map[string]trait{
		"identity.schema.json": {"name": {limits.MaxName}, "email": {limits.MaxEmail}, "new_email": {limits.MaxEmail}},
		"demo.schema.json":     {"name": {limits.MaxName}, "email": {limits.MaxEmail}},
	} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "infra", "kratos", name))
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			Properties struct {
				Traits struct {
					Properties map[string]trait `json:"properties"`
				} `json:"traits"`
			} `json:"properties"`
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatalf("parse %s: %v", name, err)
		}
		if got := schema.Properties.Traits.Properties; !maps.Equal(got, want) {
			t.Errorf("limits of the traits in %s: %v, want %v", name, got, want)
		}
	}
}

// TestLimits_GraphQLDescriptions compares all numbers in the descriptions of the GraphQL
// schema, except those in examples and in references to RFCs. The numbers of inputs are those of
// the columns. A description with another number that is not listed here fails the test, so that
// a new limit cannot be missed.
func TestLimits_GraphQLDescriptions(t *testing.T) {
	t.Parallel()
	const path = "../../../schema.graphqls"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]int{
		"URL":                                        {limits.MaxURL},
		"CatProfileFilter.search":                    {limits.MaxSearch, limits.MaxSearchWords},
		"CatSearch.suggestions":                      {limits.MaxSuggestions},
		"CatProfileFilter.location":                  {limits.MaxLocation},
		"CatProfileFilter.breed":                     {limits.MaxBreed},
		"CatProfileFilterHint.count":                 {limits.MaxHint},
		"Query.breeds":                               {limits.MaxBreeds},
		"Query.breeds.search":                        {limits.MaxBreed},
		"Query.findMembers.search":                   {1, limits.MaxEmail},
		"Query.places":                               {limits.MaxPlaces},
		"Query.places.search":                        {limits.MaxLocation},
		"CatProfile.distanceKm":                      {geo.Step, geo.Exact},
		"NearFilter.radiusKm":                        {limits.MinRadius, limits.MaxRadius},
		"CreateCatProfileInput.vaccinatedUntil":      {limits.MaxVaccinationYears},
		"RequestFosteringInput":                      {limits.MaxYearsAhead, limits.MaxFosteringDays},
		"User.email":                                 {limits.ContactDays},
		"User.notifications":                         {limits.NotificationDays},
		"UpdateNotificationSettingsInput.mutedKinds": {limits.MaxList},
		"Fostering.events":                           {limits.DefaultPage},
		"ProposeFosteringChangeInput.message":        {limits.MaxText},
		"Mutation.declineFosteringChange.reason":     {limits.MaxText},
		"Mutation.cancelFostering.reason":            {limits.MaxText},
		"Mutation.completeFostering.reason":          {limits.MaxText},
		"Query.catProfiles":                          {limits.DefaultPage, limits.MaxPage},
		"CatProfile.promisedPeriods":                 {limits.MaxPage},
		"CatProfile.carePlan":                        {limits.ContactDays},
		"Query.nodes.ids":                            {limits.MaxPage},
		"Mutation.rejectFostering.reason":            {limits.MaxText},
		"Fostering.viewerCanWrite":                   {limits.ConversationDays},
		"Mutation.sendMessage":                       {limits.ConversationDays},
		"Mutation.blockUser":                         {limits.ContactDays, limits.MaxBlocks},
		"Mutation.writeReference":                    {limits.ContactDays, limits.ContactDays},
		"Reference":                                  {limits.ContactDays},
		"Fostering.viewerCanRefer":                   {limits.ContactDays},
		"ReferencesSummary.lateCancellations":        {limits.LateDays},
		"CatProfile.photos":                          {limits.MaxPhotos},
		"CreateCatProfileInput.photoIds":             {limits.MaxPhotos},
		"ModerationCase.reports":                     {limits.MaxCaseReports},
		"ReportContentInput.text":                    {limits.MaxText},
		"ResolveReportInput.reason":                  {limits.MaxText},
		"Mutation.updatePhoto.alt":                   {limits.MaxAlt},
		"Photo":                                      {photo.MaxBytes >> 20},
		"PhotoSize.THUMBNAIL":                        {photo.Thumbnail.Width()},
		"PhotoSize.CARD":                             {photo.Card.Width()},
		"PhotoSize.LARGE":                            {photo.Large.Width()},
	}
	for input, table := range map[string]string{
		"CreateCatProfileInput": "cat_profiles", "UpdateProfileInput": "users", "RequestFosteringInput": "fosterings", "SendMessageInput": "messages",
		"CarePlanInput": "care_plans", "SuspendUserInput": "suspensions", "WriteReferenceInput": "member_references",
	} {
		for _, field := range schema.Types[input].Fields {
			if numbers := limitsOf(t, table, field.Name); numbers != nil {
				want[input+"."+field.Name] = numbers
			}
		}
	}
	for _, connection := range []string{
		"User.catProfiles", "User.fosterings", "CatProfile.fosterings", "Query.catProfiles", "Query.fosterings", "Query.admins", "Query.blockedUsers", "Query.moderators", "Query.auditEntries", "Query.findMembers", "User.notifications",
		"Query.moderationQueue", "User.reportsAbout", "User.reportsBy", "User.references", "Fostering.messages",
	} {
		want[connection+".first"] = []int{0, limits.MaxPage}
		want[connection+".last"] = []int{0, limits.MaxPage}
	}
	got := map[string][]int{}
	for name, description := range descriptions(schema) {
		if numbers := numbersIn(description); len(numbers) > 0 {
			got[name] = numbers
		}
	}
	for name, numbers := range want {
		if !slices.Equal(got[name], numbers) {
			t.Errorf("numbers in the description of %s: %v, want %v", name, got[name], numbers)
		}
	}
	for name, numbers := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("the description of %s has numbers that this test does not know: %v", name, numbers)
		}
	}
}

// limitsOf returns the numbers in the constraint of a column, which are in its name.
func limitsOf(t *testing.T, table, field string) []int {
	t.Helper()
	i := slices.IndexFunc(migrate.Tables, func(found *entschema.Table) bool { return found.Name == table })
	column := strings.ToLower(regexp.MustCompile(`[A-Z]`).ReplaceAllString(field, "_$0"))
	named := regexp.MustCompile("^" + table + "_" + column + "_(length|characters|range|count)_")
	for name := range migrate.Tables[i].Annotation.Checks {
		if kind := named.FindString(name); kind != "" {
			return numbersIn(strings.TrimPrefix(name, kind))
		}
	}
	return nil
}

// descriptions returns the descriptions of a schema by the path of what they describe, for
// example Query.nodes.ids.
func descriptions(schema *ast.Schema) map[string]string {
	found := map[string]string{}
	arguments := func(parent string, list ast.ArgumentDefinitionList) {
		for _, argument := range list {
			found[parent+"."+argument.Name] = argument.Description
		}
	}
	for _, directive := range schema.Directives {
		if directive.Position.Src.BuiltIn {
			continue
		}
		found["@"+directive.Name] = directive.Description
		arguments("@"+directive.Name, directive.Arguments)
	}
	for _, definition := range schema.Types {
		if definition.BuiltIn {
			continue
		}
		found[definition.Name] = definition.Description
		for _, value := range definition.EnumValues {
			found[definition.Name+"."+value.Name] = value.Description
		}
		for _, field := range definition.Fields {
			name := definition.Name + "." + field.Name
			found[name] = field.Description
			arguments(name, field.Arguments)
		}
	}
	return found
}

var (
	notLimits = regexp.MustCompile("`[^`]*`|RFC [0-9]+|ISO [0-9-]+")
	digits    = regexp.MustCompile(`[0-9]+`)
)

// numbersIn returns the numbers in a description that are not part of an example, which is
// in backquotes, or of the name of an RFC or another standard.
func numbersIn(description string) []int {
	var numbers []int
	for _, text := range digits.FindAllString(notLimits.ReplaceAllString(description, ""), -1) {
		number, err := strconv.Atoi(text)
		if err != nil {
			number = -1 // It is too large to equal a limit.
		}
		numbers = append(numbers, number)
	}
	return numbers
}
