package community

import (
	_ "embed"
	"encoding/json"
	"slices"
	"time"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// Password is the password of all people. It is public, so the community must not be
// created where others can log in.
const Password = "a-sofa-for-every-cat-36"

// Plan is the content of a community. Cats and fosterings are in the order in which they
// are created.
type Plan struct {
	People     []Person    `json:"people"`
	Cats       []Cat       `json:"cats"`
	Fosterings []Fostering `json:"fosterings"`
}

// Person is a member of the community. `make seed` suggests to log in as the first one.
type Person struct {
	Email string `json:"email"`
	Name  string `json:"name"`
	Profile
}

// Profile is the input of updateProfile.
type Profile struct {
	Bio      string `json:"bio"`
	Location string `json:"location"`          // a town
	PlaceID  string `json:"placeId,omitempty"` // of the town, in place of Location
}

// Cat is a cat of the community.
type Cat struct {
	Owner string `json:"owner"` // email address
	// Born is how many days ago the cat was born. If it is 0, only the age is known.
	Born int `json:"born"`
	// Vaccinated is for how many more days the cat is vaccinated. If it is 0, that is not known.
	Vaccinated int `json:"vaccinated"`
	// Photos is how many photos the cat has.
	Photos int `json:"photos"`
	CatProfile
}

// CatProfile is the input of createCatProfile.
type CatProfile struct {
	Name        string   `json:"name"`
	Age         int      `json:"age"`                 // in years
	BirthDate   string   `json:"birthDate,omitempty"` // of Born
	Precision   string   `json:"birthDatePrecision,omitempty"`
	Description string   `json:"description"`
	Care        string   `json:"specialCareInstructions"`
	PhotoIDs    []string `json:"photoIds,omitempty"`
	Location    string   `json:"location"`          // a town
	PlaceID     string   `json:"placeId,omitempty"` // of the town, in place of Location
	Available   bool     `json:"available"`
	Facts
}

// Facts are what may be known about a cat.
type Facts struct {
	Sex              string `json:"sex,omitempty"`
	Breed            string `json:"breed,omitempty"`
	Neutered         *bool  `json:"neutered,omitempty"`
	VaccinatedUntil  string `json:"vaccinatedUntil,omitempty"` // of Vaccinated
	Microchipped     *bool  `json:"microchipped,omitempty"`
	IndoorOnly       *bool  `json:"indoorOnly,omitempty"`
	GoodWithCats     *bool  `json:"goodWithCats,omitempty"`
	GoodWithDogs     *bool  `json:"goodWithDogs,omitempty"`
	GoodWithChildren *bool  `json:"goodWithChildren,omitempty"`
	NeedsMedication  *bool  `json:"needsMedication,omitempty"`
}

// Input returns the input of createCatProfile today.
func (c Cat) Input(today time.Time) CatProfile {
	input := c.CatProfile
	if c.Born > 0 {
		input.BirthDate = today.AddDate(0, 0, -c.Born).Format(time.DateOnly)
	}
	if c.Vaccinated != 0 {
		input.VaccinatedUntil = today.AddDate(0, 0, c.Vaccinated).Format(time.DateOnly)
	}
	return input
}

// Fostering is a fostering of the community.
type Fostering struct {
	Participant string `json:"participant"` // email address
	Cat         string `json:"cat"`         // name
	// Start and End are the first and the last day, in days from today.
	Start int `json:"start"`
	End   int `json:"end"`
	// Message is that of the request, Reason that of a rejection. Both may be empty.
	Message string `json:"message"`
	Reason  string `json:"reason"`
	// Status is the status after all steps.
	Status fostering.Status `json:"status"`
	// Promised is set if the owner approves the request, even if the participant then
	// cancels it.
	Promised bool `json:"promised"`
}

//go:embed community.json
var content []byte

// NewPlan returns the content of community.json.
func NewPlan() Plan {
	var plan Plan
	if err := json.Unmarshal(content, &plan); err != nil {
		panic("community.json: " + err.Error()) // Every test of the package would fail.
	}
	return plan
}

// OwnerOf returns the email address of the owner of a fostering's cat.
func (p Plan) OwnerOf(f Fostering) string {
	return p.Cats[slices.IndexFunc(p.Cats, func(c Cat) bool { return c.Name == f.Cat })].Owner
}
