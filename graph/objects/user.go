package objects

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// User is a member of the community.
type User struct {
	*ent.User
	batch *userBatch
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
	ids, placeIDs []uuid.UUID

	places                              loader[*Place]
	emailVisible, isAdmin, isSuperAdmin loader[bool]
	completed                           loader[int]
	portraits                           loader[*Photo]
	cats                                childLoader[*CatProfile]
	fosterings                          childLoader[*Fostering]
	notifications                       childLoader[*Notification]
	references                          childLoader[*Reference]
	opinions                            loader[opinions]
	lateCancellations                   loader[int]
}

// Users makes a batch of users.
func (f *Factory) Users(rows ...*ent.User) []*User {
	batch := &userBatch{Factory: f, ids: make([]uuid.UUID, len(rows))}
	users := make([]*User, len(rows))
	for i, row := range rows {
		batch.ids[i] = row.ID
		if row.PlaceID != nil {
			batch.placeIDs = append(batch.placeIDs, *row.PlaceID)
		}
		users[i] = &User{User: row, batch: batch}
	}
	return users
}

// usersByID loads users as a batch.
func (f *Factory) usersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*User, error) {
	rows, err := f.db.User.Query().Where(database.FieldIn(user.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, err
	}
	return byID(f.Users(rows...), func(u *User) uuid.UUID { return u.ID }), nil
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
					sql.And(sql.EQ(participant, viewer.User.ID), database.In(owner, b.ids)),
					sql.And(sql.EQ(owner, viewer.User.ID), database.In(participant, b.ids)),
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
	viewer, viewerIsAdmin, err := u.batch.viewer(ctx)
	switch {
	case err != nil:
		return nil, err
	case viewer.User.ID == u.ID:
		return &viewerIsAdmin, nil
	case !viewerIsAdmin:
		return nil, nil
	}
	isAdmin, err := u.batch.isAdmin.load(ctx, u.ID, func(ctx context.Context) (map[uuid.UUID]bool, error) {
		return u.batch.access.Admins(ctx, u.batch.ids)
	})
	return &isAdmin, err
}

// IsSuperAdmin is visible to the user and to admins.
func (u *User) IsSuperAdmin(ctx context.Context) (*bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if viewer.User.ID != u.ID {
		if _, admin, err := u.batch.viewer(ctx); err != nil || !admin {
			return nil, err
		}
	}
	isSuper, err := u.batch.isSuperAdmin.load(ctx, u.ID, u.batch.loadSuperAdmins)
	return &isSuper, err
}

func (b *userBatch) loadSuperAdmins(ctx context.Context) (map[uuid.UUID]bool, error) {
	roles, err := b.db.AdminRole.Query().Where(adminrole.UserIDIn(b.ids...), adminrole.Super(true)).All(ctx)
	if err != nil {
		return nil, err
	}
	super := make(map[uuid.UUID]bool, len(roles))
	for _, role := range roles {
		super[role.UserID] = true
	}
	return super, nil
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
	return childLists[*ent.CatProfile, *CatProfile]{
		list:     b.catList(query, catprofile.Columns),
		parent:   catprofile.FieldOwnerID,
		parentOf: func(cat *ent.CatProfile) uuid.UUID { return cat.OwnerID },
		counts: func(ctx context.Context) (map[uuid.UUID]int, error) {
			return readCounts(ctx, query.Clone().Modify(countBy(catprofile.FieldOwnerID)))
		},
	}, nil
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

// Admins returns a page of the admins by name. There are few of them, so that their order
// needs no index.
func (f *Factory) Admins(p Page) (*UserConnection, error) {
	query := f.db.User.Query().Where(user.HasAdminRole())
	return list[*ent.User, *User]{
		rows: func(ctx context.Context, narrow func(*sql.Selector)) ([]*ent.User, error) {
			narrowed := query.Clone()
			narrowed.Modify(narrow) // Not Order: ent calls it before it adds the conditions.
			return narrowed.All(ctx)
		},
		count: func(ctx context.Context) (int, error) { return query.Clone().Count(ctx) },
		nodes: func(rows []*ent.User) []*User { return f.Users(rows...) },
	}.connection(p, order[*ent.User]{
		name:      "NAME",
		column:    user.FieldName,
		collation: byName,
		value:     func(u *ent.User) string { return u.Name },
		parse:     parseText,
		id:        func(u *ent.User) uuid.UUID { return u.ID },
	})
}
