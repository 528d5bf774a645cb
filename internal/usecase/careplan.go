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
	plan, err := tx.CarePlan.Query().Where(careplan.CatProfileID(cat)).Only(ctx)
	isNew := ent.IsNotFound(err)
	switch {
	case isNew:
		plan = &ent.CarePlan{}
	case err != nil:
		return false, err
	}
	if !e.changes(plan) {
		return false, nil
	}
	if isNew {
		if plan, err = tx.CarePlan.Create().SetCatProfileID(cat).Save(ctx); err != nil {
			return false, err
		}
	}
	update := plan.Update()
	set(e.Feeding, update.SetFeeding, update.ClearFeeding)
	set(e.Medication, update.SetMedication, update.ClearMedication)
	set(e.Vet, update.SetVet, update.ClearVet)
	set(e.MayAuthorizeTreatment, update.SetMayAuthorizeTreatment, update.ClearMayAuthorizeTreatment)
	set(e.EmergencyContact, update.SetEmergencyContact, update.ClearEmergencyContact)
	set(e.Habits, update.SetHabits, update.ClearHabits)
	return true, update.Exec(ctx)
}

// changes reports whether the edit changes a plan.
func (e CarePlanEdit) changes(p *ent.CarePlan) bool {
	return differs(e.Feeding, p.Feeding) || differs(e.Medication, p.Medication) || differs(e.Vet, p.Vet) ||
		differs(e.MayAuthorizeTreatment, p.MayAuthorizeTreatment) ||
		differs(e.EmergencyContact, p.EmergencyContact) || differs(e.Habits, p.Habits)
}

func differs[T comparable](field Field[T], old *T) bool {
	if !field.Set || field.Value == nil || old == nil {
		return field.Set && field.Value != old
	}
	return *field.Value != *old
}

// tellFosters lets those hear of a change of the plan to whom the cat, which is locked, is promised.
func tellFosters(ctx context.Context, tx *projection.Tx, cat *ent.CatProfile) error {
	promised, err := tx.Fostering.Query().
		Where(entfostering.CatProfileID(cat.ID), entfostering.StatusIn(fostering.Promised()...)).All(ctx)
	if err != nil {
		return err
	}
	changed := make([]events.Happening, len(promised))
	for i, f := range promised {
		changed[i] = events.Happening{
			Kind: notification.EventCarePlan, Subject: string(keto.Fostering), ID: f.ID, Actor: &cat.OwnerID, Party: fostering.Owner,
			Owner: cat.OwnerID, Participant: f.ParticipantID,
		}
	}
	return events.Record(ctx, tx.Tx, changed...)
}
