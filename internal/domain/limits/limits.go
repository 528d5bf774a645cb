// Package limits has the limits of what people enter. The constraints in Postgres and the limits
// of the pages are made of them; Kratos's identity schema and the descriptions in the GraphQL
// schema repeat them, which a test compares.
package limits

// The limits. A length is a number of characters. In names of cats and of places a character is what people take for one, such
// as an emoji of several characters of Unicode.
const (
	// MaxName is the length of a person's or a cat's name. The minimum is 1.
	MaxName = 64
	// PointsOfCharacter is how many characters of Unicode a character of a name of a cat or of a place may have on average.
	PointsOfCharacter = 8
	// MaxEmail is the length of an email address. The minimum is 1.
	MaxEmail = 320
	// MinDescription is the minimal length of a cat's description.
	MinDescription = 3
	// MinReference is the minimal length of a reference.
	MinReference = 20
	// MaxText is the length of a longer text: descriptions, messages, reasons.
	MaxText = 2000
	// MaxLocation is the length of a location.
	MaxLocation = 100
	// MaxSearch is the length of a search.
	MaxSearch = 200
	// MaxURL is the length of a URL.
	MaxURL = 2048
	// MaxAge is the age of a cat in full years.
	MaxAge = 40
	// MaxBreed is the length of a breed.
	MaxBreed = 60
	// MaxVaccinationYears is how many years ahead a vaccination may end.
	MaxVaccinationYears = 10
	// MaxBreeds is how many breeds are suggested at a time.
	MaxBreeds = 10
	// MaxPlaces is how many places are suggested at a time.
	MaxPlaces = 10
	// MinRadius is the least radius around a place in which one can look for cats, in kilometres.
	MinRadius = 1
	// MaxRadius is the greatest one.
	MaxRadius = 500
	// MaxHint is the number to which cats are counted that one condition less would find.
	MaxHint = 100
	// MaxPhotos is the number of photos of a cat.
	MaxPhotos = 10
	// MaxAlt is the length of what a photo shows, in words.
	MaxAlt = 250
	// MaxSearchWords is the number of words of a search. For each of them the database reads all
	// words that begin with it.
	MaxSearchWords = 10
	// MaxSuggestions is the number of other searches that a search suggests.
	MaxSuggestions = 5
	// MaxCaseReports is the number of reports of one subject that moderators see: more say nothing more.
	MaxCaseReports = 5
	// MaxPage is the number of items on a page and of ids in one request.
	MaxPage = 100
	// MaxList is the number of items of a list in the arguments of a field.
	MaxList = 100
	// DefaultPage is the number of items on a page if the client does not give one.
	DefaultPage = 20
	// MaxFosteringDays is how many days the last day of a fostering may be after the
	// first.
	MaxFosteringDays = 365
	// MaxYearsAhead is how many years ahead the first day of a fostering may be.
	MaxYearsAhead = 2
	// ContactDays is for how many days after a fostering both sides still see each other's email
	// address, and can write references.
	ContactDays = 14
	// LateDays is how many days before its first day a fostering is called off early enough.
	LateDays = 3
	// ConversationDays is for how many days after a fostering both sides can still write to each other.
	ConversationDays = 90
	// MaxBlocks is how many members a member may block.
	MaxBlocks = 1000
	// MaxQuotaFactor is how many times the quotas of all members a member may have.
	MaxQuotaFactor = 100
	// NotificationDays is for how many days members can read a notification.
	NotificationDays = 180
	// SessionDays is for how many days a session is valid after its last use. The configuration of
	// Kratos repeats it.
	SessionDays = 30
)
