package photo

// Kind is why an upload is refused.
type Kind int

// The kinds of errors.
const (
	// Unknown means that the upload has a format that is not accepted.
	Unknown Kind = iota + 1
	// Broken means that the upload cannot be decoded.
	Broken
	// TooLarge means that decoding the upload would take too much.
	TooLarge
)

// Error says why an upload is refused. Reason is for the member, and contains nothing of the upload.
type Error struct {
	Kind   Kind
	Reason string
}

func (e *Error) Error() string { return e.Reason }
