package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// newEmailLifespan is how long a member may take to confirm a new address.
const newEmailLifespan = 24 * time.Hour

// newEmailPause is how long a member waits before asking for another new address: each is mailed a
// code, and takes the address from whoever asks for it too.
const newEmailPause = time.Minute

var (
	// ErrTooSoon says that the member has asked for another new address a moment ago.
	ErrTooSoon = errors.New("the member has asked for another new address a moment ago")
	// ErrNotByMember says that a code confirms a change of address, and whoever has entered it has
	// no session of the member who asked for the change.
	ErrNotByMember = errors.New("the code of a change of address was entered by somebody else")
	// ErrNotMoved says that a change of address came to nothing: another account has the address,
	// or the change was dropped meanwhile.
	ErrNotMoved = errors.New("the change of address came to nothing")
)

// Profile is what a member has sent to change the profile.
type Profile struct {
	Email, NewEmail, Name string
}

// KeepEmail keeps the address that logs in while the profile is changed: another address is the
// new one until it is confirmed. The member undoes that by sending the old address alone. The
// answer is for Kratos, and nil if the form may be stored as it is.
func (u *Users) KeepEmail(ctx context.Context, id uuid.UUID, sent Profile) (answer map[string]any, err error) {
	identity, err := u.kratos.Identity(ctx, id)
	if err != nil || !identity.Verifiable {
		return nil, err
	}
	current := kratos.NormalEmail(identity.Email)
	wanted := sent.wanted(current)
	if wanted != "" {
		if err := u.ask(ctx, identity, wanted); err != nil {
			return nil, err
		}
		if err := u.ReleaseEmail(ctx, wanted, id); err != nil {
			return nil, err
		}
	}
	if kratos.NormalEmail(sent.Email) == current && wanted == "" && sent.NewEmail == "" {
		return nil, nil
	}
	return identity.WithNewEmail(sent.Name, wanted), nil
}

// wanted returns the new address that a member asks for, or an empty string. A form that was opened
// before a change was confirmed has the current address as the new one.
func (p Profile) wanted(current string) string {
	switch {
	case kratos.NormalEmail(p.NewEmail) == current:
		return ""
	case kratos.NormalEmail(p.Email) != current:
		return p.Email
	}
	return p.NewEmail
}

// ask writes the new address that a member asks for to the user's row, before Kratos stores it:
// [Users.ReleaseEmail] must find it even if the call after that is lost. If Kratos refuses the
// address, the next refresh corrects the row. The error may be [ErrTooSoon].
func (u *Users) ask(ctx context.Context, identity kratos.Identity, wanted string) error {
	row, err := u.findOrBind(ctx, identity)
	if err != nil {
		return err
	}
	wanted = kratos.NormalEmail(wanted)
	if wanted == kratos.NormalEmail(identity.NewEmail) && wanted == newEmailOf(row) {
		return nil
	}
	now := time.Now()
	err = row.Update().
		Where(user.Or(user.NewEmail(wanted), user.NewEmailAtIsNil(), user.NewEmailAtLT(now.Add(-newEmailPause)))).
		SetNewEmail(wanted).SetNewEmailAt(now).
		Exec(ctx)
	if ent.IsNotFound(err) {
		return ErrTooSoon
	}
	if err != nil {
		return fmt.Errorf("note the new address of identity %s: %w", identity.ID, err)
	}
	return nil
}

// ReleaseEmail makes all identities but one forget a new address that somebody signs up with, or
// asks for: Kratos would refuse it, and an address that nobody has confirmed belongs to nobody.
// The owner of the mailbox can always ask last, and confirm it at once.
func (u *Users) ReleaseEmail(ctx context.Context, email string, except uuid.UUID) error {
	rows, err := u.db.User.Query().
		Where(user.NewEmail(kratos.NormalEmail(email)), user.IdentityIDNotNil(), user.IdentityIDNEQ(except), user.DeletedAtIsNil()).
		Limit(claimBatch). // Kratos keeps it unique. Rows may be outdated.
		All(ctx)
	if err != nil {
		return fmt.Errorf("find who has asked for an address: %w", err)
	}
	for _, row := range rows {
		if err := u.dropNewEmail(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// dropNewEmail makes an identity forget the new address that its user's row has.
func (u *Users) dropNewEmail(ctx context.Context, row *ent.User) error {
	identity, _, err := u.Refresh(ctx, *row.IdentityID)
	if err == nil && identity.NewEmail != "" && kratos.NormalEmail(identity.NewEmail) == newEmailOf(row) {
		if err = u.kratos.DropNewEmail(ctx, identity.ID); err == nil {
			_, _, err = u.Refresh(ctx, identity.ID)
		}
	}
	if errors.Is(err, kratos.ErrNoIdentity) || errors.Is(err, ErrDeleted) {
		return nil
	}
	return err
}

// ConfirmByCode does what follows from a code that Kratos has accepted. confirmed is the address that
// Kratos had verified last right after that: see [kratos.VerifiedLast]. It is empty if Kratos has an
// older configuration, or if that cannot be told.
//
// The code of a change of address counts only if the member has entered it: otherwise the owner of
// a mailbox could be made to confirm a stranger's account. byMember reports whether that is so, and
// is called for such a code alone. The error may be [ErrNotByMember] or [ErrNotMoved]; the old
// address is kept then. A new address that is verified, and not moved to, is dropped, so that no
// later call takes it for confirmed by the member.
func (u *Users) ConfirmByCode(ctx context.Context, id uuid.UUID, confirmed string, byMember func(context.Context) (bool, error)) error {
	identity, row, err := u.Refresh(ctx, id)
	if err != nil {
		return err
	}
	current, wanted := kratos.NormalEmail(identity.Email), kratos.NormalEmail(identity.NewEmail)
	switch {
	case confirmed == current, confirmed == "" && wanted == "":
		err = u.Confirm(ctx, id)
	case confirmed == wanted && identity.NewEmailVerified:
		err = u.moveByCode(ctx, identity, row, byMember)
	default:
		err = ErrNotMoved
	}
	if (identity.NewEmailMarked || confirmed == wanted) && (err == nil || errors.Is(err, ErrNotByMember) || errors.Is(err, ErrNotMoved)) {
		if failed := u.dropNewEmail(ctx, row); failed != nil { // It does nothing after a move.
			return failed
		}
	}
	return err
}

// moveByCode makes the new address of an identity the one that logs in, if the member has entered the code.
func (u *Users) moveByCode(ctx context.Context, identity kratos.Identity, row *ent.User, byMember func(context.Context) (bool, error)) error {
	switch member, err := byMember(ctx); {
	case err != nil:
		return err
	case !member:
		return ErrNotByMember
	}
	if row.ConfirmedEmail == nil && isConfirmed(row, identity) { // An operator has: the member is told of the change there too.
		if err := u.update(ctx, row.Update().SetConfirmedEmail(identity.Email)); err != nil {
			return err
		}
	}
	// If anything fails after this, Kratos repeats the call, or the member confirms what is the current address then.
	switch err := u.kratos.MoveToNewEmail(ctx, identity); {
	case errors.Is(err, kratos.ErrTaken), errors.Is(err, kratos.ErrNoNewEmail):
		return ErrNotMoved
	case err != nil:
		return err
	}
	return u.Confirm(ctx, identity.ID)
}

// RefreshMoved is [Users.Refresh]. If a form that was under way has undone a confirmed change of
// address, the change is made again: nobody logs in with the old address any more.
func (u *Users) RefreshMoved(ctx context.Context, id uuid.UUID) (kratos.Identity, *ent.User, error) {
	identity, row, err := u.Refresh(ctx, id)
	if err != nil || row.ConfirmedEmail == nil || isConfirmed(row, identity) ||
		kratos.NormalEmail(*row.ConfirmedEmail) != kratos.NormalEmail(identity.NewEmail) {
		return identity, row, err
	}
	err = u.kratos.MoveToNewEmail(ctx, identity)
	if err != nil && !errors.Is(err, kratos.ErrTaken) && !errors.Is(err, kratos.ErrNoNewEmail) {
		return identity, row, err
	}
	return u.Refresh(ctx, id)
}
