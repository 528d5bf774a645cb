package objects

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/hint"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// User is a member of the community.
type User struct {
	*ent.User
	// hidden says that the viewer sees who it is, and nothing else.
	hidden bool
	batch  *userBatch
}

// UserConnection is a page of users.
type UserConnection = Connection[*User]

// UserEdge is a user and their position.
type UserEdge = Edge[*User]

// IsNode marks users as nodes.
func (*User) IsNode() {}

// userBatch is the users that were loaded together.
type userBatch struct {
	*Factory
	all           []uuid.UUID
	ids, placeIDs []uuid.UUID // of those that are not hidden: what others have is loaded for nobody

	places                  loader[*Place]
	emailVisible            loader[bool]
	roles                   loader[*hint.Roles]
	completed               loader[int]
	portraits               loader[*Photo]
	suspensions             loader[*ent.Suspension]
	cats                    childLoader[*CatProfile]
	fosterings              childLoader[*Fostering]
	notifications           childLoader[*Notification]
	reportsAbout, reportsBy childLoader[*Report]
	blocked                 loader[bool]
	references              childLoader[*Reference]
	opinions                loader[opinions]
	lateCancellations       loader[int]
}

// Users makes a batch of users who are not hidden from the viewer.
func (f *Factory) Users(rows ...*ent.User) []*User {
	return f.usersUnless(rows, func(*ent.User) bool { return false })
}

// markedUsers makes a batch of users who are marked if they are hidden from the viewer.
func (f *Factory) markedUsers(rows []*ent.User) []*User {
	return f.usersUnless(rows, func(row *ent.User) bool { return hidden.IsMarked(row) })
}

// usersUnless makes a batch of users. Of those that are hidden only the stub is left.
func (f *Factory) usersUnless(rows []*ent.User, isHidden func(*ent.User) bool) []*User {
	batch := &userBatch{Factory: f, all: make([]uuid.UUID, len(rows)), ids: make([]uuid.UUID, 0, len(rows))}
	users := make([]*User, len(rows))
	for i, row := range rows {
		batch.all[i] = row.ID
		users[i] = &User{User: row, hidden: isHidden(row), batch: batch}
		if users[i].hidden {
			users[i].User = stubOf(row)
			continue
		}
		batch.ids = append(batch.ids, row.ID)
		if row.PlaceID != nil {
			batch.placeIDs = append(batch.placeIDs, *row.PlaceID)
		}
	}
	return users
}

// stubOf returns what a viewer sees of a member who is hidden: who it is, so that a block can be ended. The address is shown to those
// who are in contact.
func stubOf(row *ent.User) *ent.User {
	return &ent.User{ID: row.ID, Name: row.Name, CreatedAt: row.CreatedAt, Email: row.Email, EmailVerified: row.EmailVerified}
}

// MembersByID loads members whom the viewer may look up, as a batch. Others are left out.
func (f *Factory) MembersByID(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]*User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return f.usersWith(ctx, database.FieldIn(user.FieldID, ids), usecase.VisibleMember(viewer.User.ID))
}

// usersByID loads users as a batch, hidden ones too: they are sides of fosterings that the viewer sees.
func (f *Factory) usersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*User, error) {
	return f.usersWith(ctx, database.FieldIn(user.FieldID, ids))
}

func (f *Factory) usersWith(ctx context.Context, conditions ...predicate.User) (map[uuid.UUID]*User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := f.db.User.Query().Where(conditions...).Modify(hidden.From(viewer.User.ID).Mark(user.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	return byID(f.markedUsers(rows), func(u *User) uuid.UUID { return u.ID }), nil
}

// Email is visible to the user. Once it is verified, it is also visible to admins and to
// the other side of a fostering whose sides are in contact.
func (u *User) Email(ctx context.Context) (*string, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if viewer.User.ID == u.ID {
		return &u.User.Email, nil
	}
	if !u.EmailVerified {
		return nil, nil
	}
	visible, err := u.batch.emailVisible.load(ctx, u.ID, u.batch.loadEmailVisible)
	if err != nil || !visible {
		return nil, err
	}
	return &u.User.Email, nil
}

// NewEmail is visible to the user.
func (u *User) NewEmail(ctx context.Context) (*string, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil || viewer.User.ID != u.ID {
		return nil, err
	}
	return u.User.NewEmail, nil
}

func (b *userBatch) loadEmailVisible(ctx context.Context) (map[uuid.UUID]bool, error) {
	viewer, admin, err := b.viewer(ctx)
	if err != nil {
		return nil, err
	}
	visible := make(map[uuid.UUID]bool, len(b.ids))
	if admin {
		for _, id := range b.ids {
			visible[id] = true
		}
		return visible, nil
	}
	var promised []struct {
		Participant uuid.UUID `json:"participant_id"`
		Owner       uuid.UUID `json:"owner_id"`
	}
	err = b.db.Fostering.Query().
		Where(usecase.InContact(b.clock.Now())).
		Modify(func(q *sql.Selector) {
			cats := sql.Table(catprofile.Table)
			q.Join(cats) // Columns have their final names only after this.
			participant, owner := q.C(entfostering.FieldParticipantID), cats.C(catprofile.FieldOwnerID)
			q.On(q.C(entfostering.FieldCatProfileID), cats.C(catprofile.FieldID)).
				Where(sql.Or(
					sql.And(sql.EQ(participant, viewer.User.ID), database.In(owner, b.all)),
					sql.And(sql.EQ(owner, viewer.User.ID), database.In(participant, b.all)),
				)).
				Select(participant, owner)
		}).
		Scan(ctx, &promised)
	if err != nil {
		return nil, err
	}
	for _, p := range promised {
		visible[p.Participant], visible[p.Owner] = true, true
	}
	return visible, nil
}

// IsAdmin is visible to the user and to admins.
func (u *User) IsAdmin(ctx context.Context) (*bool, error) {
	return u.role(ctx, func(r hint.Roles) bool { return r.Admins().Members })
}

// IsSuperAdmin is visible to the user and to admins.
func (u *User) IsSuperAdmin(ctx context.Context) (*bool, error) {
	return u.role(ctx, func(r hint.Roles) bool { return r.Admins().Manage() })
}

// IsModerator is visible to the user and to admins.
func (u *User) IsModerator(ctx context.Context) (*bool, error) {
	return u.role(ctx, func(r hint.Roles) bool { return r.Moderators().Moderate() })
}

// role reports whether the user has a role, to the user and to admins. Keto says whether the viewer is an admin, since that decides
// who sees the roles of others.
func (u *User) role(ctx context.Context, has func(hint.Roles) bool) (*bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if viewer.User.ID != u.ID {
		if _, admin, err := u.batch.viewer(ctx); err != nil || !admin {
			return nil, err
		}
	}
	roles, err := u.batch.roles.load(ctx, u.ID, func(ctx context.Context) (map[uuid.UUID]*hint.Roles, error) {
		return hint.RolesOf(ctx, u.batch.db, u.batch.ids)
	})
	is := roles != nil && has(*roles)
	return &is, err
}

// CatProfiles returns a page of the user's cats, newest first.
func (u *User) CatProfiles(_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*CatProfileConnection, error) {
	page, err := childConnection(&u.batch.cats, u.ID, arguments{first, after, last, before}, newestCatFirst(), u.batch.catLists)
	if err != nil {
		return nil, err
	}
	return &CatProfileConnection{Connection: page}, nil
}

func (b *userBatch) catLists(context.Context) (childLists[*ent.CatProfile, *CatProfile], error) {
	query := b.db.CatProfile.Query().Where(database.FieldIn(catprofile.FieldOwnerID, b.ids), catprofile.ArchivedAtIsNil())
	return childListsOf(query, b.Cats, catprofile.FieldOwnerID, func(cat *ent.CatProfile) uuid.UUID { return cat.OwnerID }), nil
}

// Fosterings returns a page of what the user fosters, as far as the viewer may see it,
// newest first.
func (u *User) Fosterings(_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*FosteringConnection, error) {
	return childConnection(&u.batch.fosterings, u.ID, arguments{first, after, last, before}, newestFosteringFirst(), u.batch.fosteringLists)
}

func (b *userBatch) fosteringLists(ctx context.Context) (childLists[*ent.Fostering, *Fostering], error) {
	return b.visibleFosterings(ctx, entfostering.FieldParticipantID, b.ids)
}

// CompletedFosterings returns how many fosterings the user has completed.
func (u *User) CompletedFosterings(ctx context.Context) (int, error) {
	return u.batch.completed.load(ctx, u.ID, func(ctx context.Context) (map[uuid.UUID]int, error) {
		query := u.batch.db.Fostering.Query().Where(
			entfostering.StatusEQ(fostering.Completed), database.FieldIn(entfostering.FieldParticipantID, u.batch.ids))
		return readCounts(ctx, query.Modify(countBy(entfostering.FieldParticipantID)))
	})
}

// Admins returns a page of the admins by name.
func (f *Factory) Admins(p Page) (*UserConnection, error) {
	return f.membersByName(p, user.HasAdminRole())
}

// Moderators returns a page of the moderators by name. Admins have no role of their own for it.
func (f *Factory) Moderators(p Page) (*UserConnection, error) {
	return f.membersByName(p, user.HasModeratorRole())
}

// membersByName returns a page of some members, by name. There are few of them, so that their order needs no index.
func (f *Factory) membersByName(p Page, which predicate.User) (*UserConnection, error) {
	return listOf(f.db.User.Query().Where(which), f.Users).connection(p, order[*ent.User]{
		name:      "NAME",
		column:    user.FieldName,
		collation: byName,
		value:     func(u *ent.User) string { return u.Name },
		parse:     parseText,
		id:        func(u *ent.User) uuid.UUID { return u.ID },
	})
}
