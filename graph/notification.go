package graph

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// MarkNotificationsRead marks notifications of the viewer as read.
func (r mutation) MarkNotificationsRead(ctx context.Context, upTo uuid.UUID, about *uuid.UUID) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.presentUser(viewer.User, r.useCases.Notifications.MarkRead(ctx, viewer.User.ID, upTo, about))
}

// UpdateNotificationSettings changes of what the viewer gets mails.
func (r mutation) UpdateNotificationSettings(ctx context.Context, input model.UpdateNotificationSettingsInput) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	settings := usecase.NotificationSettings{Mail: input.Mail.Value()}
	if language := input.Language.Value(); language != nil {
		settings.Language = new(strings.ToLower(string(*language)))
	}
	if kinds, set := input.MutedKinds.ValueOK(); set && kinds != nil {
		settings.Muted = &kinds
	}
	return r.presentUser(r.useCases.Notifications.UpdateSettings(ctx, viewer.User.ID, settings))
}

// loadNotifications loads notifications of the viewer.
func (r query) loadNotifications(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	rows, err := r.db.Notification.Query().WithEvent().
		Where(database.FieldIn(notification.FieldID, ids), notification.UserID(viewer.User.ID),
			usecase.VisibleNotification(viewer.User.ID, r.now())).All(ctx)
	for _, n := range r.objects.Notifications(rows...) {
		into[n.ID] = n
	}
	return err
}
