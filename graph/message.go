package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// SendMessage writes to the other side of a fostering.
func (r mutation) SendMessage(ctx context.Context, input model.SendMessageInput) (*objects.Message, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	written := v.newMessage(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	written.Author = viewer.User.ID
	row, err := r.useCases.Fosterings.Send(ctx, written)
	if err != nil {
		return nil, err
	}
	return r.objects.Messages(row)[0], nil
}

// loadMessages loads the messages that the viewer may read.
func (r query) loadMessages(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	// Who may read a fostering may not always read what its two sides write to each other.
	rows, err := r.db.Message.Query().Where(database.FieldIn(message.FieldID, ids)).
		Where(message.HasFosteringWith(usecase.OfMember(viewer.User.ID)), usecase.VisibleMessage(viewer.User.ID)).All(ctx)
	for _, m := range r.objects.Messages(rows...) {
		into[m.ID] = m
	}
	return err
}
