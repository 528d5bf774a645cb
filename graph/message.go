package graph

import (
	"context"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// SendMessage writes to the other side of a fostering.
func (r mutation) SendMessage(ctx context.Context, input model.SendMessageInput) (*objects.Message, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	message := v.newMessage(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	message.Author = viewer.User.ID
	row, err := r.useCases.Fosterings.Send(ctx, message)
	if err != nil {
		return nil, err
	}
	return r.objects.Messages(row)[0], nil
}
