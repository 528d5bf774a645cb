package harness

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/usecase"
)

// Password is the password of every member.
const Password = "a-cat-named-Godard-7"

// Member is a person who has signed up, has verified the email address, and has logged
// in. The zero value is an anonymous caller.
type Member struct {
	ID    uuid.UUID
	Email string
	Name  string
	Token string // of the session
}

// NewEmail returns an email address that nobody has used.
func NewEmail() string { return uuid.NewString() + "@example.org" }

// NewMember returns a member with a new address. An operator creates the identity, with the id
// of the user that a sign-up would have stored with it, so that no form is filled in and no
// mail is sent; the first login creates the user. Stories of the sign-up use SignUp.
func (e *Environment) NewMember(t *testing.T, name string) Member {
	t.Helper()
	e.showErrors(t)
	m := Member{ID: uuid.Must(uuid.NewV7()), Email: NewEmail(), Name: name}
	e.createIdentity(t, "member", m.Email, name, map[string]any{"id": m.ID})
	m.Token = e.Login(t, m.Email)
	return m
}

// SignUp signs up a member by Kratos's form, with a new address.
func (e *Environment) SignUp(t *testing.T, name string) Member {
	t.Helper()
	m := Member{Email: NewEmail(), Name: name}
	m.ID = uuid.MustParse(e.Register(t, m.Email, name))
	e.Verify(t, m.Email)
	m.Token = e.Login(t, m.Email)
	return m
}

// NewAdmin returns a new member who is an admin.
func (e *Environment) NewAdmin(t *testing.T) Member {
	t.Helper()
	m := e.NewMember(t, "Admin")
	e.Grant(t, m.ID, usecase.Admin)
	return m
}

// NewModerator returns a new member who is a moderator.
func (e *Environment) NewModerator(t *testing.T) Member {
	t.Helper()
	m := e.NewMember(t, "Moderator")
	e.Grant(t, m.ID, usecase.Moderator)
	return m
}

// NewSuperAdmin returns a new member who is a super admin.
func (e *Environment) NewSuperAdmin(t *testing.T) Member {
	t.Helper()
	m := e.NewMember(t, "Super")
	e.Grant(t, m.ID, usecase.SuperAdmin)
	return m
}

// Grant grants a role as an operator.
func (e *Environment) Grant(t *testing.T, user uuid.UUID, role usecase.Role) {
	t.Helper()
	if _, err := e.Admins.Grant(t.Context(), uuid.Nil, user, role); err != nil {
		t.Fatalf("grant the role of %s: %v", role, err)
	}
}

// Register signs up and returns the id of the new user. The address is not verified.
func (e *Environment) Register(t *testing.T, email, name string) string {
	t.Helper()
	id, err := e.Kratos.Register(t.Context(), email, name, Password)
	if err != nil {
		t.Fatalf("sign up %s: %v", name, err)
	}
	return id
}

// Verify marks an address as verified, as an operator may, without the mailed code.
func (e *Environment) Verify(t *testing.T, email string) {
	t.Helper()
	if err := e.Kratos.Verify(t.Context(), email); err != nil {
		t.Fatalf("verify %s: %v", email, err)
	}
}

// Login logs in and returns the token of the new session.
func (e *Environment) Login(t *testing.T, email string) (token string) {
	t.Helper()
	token, err := e.Kratos.Login(t.Context(), email, Password)
	if err != nil {
		t.Fatalf("log in %s: %v", email, err)
	}
	return token
}

// UserID returns the id of the user that a session token belongs to.
func (s *Server) UserID(t *testing.T, token string) uuid.UUID {
	t.Helper()
	var data struct{ Me struct{ ID uuid.UUID } }
	s.Query(t, token, `{ me { id } }`, nil).Decode(t, &data)
	return data.Me.ID
}

// Relate writes tuples to Keto and deletes them at the end of the test.
func (e *Environment) Relate(t *testing.T, tuples ...Tuple) {
	t.Helper()
	if err := e.Keto.Write(t.Context(), tuples, nil); err != nil {
		t.Fatalf("write tuples: %v", err)
	}
	t.Cleanup(func() {
		if err := e.Keto.Write(context.WithoutCancel(t.Context()), nil, tuples); err != nil {
			t.Errorf("delete tuples: %v", err)
		}
	})
}
