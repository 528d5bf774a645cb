package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	rules "github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

func catProfile() Entity {
	return Entity{
		Namespace: keto.CatProfile,
		Table:     catprofile.Table,
		Exists: func(ctx context.Context, db *ent.Client, viewer uuid.UUID, id string) (bool, error) {
			return db.CatProfile.Query().
				Where(database.FieldIn(catprofile.FieldID, parseIDs([]string{id})), catprofile.ArchivedAtIsNil()).
				Where(hidden.From(viewer).Exclude(catprofile.FieldOwnerID)).Exist(ctx)
		},
		Project: projectCatProfiles,
	}
}

// projectCatProfiles gives a cat its owner, the admins as editors, and the
// participants of its open fosterings as fosters. An archived cat has them too: who may read its fosterings follows from them.
func projectCatProfiles(ctx context.Context, db *ent.Client, objects []string) ([]keto.Tuple, error) {
	ids := parseIDs(objects)
	cats, err := db.CatProfile.Query().Where(database.FieldIn(catprofile.FieldID, ids)).
		Select(catprofile.FieldID, catprofile.FieldOwnerID).All(ctx)
	if err != nil {
		return nil, err
	}
	fosterings, err := db.Fostering.Query().
		Where(database.FieldIn(entfostering.FieldCatProfileID, ids), entfostering.StatusIn(rules.Open()...)).
		Select(entfostering.FieldCatProfileID, entfostering.FieldParticipantID).All(ctx)
	if err != nil {
		return nil, err
	}
	tuples := make([]keto.Tuple, 0, 2*len(cats)+len(fosterings))
	for _, cat := range cats {
		object := keto.ObjectOf(keto.CatProfile, cat.ID)
		tuples = append(tuples,
			keto.Tuple{Object: object, Relation: keto.Owners, Subject: keto.UserSubject(cat.OwnerID)},
			keto.Tuple{Object: object, Relation: keto.Editors, Subject: keto.Admins()})
	}
	for _, f := range fosterings {
		tuples = append(tuples, keto.Tuple{
			Object: keto.ObjectOf(keto.CatProfile, f.CatProfileID), Relation: keto.Fosters, Subject: keto.UserSubject(f.ParticipantID),
		})
	}
	return tuples, nil
}
