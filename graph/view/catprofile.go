package view

import (
	"context"
	"strings"
	"time"
	"unicode"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
)

// CatProfile is a cat that needs to be cared for.
type CatProfile struct {
	*ent.CatProfile
	maker *Maker
	group *group[*CatProfile]
}

// CatProfileConnection is a page of cats.
type CatProfileConnection = Connection[*CatProfile]

// CatProfileEdge is a cat and its position.
type CatProfileEdge = Edge[*CatProfile]

// IsNode marks cats as nodes.
func (*CatProfile) IsNode() {}

// Cats makes a group of cats.
func (m *Maker) Cats(rows ...*ent.CatProfile) []*CatProfile {
	g := &group[*CatProfile]{members: make([]*CatProfile, len(rows))}
	for i, row := range rows {
		g.members[i] = &CatProfile{CatProfile: row, maker: m, group: g}
	}
	return g.members
}

func catID(c *CatProfile) uuid.UUID { return c.ID }

// Owner is the member who owns the cat.
func (c *CatProfile) Owner(ctx context.Context) (*User, error) {
	owners, err := answer(ctx, c.group, "owner", func(ctx context.Context, cats []*CatProfile) (map[uuid.UUID]*User, error) {
		return c.maker.usersByID(ctx, idsOf(cats, func(c *CatProfile) uuid.UUID { return c.OwnerID }))
	})
	return owners[c.OwnerID], err
}

// ViewerCanEdit asks Keto.
func (c *CatProfile) ViewerCanEdit(ctx context.Context) (bool, error) {
	can, err := answer(ctx, c.group, "edit", func(ctx context.Context, cats []*CatProfile) (map[uuid.UUID]bool, error) {
		return check(ctx, c.maker.Keto, cats, keto.Edit, permissionObject)
	})
	return can[c.ID], err
}

// ViewerCanFoster asks Keto about cats that are available. That the cat exists is
// known: the permission is a negation.
func (c *CatProfile) ViewerCanFoster(ctx context.Context) (bool, error) {
	can, err := answer(ctx, c.group, "foster", func(ctx context.Context, cats []*CatProfile) (map[uuid.UUID]bool, error) {
		var available []*CatProfile
		for _, cat := range cats {
			if cat.Available {
				available = append(available, cat)
			}
		}
		return check(ctx, c.maker.Keto, available, keto.Foster, permissionObject)
	})
	return can[c.ID], err
}

func permissionObject(c *CatProfile) (uuid.UUID, keto.Object) {
	return c.ID, keto.ObjectOf(keto.CatProfile, c.ID)
}

// Fosterings are those of the cat that the viewer may see, newest first.
func (c *CatProfile) Fosterings(ctx context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*FosteringConnection, error) {
	s, err := sliceOf(ctx, first, after, last, before)
	if err != nil {
		return nil, err
	}
	return connectEach(c.group, c.ID, "fosterings", s, newestFosterings(), func(ctx context.Context, cats []*CatProfile) (lists[*ent.Fostering, *Fostering], error) {
		return c.maker.fosteringLists(ctx, entfostering.FieldCatProfileID, idsOf(cats, catID))
	})
}

// catList is the list of cats that a query finds.
func (m *Maker) catList(query *ent.CatProfileQuery) list[*ent.CatProfile, *CatProfile] {
	return list[*ent.CatProfile, *CatProfile]{
		all: func(ctx context.Context, narrow func(*sql.Selector)) ([]*ent.CatProfile, error) {
			narrowed := query.Clone()
			narrowed.Modify(narrow) // Not Order: that is called before the conditions are there.
			return narrowed.All(ctx)
		},
		count: func(ctx context.Context) (int, error) { return query.Clone().Count(ctx) },
		nodes: func(rows []*ent.CatProfile) []*CatProfile { return m.Cats(rows...) },
	}
}

// CatProfiles is a page of the cats that pass the filter.
func (m *Maker) CatProfiles(s Slice, filter *model.CatProfileFilter, by *model.CatProfileOrder) (*CatProfileConnection, error) {
	query := m.DB.CatProfile.Query()
	if filter != nil {
		query.Where(matching(*filter)...)
	}
	return connect(m.catList(query), s, catOrder(by))
}

// catOrder is the order that was asked for, or oldest profile first.
func catOrder(by *model.CatProfileOrder) order[*ent.CatProfile] {
	o := newestCats()
	o.descending = by != nil && by.Direction == model.OrderDirectionDesc
	if by == nil {
		return o
	}
	switch by.Field {
	case model.CatProfileOrderFieldName:
		o.column, o.parse = catprofile.FieldName, parseText
		o.value = func(c *ent.CatProfile) string { return c.Name }
	case model.CatProfileOrderFieldAge:
		o.column, o.parse = catprofile.FieldAge, parseNumber
		o.value = func(c *ent.CatProfile) string { return formatNumber(c.Age) }
	case model.CatProfileOrderFieldCreatedAt:
	}
	o.name = string(by.Field)
	return o
}

func newestCats() order[*ent.CatProfile] {
	return order[*ent.CatProfile]{
		name:       string(model.CatProfileOrderFieldCreatedAt),
		column:     catprofile.FieldCreatedAt,
		descending: true,
		value:      func(c *ent.CatProfile) string { return formatTime(c.CreatedAt) },
		parse:      parseTime,
		id:         func(c *ent.CatProfile) uuid.UUID { return c.ID },
	}
}

// matching turns a filter, which has been checked, into conditions.
func matching(f model.CatProfileFilter) []predicate.CatProfile {
	var conditions []predicate.CatProfile
	add := func(condition predicate.CatProfile) { conditions = append(conditions, condition) }
	if search := f.Search.Value(); search != nil {
		add(containing(*search))
	}
	if owner := f.OwnerID.Value(); owner != nil {
		add(catprofile.OwnerID(*owner))
	}
	if location := f.Location.Value(); location != nil {
		add(locatedAt(*location))
	}
	if age := f.AgeMin.Value(); age != nil {
		add(catprofile.AgeGTE(*age))
	}
	if age := f.AgeMax.Value(); age != nil {
		add(catprofile.AgeLTE(*age))
	}
	if available := f.Available.Value(); available != nil {
		add(catprofile.Available(*available))
	}
	if from, until := f.FreeFrom.Value(), f.FreeUntil.Value(); from != nil && until != nil {
		add(freeBetween(*from, *until))
	}
	return conditions
}

// containing finds words that begin with those of the search, in the column
// by_hand_words, which the migrations make of a cat's texts. Without a word there is
// nothing to look for, and every cat is found.
func containing(search string) predicate.CatProfile {
	words := strings.FieldsFunc(search, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	for i, word := range words {
		words[i] = "'" + word + "':*" // Nothing but letters and numbers: no quotes.
	}
	query := strings.Join(words, " & ")
	return func(q *sql.Selector) {
		if query == "" {
			return
		}
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C("by_hand_words")).WriteString(" @@ to_tsquery('simple', ").Arg(query).WriteString(")")
		}))
	}
}

// locatedAt finds locations that begin with the text, in any case, as the indexes
// hold them.
func locatedAt(text string) predicate.CatProfile {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("lower(").Ident(q.C(catprofile.FieldLocation)).WriteString(") LIKE lower(").Arg(pattern).WriteString(")")
		}))
	}
}

// freeBetween finds cats that are not promised on any of the days.
func freeBetween(from, until time.Time) predicate.CatProfile {
	return catprofile.Not(catprofile.HasFosteringsWith(
		entfostering.StatusIn(fostering.Promised()...),
		entfostering.StartDateLTE(until),
		entfostering.EndDateGTE(from),
	))
}
