// Package scalar encodes and decodes the scalars of the GraphQL schema. An input that
// cannot be decoded is an [apperr.FieldError] without a name: gqlgen knows the path.
package scalar

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

func errID() error {
	return apperr.FieldError{Rule: "must be a UUID such as 0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"}
}

func errURL() error {
	return apperr.FieldError{Rule: "must be an absolute http or https URL"}
}

// id is an ID that encodes itself.
type id uuid.UUID

// MarshalID encodes an ID.
func MarshalID(value uuid.UUID) graphql.Marshaler { return id(value) }

// MarshalGQL writes the ID as a string.
func (i id) MarshalGQL(w io.Writer) {
	// gqlgen ignores these errors too.
	_, _ = io.WriteString(w, `"`)
	_, _ = io.WriteString(w, uuid.UUID(i).String())
	_, _ = io.WriteString(w, `"`)
}

// UnmarshalID decodes an ID: a UUID in the form of RFC 9562, section 4, in either case.
// Other notations that Go's parser accepts are refused, so that an object has one id.
func UnmarshalID(v any) (uuid.UUID, error) {
	s, ok := v.(string)
	if !ok || len(s) != 36 {
		return uuid.Nil, errID()
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil, errID()
	}
	return id, nil
}

// MarshalURL encodes a URL.
func MarshalURL(s string) graphql.Marshaler {
	return graphql.MarshalString(s)
}

// UnmarshalURL decodes a string. [CheckURL] validates it later, together with the rest of
// the input, so that all problems are reported at once.
func UnmarshalURL(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", errURL()
	}
	return s, nil
}

// CheckURL returns nil for an absolute http or https URL (RFC 3986, section 4.3) without
// user information, and otherwise an [apperr.FieldError] without a name. Go's parser accepts spaces
// and ports that do not exist.
func CheckURL(s string) error {
	if utf8.RuneCountInString(s) > limits.MaxURL {
		return apperr.FieldError{Rule: fmt.Sprintf("must have at most %d characters", limits.MaxURL)}
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https"):
		return errURL()
	case strings.ContainsFunc(s, unicode.IsSpace):
		return apperr.FieldError{Rule: "must not contain spaces: write %20"}
	case !isPort(u.Port()):
		return apperr.FieldError{Rule: "must have a port from 1 to 65535, or none"}
	}
	return nil
}

// isPort reports whether a port exists, or is that of the scheme.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}
