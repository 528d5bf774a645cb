package objects

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/hint"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// CatProfile is a cat that needs care.
type CatProfile struct {
	*ent.CatProfile
	// Age is the age today, or that on the last day of an archived cat. It is no method, which takes gqlgen five allocations.
	Age int
	// ownerHidden says that the viewer sees the cat with a fostering alone, since its owner is hidden from the viewer.
	ownerHidden bool
	batch       *catBatch
}

// CatProfileConnection is a page of cats.
type CatProfileConnection struct {
	*Connection[*CatProfile]
	// Search is what was searched for, or nil.
	Search *CatSearch
}

// CatProfileEdge is a cat and its position.
type CatProfileEdge = Edge[*CatProfile]

// IsNode marks cats as nodes.
func (*CatProfile) IsNode() {}

// catBatch is the cats that were loaded together.
type catBatch struct {
	*Factory
	cats []*CatProfile
	near *Place // from where distances are measured, if it is not the viewer's own place

	places     loader[*Place]
	owners     loader[*User]
	hints      loader[*hint.CatProfile]
	fosterings childLoader[*Fostering]
	promised   loader[[]Period]
	carePlans  loader[*ent.CarePlan]
	photos     loader[[]*Photo]
}

// CatByID returns a cat that is not hidden from the viewer, with its owner if the current field of GraphQL selects it, in one
// statement. The error is that of ent if there is no such cat.
func (f *Factory) CatByID(ctx context.Context, id uuid.UUID) (*CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	columns, _ := f.cats.selected(ctx, nil)
	ownerColumns, withOwner := f.users.selected(ctx, []step{{f.cats.names, "owner"}})
	if !withOwner {
		ownerColumns = nil
	}
	row, err := f.db.CatProfile.FindOneWithOwner(ctx, columns, ownerColumns,
		"c.id = $1 AND c.archived_at IS NULL AND c.owner_id NOT IN ("+hidden.From(viewer.User.ID).Text("$2")+")", id, viewer.User.ID)
	if err != nil {
		return nil, err
	}
	return f.Cat(row), nil
}

// Cat makes an object of one row.
func (f *Factory) Cat(row *ent.CatProfile) *CatProfile { return f.Cats(row)[0] }

// Cats makes a batch of cats.
func (f *Factory) Cats(rows ...*ent.CatProfile) []*CatProfile { return f.catsNear(nil, rows) }

// catsNear makes a batch of cats whose distances are measured from a place, or from that of the viewer if it is nil.
func (f *Factory) catsNear(near *Place, rows []*ent.CatProfile) []*CatProfile {
	batch := &catBatch{Factory: f, near: near, cats: make([]*CatProfile, len(rows))}
	today := f.clock.Today()
	for i, row := range rows {
		batch.cats[i] = &CatProfile{CatProfile: row, Age: row.Age, batch: batch}
		if row.BirthDate != nil {
			batch.cats[i].Age = facts.Age(*row.BirthDate, today)
		}
	}
	return batch.cats
}

// catsByID loads cats as a batch, also those whose owners are hidden: the viewer sees fosterings of them.
func (f *Factory) catsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := f.db.CatProfile.Query().Where(database.FieldIn(catprofile.FieldID, ids)).
		Modify(hidden.From(viewer.User.ID).Mark(catprofile.FieldOwnerID)).All(ctx)
	if err != nil {
		return nil, err
	}
	cats := f.Cats(rows...)
	for _, cat := range cats {
		cat.ownerHidden = hidden.IsMarked(cat.CatProfile)
	}
	return byID(cats, catID), nil
}

func catID(c *CatProfile) uuid.UUID { return c.ID }

// Owner returns the member who owns the cat.
func (c *CatProfile) Owner(ctx context.Context) (*User, error) {
	return c.batch.owners.load(ctx, c.OwnerID, c.batch.loadOwners)
}

func (b *catBatch) loadOwners(ctx context.Context) (map[uuid.UUID]*User, error) {
	if len(b.cats) == 1 && b.cats[0].Edges.Owner != nil { // It was loaded together with the cat.
		owner := b.Users(b.cats[0].Edges.Owner)[0]
		return map[uuid.UUID]*User{owner.ID: owner}, nil
	}
	return b.usersByID(ctx, idsOf(b.cats, func(c *CatProfile) uuid.UUID { return c.OwnerID }))
}

// Archived reports whether the cat has been deleted, and is only shown with its fosterings.
func (c *CatProfile) Archived() bool { return c.ArchivedAt != nil }

// ViewerCanEdit reports whether the viewer may change and delete the cat.
func (c *CatProfile) ViewerCanEdit(ctx context.Context) (bool, error) {
	if c.Archived() {
		return false, nil
	}
	viewer, err := c.batch.hints.load(ctx, c.ID, c.batch.loadHints)
	return viewer != nil && viewer.Edit(), err
}

// ViewerCanFoster reports whether the viewer may request to foster the cat.
func (c *CatProfile) ViewerCanFoster(ctx context.Context) (bool, error) {
	if !c.Available || c.ownerHidden {
		return false, nil
	}
	viewer, err := c.batch.hints.load(ctx, c.ID, c.batch.loadHints)
	return viewer != nil && viewer.Foster(), err
}

func (b *catBatch) loadHints(ctx context.Context) (map[uuid.UUID]*hint.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return hint.ToCats(ctx, b.db, viewer.User.ID, idsOf(b.cats, catID))
}

// Fosterings returns a page of the cat's fosterings that the viewer may see, newest first.
func (c *CatProfile) Fosterings(_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*FosteringConnection, error) {
	return childConnection(&c.batch.fosterings, c.ID, arguments{first, after, last, before}, newestFosteringFirst(), c.batch.fosteringLists)
}

func (b *catBatch) fosteringLists(ctx context.Context) (childLists[*ent.Fostering, *Fostering], error) {
	return b.visibleFosterings(ctx, entfostering.FieldCatProfileID, idsOf(b.cats, catID))
}

// catList returns the list of cats that a query finds, loaded with some columns.
func (f *Factory) catList(query *ent.CatProfileQuery, columns []string) list[*ent.CatProfile, *CatProfile] {
	cats := listOf(query, f.Cats)
	cats.rows = listOf(query.Clone().Select(columns...).CatProfileQuery, f.Cats).rows // They are counted without columns.
	return cats
}

// CatSelection says which cats a list has, in which order.
type CatSelection struct {
	// Viewer is who asks for the list. Cats that are hidden from the viewer are not in it.
	Viewer uuid.UUID
	// Conditions are all others but Near.
	Conditions []predicate.CatProfile
	Near       *Near
	By         *model.CatProfileOrder // nil for the oldest profile first; by distance there must be Near
}

// CatProfiles returns a page of the cats that are not archived and meet all conditions.
func (f *Factory) CatProfiles(ctx context.Context, p Page, s CatSelection) (*CatProfileConnection, error) {
	query := f.db.CatProfile.Query().Where(catprofile.ArchivedAtIsNil(), usecase.VisibleCat(s.Viewer)).Where(s.Conditions...)
	o := catOrder(s.By, s.Near)
	columns, _ := f.cats.selected(ctx, []step{
		{[]string{"CatProfileConnection"}, "edges"}, {[]string{"CatProfileEdge"}, "node"},
	}, o.column)
	cats := f.catList(query, columns)
	cats.unfiltered = len(s.Conditions) == 0 && s.Near == nil
	if s.Near != nil {
		inCircle := f.catList(query.Clone().Where(IsNear(*s.Near)), columns)
		cats.count = inCircle.count
		if o.join == nil { // Otherwise the order has the circle.
			cats.rows = inCircle.rows
		}
		cats.nodes = func(rows []*ent.CatProfile) []*CatProfile { return f.catsNear(s.Near.Place, rows) }
	}
	page, err := cats.connection(p, o)
	if err != nil {
		return nil, err
	}
	return &CatProfileConnection{Connection: page}, nil
}

// catOrder returns the order that the client asks for, by default the oldest profile
// first.
func catOrder(by *model.CatProfileOrder, near *Near) order[*ent.CatProfile] {
	o := catByCreation()
	if by == nil {
		return o
	}
	switch by.Field {
	case model.CatProfileOrderFieldDistance:
		o = byDistance(*near)
		o.descending = by.Direction == model.OrderDirectionDesc
		return o
	case model.CatProfileOrderFieldName:
		o.column, o.collation, o.parse = catprofile.FieldName, byName, parseText
		o.value = func(c *ent.CatProfile) string { return c.Name }
	case model.CatProfileOrderFieldAge:
		o.column, o.parse = catprofile.FieldBirthDate, parseDate
		o.value = func(c *ent.CatProfile) string { return formatDate(*c.BirthDate) }
	case model.CatProfileOrderFieldCreatedAt:
	}
	o.name = string(by.Field)
	// The young are born late.
	o.descending = (by.Direction == model.OrderDirectionDesc) != (by.Field == model.CatProfileOrderFieldAge)
	return o
}

func newestCatFirst() order[*ent.CatProfile] { return catByCreation().latestFirst() }

func catByCreation() order[*ent.CatProfile] {
	return byTime(string(model.CatProfileOrderFieldCreatedAt), catprofile.FieldCreatedAt,
		func(c *ent.CatProfile) time.Time { return c.CreatedAt }, func(c *ent.CatProfile) uuid.UUID { return c.ID })
}
