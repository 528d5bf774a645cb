package usecase

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/careplan"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// CarePlanEdit is a change of a care plan. Fields that are not set stay as they are.
type CarePlanEdit struct {
	Feeding, Medication, Vet, EmergencyContact, Habits Field[string]
	MayAuthorizeTreatment                              Field[bool]
}

// UpdateCarePlan changes the care plan of a cat for its owner, and returns the cat. Whoever fosters the cat, or is about to, hears of
// it. Nobody else writes it, admins neither.
func (c *Cats) UpdateCarePlan(ctx context.Context, viewer, id uuid.UUID, edit CarePlanEdit) (*ent.CatProfile, error) {
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	cat, err := lockCat(ctx, tx, id)
	switch {
	case err != nil:
		return nil, err
	case cat.OwnerID != viewer:
		return nil, apperr.ErrForbidden
	}
	changed, err := edit.write(ctx, tx, id)
	if err == nil && changed {
		err = tellFosters(ctx, tx, cat)
	}
	if err != nil {
		return nil, err
	}
	return commit(ctx, tx, cat)
}

// write writes the plan of a locked cat, and reports whether that changes anything.
func (e CarePlanEdit) write(ctx context.Context, tx *projection.Tx, cat uuid.UUID) (changed bool, err error) {
	before, err := tx.CarePlan.Query().Where(careplan.CatProfileID(cat)).Only(ctx)
	if ent.IsNotFound(err) {
		if e == (CarePlanEdit{}) {
			return false, nil
		}
		before, err = tx.CarePlan.Create().SetCatProfileID(cat).Save(ctx)
	}
	if err != nil {
		return false, err
	}
	update := before.Update()
	write := func(field Field[string], old *string, write func(string) *ent.CarePlanUpdateOne, clear func() *ent.CarePlanUpdateOne) {
		if field.Set && !equal(field.Value, old) {
			set(field, write, clear)
			changed = true
		}
	}
	write(e.Feeding, before.Feeding, update.SetFeeding, update.ClearFeeding)
	write(e.Medication, before.Medication, update.SetMedication, update.ClearMedication)
	write(e.Vet, before.Vet, update.SetVet, update.ClearVet)
	write(e.EmergencyContact, before.EmergencyContact, update.SetEmergencyContact, update.ClearEmergencyContact)
	write(e.Habits, before.Habits, update.SetHabits, update.ClearHabits)
	if e.MayAuthorizeTreatment.Set && !equal(e.MayAuthorizeTreatment.Value, before.MayAuthorizeTreatment) {
		set(e.MayAuthorizeTreatment, update.SetMayAuthorizeTreatment, update.ClearMayAuthorizeTreatment)
		changed = true
	}
	if !changed {
		return false, nil
	}
	return true, update.Exec(ctx)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// tellFosters lets those hear of a change of the plan to whom the cat, which is locked, is promised.
func tellFosters(ctx context.Context, tx *projection.Tx, cat *ent.CatProfile) error {
	promised, err := tx.Fostering.Query().
		Where(entfostering.CatProfileID(cat.ID), entfostering.StatusIn(fostering.Promised()...)).
		Order(entfostering.ByCreatedAt(), entfostering.ByID()).All(ctx)
	for _, f := range promised {
		if err := events.Record(ctx, tx.Tx, events.Happening{
			Kind: notification.EventCarePlan, Subject: string(keto.Fostering), ID: f.ID, Actor: &cat.OwnerID, Party: fostering.Owner,
			Owner: cat.OwnerID, Participant: f.ParticipantID,
		}); err != nil {
			return err
		}
	}
	return err
}
