package objects

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Reference is what one side of a fostering says about the other. Callers of the factory have made sure that the viewer may see it.
type Reference struct {
	*ent.Reference
	batch *referenceBatch
}

// ReferenceConnection is a page of references.
type ReferenceConnection = Connection[*Reference]

// ReferenceEdge is a reference and its position.
type ReferenceEdge = Edge[*Reference]

// IsNode marks references as nodes.
func (*Reference) IsNode() {}

// referenceBatch is the references that were loaded together.
type referenceBatch struct {
	*Factory
	references []*Reference
	members    loader[*User]
	fosterings loader[*Fostering]
}

// References makes a batch of references.
func (f *Factory) References(rows ...*ent.Reference) []*Reference {
	batch := &referenceBatch{Factory: f, references: make([]*Reference, len(rows))}
	for i, row := range rows {
		batch.references[i] = &Reference{Reference: row, batch: batch}
	}
	return batch.references
}

// ReferencesByID loads those of some references that the viewer may see.
func (f *Factory) ReferencesByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Reference, error) {
	visible, err := f.visibleReferences(ctx, f.db.Reference.Query().Where(database.FieldIn(reference.FieldID, ids)))
	return byID(visible, func(r *Reference) uuid.UUID { return r.ID }), err
}

// visibleReferences loads the references of a query that the viewer may see.
func (f *Factory) visibleReferences(ctx context.Context, query *ent.ReferenceQuery) ([]*Reference, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := query.Where(usecase.VisibleReference(viewer.User.ID, f.clock.Now())).All(ctx)
	if err != nil {
		return nil, err
	}
	var visible []*ent.Reference
	for _, row := range rows {
		sees, err := f.sees(ctx, row)
		if err != nil {
			return nil, err
		}
		if sees {
			visible = append(visible, row)
		}
	}
	return f.References(visible...), nil
}

// sees reports whether the viewer may see a reference: the author always, others when it is visible. One about a fostering that did
// not take place is for moderators, unless it is about themselves.
func (f *Factory) sees(ctx context.Context, row *ent.Reference) (bool, error) {
	viewer, err := session.ViewerOf(ctx)
	switch {
	case err != nil:
		return false, err
	case row.AuthorID == viewer.User.ID:
		return true, nil
	case row.VisibleAt.After(f.clock.Now()):
		return false, nil
	case row.TookPlace:
		return true, nil
	default:
		return f.moderates(ctx, row)
	}
}

// moderates reports whether the viewer may see what a reference has for moderators, which must not be about that moderator.
func (f *Factory) moderates(ctx context.Context, row *ent.Reference) (bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil || row.SubjectID == viewer.User.ID {
		return false, err
	}
	return viewer.IsModerator(ctx, f.access)
}

// published selects the references that all members see.
func (f *Factory) published() predicate.Reference {
	return reference.And(reference.VisibleAtLTE(f.clock.Now()), reference.TookPlace(true))
}

// Author returns the member who wrote the reference, who may be a former member.
func (r *Reference) Author(ctx context.Context) (*User, error) {
	return r.batch.members.load(ctx, r.AuthorID, r.batch.loadMembers)
}

// Subject returns the member whom it is about.
func (r *Reference) Subject(ctx context.Context) (*User, error) {
	return r.batch.members.load(ctx, r.SubjectID, r.batch.loadMembers)
}

func (b *referenceBatch) loadMembers(ctx context.Context) (map[uuid.UUID]*User, error) {
	ids := make([]uuid.UUID, 0, 2*len(b.references))
	for _, r := range b.references {
		ids = append(ids, r.AuthorID, r.SubjectID)
	}
	return b.usersByID(ctx, ids)
}

// Fostering returns the fostering that it comes from, or nil if the viewer may not read the fostering. It is not hidden if the reference
// is not.
func (r *Reference) Fostering(ctx context.Context) (*Fostering, error) {
	return r.batch.fosterings.load(ctx, r.FosteringID, func(ctx context.Context) (map[uuid.UUID]*Fostering, error) {
		viewer, admin, err := r.batch.viewer(ctx)
		if err != nil {
			return nil, err
		}
		ids := idsOf(r.batch.references, func(r *Reference) uuid.UUID { return r.FosteringID })
		query := r.batch.db.Fostering.Query().Where(database.FieldIn(entfostering.FieldID, ids))
		if !admin {
			query.Where(usecase.OfMember(viewer.User.ID))
		}
		rows, err := query.All(ctx)
		return byID(r.batch.Fosterings(rows...), fosteringID), err
	})
}

// PrivateNote is visible to the author, and to moderators unless it is about themselves.
func (r *Reference) PrivateNote(ctx context.Context) (*string, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil || r.Reference.PrivateNote == nil {
		return nil, err
	}
	visible := viewer.User.ID == r.AuthorID
	if !visible {
		visible, err = r.batch.moderates(ctx, r.Reference)
	}
	if err != nil || !visible {
		return nil, err
	}
	return r.Reference.PrivateNote, nil
}

// References returns a page of the published references about the user, newest first.
func (u *User) References(_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (*ReferenceConnection, error) {
	return childConnection(&u.batch.references, u.ID, arguments{first, after, last, before}, newestReferenceFirst(), u.batch.referenceLists)
}

func (b *userBatch) referenceLists(ctx context.Context) (childLists[*ent.Reference, *Reference], error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return childLists[*ent.Reference, *Reference]{}, err
	}
	query := b.db.Reference.Query().Where(
		database.FieldIn(reference.FieldSubjectID, b.ids), b.published(), hidden.From(viewer.User.ID).Exclude(reference.FieldAuthorID))
	return childListsOf(query, b.References, reference.FieldSubjectID, func(r *ent.Reference) uuid.UUID { return r.SubjectID }), nil
}

// newestReferenceFirst goes by when others began to see a reference: nothing appears further down in a list that is read already.
func newestReferenceFirst() order[*ent.Reference] {
	return byTime("VISIBLE_AT", reference.FieldVisibleAt,
		func(r *ent.Reference) time.Time { return r.VisibleAt }, func(r *ent.Reference) uuid.UUID { return r.ID }).latestFirst()
}

// References returns what the two sides say about each other, as far as the viewer may see it, the owner's first.
func (f *Fostering) References(ctx context.Context) ([]*Reference, error) {
	found, err := f.batch.references.load(ctx, f.ID, f.batch.loadReferences)
	if found == nil {
		found = []*Reference{}
	}
	return found, err
}

func (b *fosteringBatch) loadReferences(ctx context.Context) (map[uuid.UUID][]*Reference, error) {
	completed := b.which(func(f *Fostering) bool { return f.Status == fostering.Completed })
	if len(completed) == 0 {
		return nil, nil
	}
	visible, err := b.visibleReferences(ctx,
		b.db.Reference.Query().Where(database.FieldIn(reference.FieldFosteringID, completed)).Order(reference.ByWrittenBy()))
	found := make(map[uuid.UUID][]*Reference, len(completed))
	for _, r := range visible {
		found[r.FosteringID] = append(found[r.FosteringID], r)
	}
	return found, err
}

// ViewerCanRefer reports whether the viewer may write a reference about the other side now.
func (f *Fostering) ViewerCanRefer(ctx context.Context) (bool, error) {
	return f.batch.canRefer.load(ctx, f.ID, f.batch.loadCanRefer)
}

func (b *fosteringBatch) loadCanRefer(ctx context.Context) (map[uuid.UUID]bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	open := b.which(func(f *Fostering) bool {
		return fostering.Reference{Status: f.Status, EndedAt: f.EndedAt}.RequireOpen(b.clock.Now()) == nil
	})
	if len(open) == 0 {
		return nil, nil
	}
	ids, err := b.db.Fostering.Query().Where(
		database.FieldIn(entfostering.FieldID, open), betweenMembers(viewer),
		entfostering.Not(entfostering.HasReferencesWith(reference.AuthorID(viewer.User.ID))),
	).IDs(ctx)
	return setOf(ids), err
}
