package permission

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/fostering"
)

// derived are the namespaces whose tuples are derived from rows, with the table
// that has those.
func derived() map[Namespace]string {
	return map[Namespace]string{CatProfile: "cat_profiles", Fostering: "fosterings"}
}

// errUnderived says that an object is not one that tuples are derived for.
var errUnderived = errors.New("no rows stand for such objects")

// derive computes the tuples of objects of a namespace from their rows, by the
// objects' ids: none for those without a row. Ids that are no UUIDs have none.
func (k *Keeper) derive(ctx context.Context, namespace Namespace, objects []string) (map[string][]Tuple, error) {
	ids := make([]uuid.UUID, 0, len(objects))
	for _, object := range objects {
		if id, err := uuid.Parse(object); err == nil && id.String() == object {
			ids = append(ids, id)
		}
	}
	var tuples []Tuple
	var err error
	switch namespace {
	case CatProfile:
		tuples, err = deriveCats(ctx, k.db, ids)
	case Fostering:
		tuples, err = deriveFosterings(ctx, k.db, ids)
	default:
		err = errUnderived
	}
	if err != nil {
		return nil, fmt.Errorf("derive the tuples of %d objects of namespace %s: %w", len(objects), namespace, err)
	}
	byObject := make(map[string][]Tuple, len(objects))
	for _, tuple := range tuples {
		byObject[tuple.Object.ID] = append(byObject[tuple.Object.ID], tuple)
	}
	return byObject, nil
}

// deriveCats gives a cat its owner, the admins as editors, and as fosters those
// with an open fostering.
func deriveCats(ctx context.Context, db *ent.Client, ids []uuid.UUID) ([]Tuple, error) {
	cats, err := db.CatProfile.Query().Where(catprofile.IDIn(ids...)).
		Select(catprofile.FieldID, catprofile.FieldOwnerID).All(ctx)
	if err != nil {
		return nil, err
	}
	fosterings, err := db.Fostering.Query().
		Where(entfostering.CatProfileIDIn(ids...), entfostering.StatusIn(fostering.Open()...)).
		Select(entfostering.FieldCatProfileID, entfostering.FieldParticipantID).All(ctx)
	if err != nil {
		return nil, err
	}
	tuples := make([]Tuple, 0, 2*len(cats)+len(fosterings))
	for _, cat := range cats {
		object := ObjectOf(CatProfile, cat.ID)
		tuples = append(tuples,
			Tuple{Object: object, Relation: Owners, Subject: UserSubject(cat.OwnerID)},
			Tuple{Object: object, Relation: Editors, Subject: Admins()})
	}
	for _, f := range fosterings {
		tuples = append(tuples, Tuple{Object: ObjectOf(CatProfile, f.CatProfileID), Relation: Fosters, Subject: UserSubject(f.ParticipantID)})
	}
	return tuples, nil
}

// deriveFosterings gives a fostering its cat and its participant, for as long as
// it exists: both parties may read it after its end.
func deriveFosterings(ctx context.Context, db *ent.Client, ids []uuid.UUID) ([]Tuple, error) {
	rows, err := db.Fostering.Query().Where(entfostering.IDIn(ids...)).
		Select(entfostering.FieldID, entfostering.FieldCatProfileID, entfostering.FieldParticipantID).All(ctx)
	if err != nil {
		return nil, err
	}
	tuples := make([]Tuple, 0, 2*len(rows))
	for _, row := range rows {
		object := ObjectOf(Fostering, row.ID)
		tuples = append(tuples,
			Tuple{Object: object, Relation: CatProfiles, Subject: Subject{Object: ObjectOf(CatProfile, row.CatProfileID)}},
			Tuple{Object: object, Relation: FosterUsers, Subject: UserSubject(row.ParticipantID)})
	}
	return tuples, nil
}

// Difference is what Keto does not hold as it should.
type Difference struct {
	// Missing tuples deny what is allowed.
	Missing []Tuple
	// Extra tuples allow what is not.
	Extra []Tuple
	// Duplicate tuples are held more than once, which grants no more than one does.
	Duplicate []Tuple
}

// Len is the number of tuples that are wrong.
func (d Difference) Len() int { return len(d.Missing) + len(d.Extra) + len(d.Duplicate) }

// difference compares what Keto should hold with what it does.
func difference(want, have []Tuple) Difference {
	wanted, held := make(map[Tuple]bool, len(want)), make(map[Tuple]int, len(have))
	for _, tuple := range want {
		wanted[tuple] = true
	}
	var d Difference
	for _, tuple := range have {
		held[tuple]++
		switch n := held[tuple]; {
		case !wanted[tuple] && n == 1:
			d.Extra = append(d.Extra, tuple)
		case wanted[tuple] && n == 2:
			d.Duplicate = append(d.Duplicate, tuple)
		}
	}
	for _, tuple := range want {
		if held[tuple] == 0 {
			d.Missing = append(d.Missing, tuple)
		}
	}
	return d
}
