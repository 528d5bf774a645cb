package usecase

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/message"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// snapshot is something that a member has made, as it is now.
type snapshot struct {
	member uuid.UUID // who answers for it
	parts  []report.Part
	photos []uuid.UUID
}

// add adds a part, unless it is empty.
func (s *snapshot) add(field string, value *string) {
	if value != nil && *value != "" {
		s.parts = append(s.parts, report.Part{Field: field, Value: *value})
	}
}

// snapshotOf returns what is to be kept of something that is reported. The error is that of ent if there is no such thing.
func snapshotOf(ctx context.Context, tx *projection.Tx, kind report.Kind, id uuid.UUID) (snapshot, error) {
	s := snapshot{parts: []report.Part{}, photos: []uuid.UUID{}}
	var err error
	switch kind {
	case report.Cat:
		err = s.cat(ctx, tx, id)
	case report.Member:
		err = s.ofMember(ctx, tx, id)
	case report.Message:
		err = s.message(ctx, tx, id)
	case report.Reference:
		err = s.reference(ctx, tx, id)
	case report.Photo:
		err = s.photo(ctx, tx, id)
	}
	return s, err
}

func (s *snapshot) cat(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	cat, err := tx.CatProfile.Query().Where(catprofile.ID(id), catprofile.ArchivedAtIsNil()).Only(ctx)
	if err != nil {
		return err
	}
	s.member = cat.OwnerID
	s.add("name", &cat.Name)
	s.add("description", &cat.Description)
	s.add("specialCareInstructions", cat.SpecialCareInstructions)
	s.add("breed", cat.Breed)
	s.add("location", cat.Location)
	urls := strings.Join(cat.PhotosUrls, "\n")
	s.add("photosUrls", &urls)
	return s.keep(ctx, tx, entphoto.CatProfileID(id))
}

func (s *snapshot) ofMember(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	member, err := tx.User.Query().Where(user.ID(id), account.Registered()).Only(ctx)
	if err != nil {
		return err
	}
	s.member = member.ID
	s.add("name", &member.Name)
	s.add("bio", member.Bio)
	s.add("location", member.Location)
	return s.keep(ctx, tx, entphoto.PortraitOfID(id))
}

func (s *snapshot) message(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	m, err := tx.Message.Query().Where(message.ID(id)).Only(ctx)
	if err != nil {
		return err
	}
	s.member = m.AuthorID
	s.add("text", &m.Text)
	return nil
}

// reference leaves the private note out: moderators see it anyway.
func (s *snapshot) reference(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	r, err := tx.Reference.Get(ctx, id)
	if err != nil {
		return err
	}
	s.member = r.AuthorID
	s.add("text", r.Text)
	return nil
}

// photo takes the owner of the cat for who answers for it, who chooses what the cat has, and else the uploader.
func (s *snapshot) photo(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	p, err := tx.Photo.Query().Where(entphoto.ID(id)).WithCatProfile().Only(ctx)
	if err != nil {
		return err
	}
	s.member = p.UploaderID
	if cat := p.Edges.CatProfile; cat != nil {
		s.member = cat.OwnerID
	}
	s.add("alt", p.Alt)
	return s.keep(ctx, tx, entphoto.ID(id))
}

// keep locks photos and remembers them, in their order.
func (s *snapshot) keep(ctx context.Context, tx *projection.Tx, where predicate.Photo) error {
	rows, err := tx.Photo.Query().Where(where).Order(entphoto.ByID()).ForUpdate().All(ctx)
	slices.SortStableFunc(rows, func(p, q *ent.Photo) int { return p.Position - q.Position })
	for _, row := range rows {
		s.photos = append(s.photos, row.ID)
	}
	return err
}
