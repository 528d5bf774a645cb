// Package scalar reads and writes the scalars of the GraphQL schema.
package scalar

import (
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
)

// Error is a rule that a value breaks, written to stand behind the name of its
// field, as in "must be a UUID".
type Error string

// Error implements error.
func (e Error) Error() string { return string(e) }

// The rules.
const (
	errID      Error = "must be a UUID such as 0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"
	errURL     Error = "must be an absolute http or https URL"
	errURLSize Error = "must have at most 2048 characters"
)

// maxURL is the longest URL taken, in characters.
const maxURL = 2048

// MarshalID writes an ID.
func MarshalID(id uuid.UUID) graphql.Marshaler {
	return graphql.MarshalUUID(id)
}

// UnmarshalID reads an ID: a UUID in the form of RFC 9562, section 4. Letters
// may be of either case; the other notations that Go's parser knows are refused,
// so that an object has one name.
func UnmarshalID(v any) (uuid.UUID, error) {
	s, ok := v.(string)
	if !ok || len(s) != 36 {
		return uuid.Nil, errID
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil, errID
	}
	return id, nil
}

// MarshalURL writes a URL.
func MarshalURL(s string) graphql.Marshaler {
	return graphql.MarshalString(s)
}

// UnmarshalURL reads a text that CheckURL decides on, together with the rest of
// its input: so all that is wrong with the input is told at once.
func UnmarshalURL(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", errURL
	}
	return s, nil
}

// CheckURL wants an absolute http or https URL (RFC 3986, section 4.3) of at most
// 2048 characters, without user information. The error is an Error.
func CheckURL(s string) error {
	if utf8.RuneCountInString(s) > maxURL {
		return errURLSize
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return errURL
	}
	return nil
}
