package usecase

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// A client that does not know whether its call has succeeded repeats it with the same key. The row that the first
// call has inserted keeps the key and a hash of the input, as long as the row exists. All calls of a member wait for the
// lock of the account, so those that come at the same time find the row of the first.

// repeated returns the cat that an earlier call with the key has added, or nil if there is no such call. The account must be
// locked.
func (c *Cats) repeated(ctx context.Context, tx *projection.Tx, owner uuid.UUID, key *uuid.UUID, hash []byte) (*ent.CatProfile, error) {
	if key == nil {
		return nil, nil
	}
	row, err := tx.CatProfile.Query().Where(catprofile.OwnerID(owner), catprofile.IdempotencyKey(*key)).Only(ctx)
	if err != nil {
		return nil, ent.MaskNotFound(err)
	}
	return row.Unwrap(), requireSameInput(row.InputHash, hash)
}

// repeated does the same for requests.
func (f *Fosterings) repeated(
	ctx context.Context, tx *projection.Tx, participant uuid.UUID, key *uuid.UUID, hash []byte,
) (*ent.Fostering, error) {
	if key == nil {
		return nil, nil
	}
	row, err := tx.Fostering.Query().
		Where(entfostering.ParticipantID(participant), entfostering.IdempotencyKey(*key), VisibleFostering(participant, f.clock.Now())).Only(ctx)
	if err != nil {
		return nil, ent.MaskNotFound(err)
	}
	return row.Unwrap(), requireSameInput(row.InputHash, hash)
}

// repeatedMessage does the same for messages.
func repeatedMessage(ctx context.Context, tx *projection.Tx, author uuid.UUID, key *uuid.UUID, hash []byte) (*ent.Message, error) {
	if key == nil {
		return nil, nil
	}
	row, err := tx.Message.Query().Where(message.AuthorID(author), message.IdempotencyKey(*key), VisibleMessage(author)).Only(ctx)
	if err != nil {
		return nil, ent.MaskNotFound(err)
	}
	return row.Unwrap(), requireSameInput(row.InputHash, hash)
}

// repeatedReference does the same for references.
func repeatedReference(ctx context.Context, tx *projection.Tx, author uuid.UUID, key *uuid.UUID, hash []byte) (*ent.Reference, error) {
	if key == nil {
		return nil, nil
	}
	row, err := tx.Reference.Query().Where(reference.AuthorID(author), reference.IdempotencyKey(*key)).Only(ctx)
	if err != nil {
		return nil, ent.MaskNotFound(err)
	}
	return row.Unwrap(), requireSameInput(row.InputHash, hash)
}

// requireSameInput refuses a key that an earlier call had with another input.
func requireSameInput(first, hash []byte) error {
	if bytes.Equal(first, hash) {
		return nil
	}
	return errKeyReused()
}

func errKeyReused() error {
	return apperr.NewConflict(apperr.IdempotencyKeyReused, "an earlier call with this idempotencyKey had another input")
}

// hash returns a hash of what a new profile says, or nil without a key.
func (e CatEdit) hash(key *uuid.UUID) ([]byte, error) {
	return hashOf(key, func(input map[string]any) error {
		if e.Photos != nil && len(e.Photos.IDs) > 0 {
			input["photos"] = e.Photos.IDs
		}
		return e.columns(func(column string, value ent.Value) error {
			if value != nil {
				input[column] = value
			}
			return nil
		})
	})
}

// hash returns a hash of what a request says, or nil without a key.
func (r FosteringRequest) hash() ([]byte, error) {
	return hashOf(r.IdempotencyKey, func(input map[string]any) error {
		input[entfostering.FieldCatProfileID] = r.CatID
		input[entfostering.FieldStartDate] = r.StartDate.Format(time.DateOnly)
		input[entfostering.FieldEndDate] = r.EndDate.Format(time.DateOnly)
		if r.Message != nil {
			input[entfostering.FieldMessage] = *r.Message
		}
		return nil
	})
}

// hash returns a hash of what a message says, or nil without a key.
func (m NewMessage) hash() ([]byte, error) {
	return hashOf(m.IdempotencyKey, func(input map[string]any) error {
		input[message.FieldFosteringID], input[message.FieldText] = m.FosteringID, m.Text
		return nil
	})
}

// hash returns a hash of what a reference says, or nil without a key.
func (n NewReference) hash() ([]byte, error) {
	return hashOf(n.IdempotencyKey, func(input map[string]any) error {
		input[reference.FieldFosteringID], input[reference.FieldTookPlace] = n.FosteringID, n.TookPlace
		if n.TookPlace {
			input[reference.FieldRecommends], input[reference.FieldText] = n.Recommends, n.Text
		}
		if n.PrivateNote != nil {
			input[reference.FieldPrivateNote] = *n.PrivateNote
		}
		return nil
	})
}

// hashOf returns a hash of an input by columns, or nil without a key. What is not given has no part in it, so that the hash of an input
// stays when columns are added.
func hashOf(key *uuid.UUID, fill func(input map[string]any) error) ([]byte, error) {
	if key == nil {
		return nil, nil
	}
	input := map[string]any{}
	if err := fill(input); err != nil {
		return nil, err
	}
	text, err := json.Marshal(input) // Sorted by column.
	if err != nil {
		return nil, fmt.Errorf("encode an input: %w", err)
	}
	hash := sha256.Sum256(text)
	return hash[:], nil
}
