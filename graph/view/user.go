package view

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// User is a member of the community.
type User struct {
	*ent.User
	maker *Maker
	group *group[*User]
}

// IsNode marks users as nodes.
func (*User) IsNode() {}

// Users makes a group of users.
func (m *Maker) Users(rows ...*ent.User) []*User {
	g := &group[*User]{members: make([]*User, len(rows))}
	for i, row := range rows {
		g.members[i] = &User{User: row, maker: m, group: g}
	}
	return g.members
}

// usersByID loads users as a group.
func (m *Maker) usersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*User, error) {
	rows, err := m.DB.User.Query().Where(user.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	users := make(map[uuid.UUID]*User, len(rows))
	for _, u := range m.Users(rows...) {
		users[u.ID] = u
	}
	return users, nil
}

// Email is for the user and, once it is known to be theirs, for admins and the other
// party of a promised fostering.
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
	visible, err := answer(ctx, u.group, "email", u.maker.emailsVisible)
	if err != nil || !visible[u.ID] {
		return nil, err
	}
	return &u.User.Email, nil
}

func (m *Maker) emailsVisible(ctx context.Context, users []*User) (map[uuid.UUID]bool, error) {
	viewer, admin, err := m.viewer(ctx)
	if err != nil {
		return nil, err
	}
	visible := make(map[uuid.UUID]bool, len(users))
	ids := idsOf(users, func(u *User) uuid.UUID { return u.ID })
	if admin {
		for _, id := range ids {
			visible[id] = true
		}
		return visible, nil
	}
	var parties []struct {
		Participant uuid.UUID `json:"participant_id"`
		Owner       uuid.UUID `json:"owner_id"`
	}
	err = m.DB.Fostering.Query().
		Where(entfostering.StatusIn(fostering.Promised()...)).
		Modify(func(q *sql.Selector) {
			cats := sql.Table(catprofile.Table)
			q.Join(cats) // From here on the columns have their final names.
			participant, owner := q.C(entfostering.FieldParticipantID), cats.C(catprofile.FieldOwnerID)
			q.On(q.C(entfostering.FieldCatProfileID), cats.C(catprofile.FieldID)).
				Where(sql.Or(
					sql.And(sql.EQ(participant, viewer.User.ID), sql.In(owner, anyOf(ids)...)),
					sql.And(sql.EQ(owner, viewer.User.ID), sql.In(participant, anyOf(ids)...)),
				)).
				Select(participant, owner)
		}).
		Scan(ctx, &parties)
	if err != nil {
		return nil, err
	}
	for _, two := range parties {
		visible[two.Participant], visible[two.Owner] = true, true
	}
	return visible, nil
}

// IsAdmin is for the user and for admins.
func (u *User) IsAdmin(ctx context.Context) (*bool, error) {
	viewer, admin, err := u.maker.viewer(ctx)
	if err != nil {
		return nil, err
	}
	if viewer.User.ID == u.ID {
		return &admin, nil
	}
	if !admin {
		return nil, nil
	}
	admins, err := answer(ctx, u.group, "admin", func(ctx context.Context, users []*User) (map[uuid.UUID]bool, error) {
		questions := make([]keto.Tuple, len(users))
		for i, u := range users {
			questions[i] = keto.AdminRole(u.ID)
		}
		are, err := u.maker.Keto.CheckAll(ctx, questions)
		if err != nil {
			return nil, err
		}
		answers := make(map[uuid.UUID]bool, len(users))
		for i, u := range users {
			answers[u.ID] = are[i]
		}
		return answers, nil
	})
	if err != nil {
		return nil, err
	}
	is := admins[u.ID]
	return &is, nil
}

// CatProfiles are the user's cats, newest first.
func (u *User) CatProfiles(ctx context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*CatProfileConnection, error) {
	s, err := sliceOf(ctx, first, after, last, before)
	if err != nil {
		return nil, err
	}
	m := u.maker
	return connectEach(u.group, u.ID, "catProfiles", s, newestCats(), func(_ context.Context, users []*User) (lists[*ent.CatProfile, *CatProfile], error) {
		query := m.DB.CatProfile.Query().Where(catprofile.OwnerIDIn(idsOf(users, func(u *User) uuid.UUID { return u.ID })...))
		return lists[*ent.CatProfile, *CatProfile]{
			list:     m.catList(query),
			parent:   catprofile.FieldOwnerID,
			parentOf: func(cat *ent.CatProfile) uuid.UUID { return cat.OwnerID },
			counts: func(ctx context.Context) (map[uuid.UUID]int, error) {
				return readCounts(ctx, query.Clone().Modify(countBy(catprofile.FieldOwnerID)))
			},
		}, nil
	})
}

// Fosterings are those of the user that the viewer may see, newest first.
func (u *User) Fosterings(ctx context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*FosteringConnection, error) {
	s, err := sliceOf(ctx, first, after, last, before)
	if err != nil {
		return nil, err
	}
	m := u.maker
	return connectEach(u.group, u.ID, "fosterings", s, newestFosterings(), func(ctx context.Context, users []*User) (lists[*ent.Fostering, *Fostering], error) {
		return m.fosteringLists(ctx, entfostering.FieldParticipantID, idsOf(users, func(u *User) uuid.UUID { return u.ID }))
	})
}

// CompletedFosterings counts what the user has brought to an end.
func (u *User) CompletedFosterings(ctx context.Context) (int, error) {
	counts, err := answer(ctx, u.group, "completed", func(ctx context.Context, users []*User) (map[uuid.UUID]int, error) {
		query := u.maker.DB.Fostering.Query().Where(
			entfostering.StatusEQ(fostering.Completed),
			entfostering.ParticipantIDIn(idsOf(users, func(u *User) uuid.UUID { return u.ID })...),
		)
		return readCounts(ctx, query.Modify(countBy(entfostering.FieldParticipantID)))
	})
	return counts[u.ID], err
}
