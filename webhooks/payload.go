package webhooks

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// payload is the body of a call.
type payload interface {
	// validate returns an error if a required field is missing.
	validate() error
}

// signUp is the payload that infra/kratos/sign-up.jsonnet makes of a sign-up.
type signUp struct {
	// FlowID is the id of the form. It is the same for every attempt to submit it.
	FlowID uuid.UUID `json:"flowId"`
	Email  string    `json:"email"`
	Name   string    `json:"name"`
	// Language is that of the page. It may be anything.
	Language string `json:"language"`
}

// mailLanguage returns the language of mails to the new member.
func (s signUp) mailLanguage() string {
	if s.Language == "de" {
		return "de"
	}
	return "en"
}

func (s signUp) validate() error {
	if s.FlowID == uuid.Nil {
		return errors.New("the payload has no flowId")
	}
	return nil
}

// identityRef is the payload that infra/kratos/identity.jsonnet makes of an event about
// an identity.
type identityRef struct {
	IdentityID uuid.UUID `json:"identityId"`
	// Confirms says that the member already has a session and confirms it.
	Confirms bool `json:"confirms"`
	// FlowIssuedAt is when the form was opened, by Kratos's clock. It is zero if Kratos has an
	// older configuration.
	FlowIssuedAt time.Time `json:"flowIssuedAt"`
}

func (r identityRef) validate() error {
	if r.IdentityID == uuid.Nil {
		return errors.New("the payload has no identityId")
	}
	return nil
}

// profile is the payload that infra/kratos/profile.jsonnet makes of a change of the profile.
type profile struct {
	identityRef

	Email    string `json:"email"`
	NewEmail string `json:"newEmail"`
	Name     string `json:"name"`
}

// verified is the payload that infra/kratos/verification.jsonnet makes of a code that Kratos has
// accepted, with the session of whoever has entered it, if there is one.
type verified struct {
	identityRef

	// Addresses are those of the identity right after Kratos has accepted the code.
	Addresses     []kratos.Address `json:"addresses"`
	SessionCookie string           `json:"sessionCookie"`
	SessionToken  string           `json:"sessionToken"`
}

// decode reads one JSON value and nothing after it. The error does not repeat any of the
// input.
func decode[P payload](body io.Reader) (P, error) {
	var p, zero P
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&p); err != nil {
		return zero, errors.New("the payload is not the expected JSON")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return zero, errors.New("the payload has data after its end")
	}
	if err := p.validate(); err != nil {
		return zero, err
	}
	return p, nil
}
