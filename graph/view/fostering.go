package view

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Fostering is a member's request to foster a cat, and what has become of it.
// Whoever makes one has made sure that the viewer may see it.
type Fostering struct {
	*ent.Fostering
	maker *Maker
	group *group[*Fostering]
}

// FosteringConnection is a page of fosterings.
type FosteringConnection = Connection[*Fostering]

// FosteringEdge is a fostering and its position.
type FosteringEdge = Edge[*Fostering]

// IsNode marks fosterings as nodes.
func (*Fostering) IsNode() {}

// Fosterings makes a group of fosterings.
func (m *Maker) Fosterings(rows ...*ent.Fostering) []*Fostering {
	g := &group[*Fostering]{members: make([]*Fostering, len(rows))}
	for i, row := range rows {
		g.members[i] = &Fostering{Fostering: row, maker: m, group: g}
	}
	return g.members
}

// CatProfile is the cat.
func (f *Fostering) CatProfile(ctx context.Context) (*CatProfile, error) {
	cats, err := answer(ctx, f.group, "cat", func(ctx context.Context, fosterings []*Fostering) (map[uuid.UUID]*CatProfile, error) {
		ids := idsOf(fosterings, func(f *Fostering) uuid.UUID { return f.CatProfileID })
		rows, err := f.maker.DB.CatProfile.Query().Where(catprofile.IDIn(ids...)).All(ctx)
		if err != nil {
			return nil, err
		}
		cats := make(map[uuid.UUID]*CatProfile, len(rows))
		for _, cat := range f.maker.Cats(rows...) {
			cats[cat.ID] = cat
		}
		return cats, nil
	})
	return cats[f.CatProfileID], err
}

// Participant is the member who fosters the cat.
func (f *Fostering) Participant(ctx context.Context) (*User, error) {
	users, err := answer(ctx, f.group, "participant", func(ctx context.Context, fosterings []*Fostering) (map[uuid.UUID]*User, error) {
		return f.maker.usersByID(ctx, idsOf(fosterings, func(f *Fostering) uuid.UUID { return f.ParticipantID }))
	})
	return users[f.ParticipantID], err
}

// ViewerCanApprove asks Keto about fosterings that are pending.
func (f *Fostering) ViewerCanApprove(ctx context.Context) (bool, error) {
	return f.can(ctx, keto.Approve)
}

// ViewerCanEdit asks Keto about fosterings that are pending.
func (f *Fostering) ViewerCanEdit(ctx context.Context) (bool, error) {
	return f.can(ctx, keto.Edit)
}

func (f *Fostering) can(ctx context.Context, relation keto.Relation) (bool, error) {
	can, err := answer(ctx, f.group, string(relation), func(ctx context.Context, fosterings []*Fostering) (map[uuid.UUID]bool, error) {
		var pending []*Fostering
		for _, other := range fosterings {
			if other.Status == fostering.Pending {
				pending = append(pending, other)
			}
		}
		return check(ctx, f.maker.Keto, pending, relation, func(f *Fostering) (uuid.UUID, keto.Object) {
			return f.ID, keto.ObjectOf(keto.Fostering, f.ID)
		})
	})
	return can[f.ID], err
}

// fosteringList is the list of fosterings that a query finds.
func (m *Maker) fosteringList(query *ent.FosteringQuery) list[*ent.Fostering, *Fostering] {
	return list[*ent.Fostering, *Fostering]{
		all: func(ctx context.Context, narrow func(*sql.Selector)) ([]*ent.Fostering, error) {
			narrowed := query.Clone()
			narrowed.Modify(narrow) // Not Order: that is called before the conditions are there.
			return narrowed.All(ctx)
		},
		count: func(ctx context.Context) (int, error) { return query.Clone().Count(ctx) },
		nodes: func(rows []*ent.Fostering) []*Fostering { return m.Fosterings(rows...) },
	}
}

// fosteringLists are the lists of fosterings with the ids in the column that the
// viewer may see: admins all of them, everybody else those they have a part in.
func (m *Maker) fosteringLists(ctx context.Context, column string, ids []uuid.UUID) (lists[*ent.Fostering, *Fostering], error) {
	viewer, admin, err := m.viewer(ctx)
	if err != nil {
		return lists[*ent.Fostering, *Fostering]{}, err
	}
	query := m.DB.Fostering.Query().Where(sql.FieldIn(column, ids...))
	if !admin {
		query.Where(entfostering.Or(asParticipant(viewer), asOwner(viewer)))
	}
	parentOf := func(f *ent.Fostering) uuid.UUID { return f.CatProfileID }
	if column == entfostering.FieldParticipantID {
		parentOf = func(f *ent.Fostering) uuid.UUID { return f.ParticipantID }
	}
	return lists[*ent.Fostering, *Fostering]{
		list:     m.fosteringList(query),
		parent:   column,
		parentOf: parentOf,
		counts: func(ctx context.Context) (map[uuid.UUID]int, error) {
			return readCounts(ctx, query.Clone().Modify(countBy(column)))
		},
	}, nil
}

func asParticipant(viewer *session.Viewer) predicate.Fostering {
	return entfostering.ParticipantID(viewer.User.ID)
}

// asOwner finds fosterings of the viewer's cats, which are few: as an array they can
// be looked up in the index, and combined with asParticipant.
func asOwner(viewer *session.Viewer) predicate.Fostering {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C(entfostering.FieldCatProfileID)).WriteString(" = ANY (ARRAY(SELECT ").Ident(catprofile.FieldID).
				WriteString(" FROM ").Ident(catprofile.Table).WriteString(" WHERE ").Ident(catprofile.FieldOwnerID).
				WriteString(" = ").Arg(viewer.User.ID).WriteString("))")
		}))
	}
}

// MyFosterings is a page of the viewer's fosterings that pass the filter.
func (m *Maker) MyFosterings(ctx context.Context, s Slice, filter *model.FosteringFilter, by *model.FosteringOrder) (*FosteringConnection, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if filter == nil {
		filter = &model.FosteringFilter{}
	}
	mine := entfostering.Or(asParticipant(viewer), asOwner(viewer))
	if role := filter.Role.Value(); role != nil {
		switch *role {
		case model.FosteringRoleParticipant:
			mine = asParticipant(viewer)
		case model.FosteringRoleOwner:
			mine = asOwner(viewer)
		}
	}
	query := m.DB.Fostering.Query().Where(mine)
	if status, given := filter.Status.ValueOK(); given && status != nil {
		query.Where(entfostering.StatusIn(status...))
	}
	if cat := filter.CatProfileID.Value(); cat != nil {
		query.Where(entfostering.CatProfileID(*cat))
	}
	return connect(m.fosteringList(query), s, fosteringOrder(by))
}

// fosteringOrder is the order that was asked for, or newest first.
func fosteringOrder(by *model.FosteringOrder) order[*ent.Fostering] {
	o := newestFosterings()
	if by == nil {
		return o
	}
	o.name = string(by.Field)
	o.descending = by.Direction == model.OrderDirectionDesc
	if by.Field == model.FosteringOrderFieldStartDate {
		o.column = entfostering.FieldStartDate
		o.value = func(f *ent.Fostering) string { return f.StartDate.Format(time.DateOnly) }
		o.parse = func(text string) (any, error) { return time.Parse(time.DateOnly, text) }
	}
	return o
}

func newestFosterings() order[*ent.Fostering] {
	return order[*ent.Fostering]{
		name:       string(model.FosteringOrderFieldCreatedAt),
		column:     entfostering.FieldCreatedAt,
		descending: true,
		value:      func(f *ent.Fostering) string { return formatTime(f.CreatedAt) },
		parse:      parseTime,
		id:         func(f *ent.Fostering) uuid.UUID { return f.ID },
	}
}
