package webhooks

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/account"
)

// payload is what infra/kratos/payload.jsonnet makes of a flow.
type payload struct {
	// FlowID is the id of the flow: the same for every attempt to hand in its form.
	FlowID   uuid.UUID `json:"flowId"`
	Identity struct {
		// ID is that of no identity while a sign-up has not been stored.
		ID    uuid.UUID `json:"id"`
		State string    `json:"state"`
		// UserID is what our answer to the sign-up has put into the public metadata.
		UserID string `json:"userId"`
		Traits traits `json:"traits"`
		// Verified has an entry for each address that the schema wants verified.
		Verified []bool `json:"verified"`
	} `json:"identity"`
	// LoggedIn says that the person has had a session and only confirms it.
	LoggedIn bool `json:"loggedIn"`
}

type traits struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

// readPayload reads a payload and nothing behind it. The error says what is wrong
// with it, without repeating any of it.
func readPayload(body io.Reader) (payload, error) {
	var p payload
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&p); err != nil {
		return payload{}, errors.New("the payload is not the JSON that was expected")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return payload{}, errors.New("the payload goes on behind its end")
	}
	if p.FlowID == uuid.Nil {
		return payload{}, errors.New("the payload has no flow id")
	}
	return p, nil
}

// identity is the identity that the payload is about. The error says what keeps it
// from being one that Kratos has stored.
func (p payload) identity() (account.Identity, error) {
	if p.Identity.ID == uuid.Nil {
		return account.Identity{}, errors.New("the payload has no identity id")
	}
	if p.Identity.Verified == nil {
		return account.Identity{}, errors.New("the payload does not say which addresses are verified")
	}
	if strings.ContainsRune(p.Identity.Traits.Email+p.Identity.Traits.Name, 0) {
		return account.Identity{}, errors.New("the payload has traits that nobody can store")
	}
	identity := account.Identity{
		ID:       p.Identity.ID,
		Inactive: p.Identity.State == "inactive",
		Verified: true,
		Traits:   account.Traits(p.Identity.Traits),
	}
	identity.UserID, _ = uuid.Parse(p.Identity.UserID) // Nil, as if there were none.
	for _, verified := range p.Identity.Verified {
		identity.Verified = identity.Verified && verified
	}
	return identity, nil
}
