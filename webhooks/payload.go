package webhooks

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/google/uuid"
)

// signUp is what infra/kratos/sign-up.jsonnet makes of somebody's sign-up.
type signUp struct {
	// FlowID is the id of the form: the same for every attempt to hand it in.
	FlowID uuid.UUID `json:"flowId"`
	Email  string    `json:"email"`
	Name   string    `json:"name"`
}

func (s signUp) check() error {
	if s.FlowID == uuid.Nil {
		return errors.New("the payload has no flowId")
	}
	return nil
}

// news is what infra/kratos/news.jsonnet makes of what has happened to an identity.
type news struct {
	IdentityID uuid.UUID `json:"identityId"`
	// Confirms says that the person has a session already and only confirms it.
	Confirms bool `json:"confirms"`
}

func (n news) check() error {
	if n.IdentityID == uuid.Nil {
		return errors.New("the payload has no identityId")
	}
	return nil
}

// checked is a payload that knows whether it is complete.
type checked interface {
	check() error
}

// read reads a payload and nothing behind it. The error says what is wrong with it,
// without repeating any of it.
func read[P checked](body io.Reader) (P, error) {
	var payload, none P
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&payload); err != nil {
		return none, errors.New("the payload is not the JSON that was expected")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return none, errors.New("the payload goes on behind its end")
	}
	if err := payload.check(); err != nil {
		return none, err
	}
	return payload, nil
}
