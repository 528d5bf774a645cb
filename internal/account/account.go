// Package account keeps our users in step with Ory Kratos's identities: a user
// is made while a person signs up and bound to the identity once Kratos has
// stored it. Webhooks and sessions both come here.
package account

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	kratos "github.com/ory/client-go"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
)

// Traits are what Kratos's identity schema asks of a person.
type Traits struct {
	Email string
	Name  string
}

// Identity is a person as Kratos knows them.
type Identity struct {
	ID uuid.UUID
	// UserID stands in the identity's public metadata since the sign-up; it is
	// uuid.Nil for identities that an operator made.
	UserID uuid.UUID
	// Verified says that every address that the identity schema wants verified is:
	// also of an identity whose schema asks for none.
	Verified bool
	Traits
}

// IdentityOf reads what we need of an identity of Kratos's.
func IdentityOf(i *kratos.Identity) (Identity, error) {
	id, err := uuid.Parse(i.Id)
	if err != nil {
		return Identity{}, errors.New("the identity has an id that is not a UUID")
	}
	identity := Identity{ID: id, Verified: true}
	for _, address := range i.VerifiableAddresses {
		identity.Verified = identity.Verified && address.Verified
	}
	if traits, ok := i.Traits.(map[string]any); ok {
		identity.Email, _ = traits["email"].(string)
		identity.Name, _ = traits["name"].(string)
	}
	// Only Kratos's administrators and our own webhook write the metadata.
	if text, ok := i.MetadataPublic["id"].(string); ok {
		identity.UserID, _ = uuid.Parse(text) // Nil, as if there were none.
	}
	return identity, nil
}

// Limits of traits: those of Kratos's identity schema, which Kratos checks first.
// They are checked again because whoever has the webhooks' key may call them.
const (
	maxName  = 64
	maxEmail = 320
)

// Problem says what is wrong with a trait.
type Problem struct {
	Trait string // "email" or "name"
	Rule  string // a sentence for the person who signs up
}

// Problems says what is wrong with the traits, if anything.
func (t Traits) Problems() []Problem {
	var problems []Problem
	check := func(trait, called, value string, longest int) {
		switch n := utf8.RuneCountInString(value); {
		case n == 0 || n > longest:
			problems = append(problems, Problem{trait, fmt.Sprintf("The %s must have 1 to %d characters.", called, longest)})
		case !printable(value):
			problems = append(problems, Problem{trait, fmt.Sprintf("The %s must not contain control characters.", called)})
		}
	}
	check("email", "email address", t.Email, maxEmail)
	check("name", "name", strings.TrimSpace(t.Name), maxName)
	return problems
}

// printable refuses what no name or address has and Postgres does not store.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Book is the register of users.
type Book struct {
	db *ent.Client
}

// NewBook returns the register that the database holds.
func NewBook(db *ent.Client) *Book {
	return &Book{db: db}
}

// Begin makes a pending user for a registration flow of Kratos's and returns its
// id. Kratos calls again when an answer was lost: a flow has one pending user per
// address, with the latest name.
//
// When the person corrects the address, the flow gets another user: Kratos takes
// the form of a sign-up that has been finished once more, and two identities must
// never name the same user. The janitor forgets those that came to nothing.
func (b *Book) Begin(ctx context.Context, flow uuid.UUID, traits Traits) (uuid.UUID, error) {
	id, err := b.db.User.Create().
		SetRegistrationFlowID(flow).
		SetName(strings.TrimSpace(traits.Name)).
		SetEmail(traits.Email).
		OnConflict(
			sql.ConflictColumns(user.FieldRegistrationFlowID, user.FieldEmail),
			sql.ConflictWhere(sql.IsNull(user.FieldIdentityID)),
		).
		Update(func(u *ent.UserUpsert) { u.UpdateName().UpdateUpdatedAt() }).
		ID(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("begin the sign-up: %w", err)
	}
	return id, nil
}

// ErrDeleted says that the person has deleted the account. The identity may live on
// for a moment, until Kratos has been told.
var ErrDeleted = errors.New("the account has been deleted")

// Of returns the user of an identity, in one statement once the two are bound.
//
// The first call binds the pending user that the identity names, or makes a user
// where there is none, as for identities that an operator made. Calls at the same
// time end with the same user. Name and address follow the identity. The error is
// ErrDeleted if the user is gone.
func (b *Book) Of(ctx context.Context, identity Identity) (*ent.User, error) {
	u, err := b.find(ctx, identity)
	if ent.IsNotFound(err) {
		if err = b.bind(ctx, identity); err == nil {
			u, err = b.find(ctx, identity)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("find the user of identity %s: %w", identity.ID, err)
	}
	name := strings.TrimSpace(identity.Name)
	switch {
	case u.DeletedAt != nil:
		return nil, ErrDeleted
	case u.Name == name && u.Email == identity.Email && u.EmailVerified == identity.Verified:
		return u, nil
	}
	u, err = u.Update().
		Where(user.DeletedAtIsNil()).
		SetName(name).SetEmail(identity.Email).SetEmailVerified(identity.Verified).
		Save(ctx)
	if ent.IsNotFound(err) {
		return nil, ErrDeleted
	}
	if err != nil {
		return nil, fmt.Errorf("refresh the user of identity %s: %w", identity.ID, err)
	}
	return u, nil
}

func (b *Book) find(ctx context.Context, identity Identity) (*ent.User, error) {
	return b.db.User.Query().Where(user.IdentityID(identity.ID)).Only(ctx)
}

// bind gives the identity a user, unless it has one: the pending one that it
// names, or a new one. The new one has the id that the identity names, as long as
// that is nobody else's: the janitor may have been faster than a sign-up.
func (b *Book) bind(ctx context.Context, identity Identity) error {
	if identity.UserID != uuid.Nil {
		bound, err := b.db.User.Update().
			Where(user.ID(identity.UserID), user.IdentityIDIsNil()).
			SetIdentityID(identity.ID).
			Save(ctx)
		if err != nil && !ent.IsConstraintError(err) {
			return fmt.Errorf("bind user %s: %w", identity.UserID, err)
		}
		if bound == 1 {
			return nil
		}
		if err := b.make(ctx, identity.UserID, identity); err != nil {
			return err
		}
	}
	return b.make(ctx, uuid.Must(uuid.NewV7()), identity)
}

// make makes a user with the id, unless there is one with the id or of the
// identity.
func (b *Book) make(ctx context.Context, id uuid.UUID, identity Identity) error {
	err := b.db.User.Create().
		SetID(id).
		SetIdentityID(identity.ID).
		SetName(strings.TrimSpace(identity.Name)).
		SetEmail(identity.Email).
		SetEmailVerified(identity.Verified).
		OnConflict(sql.DoNothing()).
		Exec(ctx)
	if err != nil && !errors.Is(err, stdsql.ErrNoRows) { // No rows: there is one.
		return fmt.Errorf("make user %s: %w", id, err)
	}
	return nil
}
