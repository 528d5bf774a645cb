package photo

// Size is one of the sizes in which a photo is kept.
type Size string

// The sizes.
const (
	Thumbnail Size = "thumbnail"
	Card      Size = "card"
	Large     Size = "large"
)

// Sizes returns all sizes.
func Sizes() []Size { return []Size{Thumbnail, Card, Large} }
