// Package mailer mails notifications. The rows of notifications are the queue: a row waits until its mail has been sent, or until
// there is a reason not to send it. Any number of servers send side by side.
//
// A mail is sent at least once. Its Message-ID is that of the notification, so that the only duplicate, after a crash between the
// answer of the mail server and our commit, can be recognized.
package mailer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/mail"
	"github.com/catfoster/catfoster/internal/platform/tracing"
	"github.com/catfoster/catfoster/internal/usecase"
)

const (
	// pause is how long a server waits before it looks for mails again.
	pause = 5 * time.Second
	// delay is how long a mail waits at first: what is taken back at once, or read at once, is not mailed.
	delay = 10 * time.Second
	// batch is how many mails are claimed together, and claimed for how long: more than it takes to send all of them.
	batch, claimed = 5, 5 * time.Minute
	// settling is how long it is tried to write that a mail has been sent, and settlingPause the time between attempts.
	settling, settlingPause = 20 * time.Second, 500 * time.Millisecond
	// perHour is how many mails a member gets in an hour. More of them wait.
	perHour = 30
	// gathering is how long further messages of a conversation wait after a mail: then one mail stands for all of them.
	gathering = 10 * time.Minute
	// The first repetition comes after firstBackoff, later ones after twice as long each, up to maxBackoff. A mail that is older
	// than tooOld is given up, also if nobody has tried to send it: what happened before mails were set up is not mailed.
	firstBackoff, maxBackoff, tooOld = time.Minute, 2 * time.Hour, 3 * 24 * time.Hour
)

// Config is what a mailer needs.
type Config struct {
	DB     *ent.Client
	Kratos *kratos.Admin
	// Sender sends mails. Nil means that nothing is mailed.
	Sender *mail.Sender
	// Origin is that of the pages, where the links in mails lead.
	Origin string
	// Community is the name of the community.
	Community string
	usecase.Clock
	Log *slog.Logger
	// Traces gets the spans of mails whose events are traced, unless it is nil.
	Traces *sdktrace.TracerProvider
}

// Mailer sends mails.
type Mailer struct {
	Config
	letters letters
	metrics metrics
}

// New returns a mailer.
func New(c Config) (*Mailer, error) {
	letters, err := newLetters(c.Community, c.Origin)
	if err != nil {
		return nil, err
	}
	return &Mailer{Config: c, letters: letters, metrics: newMetrics()}, nil
}

// Run sends mails until ctx is done.
func (m *Mailer) Run(ctx context.Context) {
	if m.Sender == nil {
		return
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := m.SendDue(ctx); err != nil && ctx.Err() == nil {
			m.Log.WarnContext(ctx, "mails wait", "error", err)
		}
	}
}

// SendDue sends what is due. A mail that cannot be sent now does not hold up the others that were claimed with it. After those
// SendDue ends, since the mail server may be away.
func (m *Mailer) SendDue(ctx context.Context) error {
	for {
		rows, err := m.claim(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		var failures []error
		for _, row := range rows {
			failures = append(failures, m.handle(ctx, row))
		}
		if err := errors.Join(failures...); err != nil {
			return err
		}
	}
}

// claim claims some notifications that are due, the oldest first, with their events.
func (m *Mailer) claim(ctx context.Context) ([]*ent.Notification, error) {
	now := m.Now()
	ids, err := database.Claim(ctx, m.DB, entnotification.Table, due(now).OrderBy(entnotification.FieldCreatedAt).Limit(batch), now, claimed)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return m.DB.Notification.Query().WithEvent().Where(database.FieldIn(entnotification.FieldID, ids)).
		Order(entnotification.ByCreatedAt(), entnotification.ByID()).All(ctx)
}

// due selects the ids of the notifications that are due.
func due(now time.Time) *sql.Selector {
	found := sql.Dialect(dialect.Postgres).Select(entnotification.FieldID).From(sql.Table(entnotification.Table))
	entnotification.And(
		entnotification.MailOpen(true), entnotification.CreatedAtLTE(now.Add(-delay)),
		entnotification.Or(entnotification.NextAttemptAtIsNil(), entnotification.NextAttemptAtLTE(now)),
	)(found)
	return found
}

// handle sends the mail of a notification, drops it, or lets it wait. The error says that it waits for a service.
func (m *Mailer) handle(ctx context.Context, row *ent.Notification) (err error) {
	if row.Edges.Event == nil { // It has been deleted, and the notification with it.
		return nil
	}
	if m.Now().Sub(row.CreatedAt) >= tooOld {
		m.metrics.count(dropped)
		return m.close(ctx, row)
	}
	ctx, span := tracing.Continue(ctx, m.Traces, row.Edges.Event.TraceParent, "mail", trace.SpanKindConsumer)
	defer func() { tracing.End(span, err) }()
	if until, err := m.pauseOf(ctx, row); err != nil || until != nil {
		return errors.Join(err, m.update(row).SetNillableNextAttemptAt(until).Exec(ctx))
	}
	l, err := m.letterOf(ctx, row)
	switch {
	case err != nil:
		return m.postpone(ctx, row, fmt.Errorf("write the mail of notification %s: %w", row.ID, err))
	case l == nil:
		m.metrics.count(dropped)
		return m.close(ctx, row)
	}
	at := m.Now()
	switch err := m.send(ctx, l.Mail); {
	case err == nil:
		m.metrics.count(delivered)
		return errors.Join(m.settle(ctx, row), m.gather(ctx, row, at))
	case errors.Is(err, mail.ErrAddress):
		m.metrics.count(refused)
		m.Log.InfoContext(ctx, "an address is refused for good", "user", row.UserID, "error", err)
		if err := m.DB.User.UpdateOneID(row.UserID).SetRefusedEmail(l.To[0].Address).Exec(ctx); err != nil {
			return err
		}
		return m.close(ctx, row)
	case errors.Is(err, mail.ErrRefused):
		m.metrics.count(refused)
		m.Log.ErrorContext(ctx, "a mail is refused for good", "notification", row.ID, "error", err)
		return m.close(ctx, row)
	default:
		m.metrics.count(unavailable)
		return m.postpone(ctx, row, err)
	}
}

// update changes the row of a notification. ent's own update of one row is a transaction, in which the row is read again.
func (m *Mailer) update(row *ent.Notification) *ent.NotificationUpdate {
	return m.DB.Notification.Update().Where(entnotification.ID(row.ID))
}

// send sends a mail. If it goes to an address of before too, neither address keeps it from the other one by refusing it. The error
// is about the present address, which comes first.
func (m *Mailer) send(ctx context.Context, l mail.Mail) error {
	err := m.deliver(ctx, l)
	if len(l.To) == 1 || !isOfRecipient(err) {
		return err
	}
	present, before := l, l
	present.To, before.To = l.To[:1], l.To[1:]
	if err = m.deliver(ctx, present); !isOfRecipient(err) {
		return err
	}
	switch failed := m.deliver(ctx, before); {
	case errors.Is(failed, mail.ErrUnavailable):
		return failed
	case failed == nil && errors.Is(err, mail.ErrRecipient): // Each further attempt would go to the address of before again.
		return fmt.Errorf("%w: it refuses the first recipient, and the other has it", mail.ErrRefused)
	}
	return err
}

// isOfRecipient reports whether a mail was refused because of one of its recipients.
func isOfRecipient(err error) bool {
	return errors.Is(err, mail.ErrAddress) || errors.Is(err, mail.ErrRecipient)
}

// deliver hands a mail to the mail server.
func (m *Mailer) deliver(ctx context.Context, l mail.Mail) error {
	ctx, span := tracing.Start(ctx, "smtp send", trace.SpanKindClient)
	err := m.Sender.Send(ctx, l)
	tracing.End(span, err)
	return err
}

// ofConversation selects the notifications of the same member about messages of the same fostering, if a notification is about one.
func ofConversation(row *ent.Notification) (where []predicate.Notification, isMessage bool) {
	about := row.Edges.Event
	return []predicate.Notification{
		entnotification.UserID(row.UserID),
		entnotification.HasEventWith(event.Kind(notification.EventMessage), event.SubjectID(about.SubjectID)),
	}, about.Kind == notification.EventMessage
}

// alike selects the notifications of the same member whose mails are counted together: those about the security of the account, or
// all others, so that no others delay them.
func alike(row *ent.Notification) predicate.Notification {
	kinds := event.KindIn(notification.SecurityEvents()...)
	if !slices.Contains(notification.SecurityEvents(), row.Edges.Event.Kind) {
		kinds = event.Not(kinds)
	}
	return entnotification.And(entnotification.UserID(row.UserID), entnotification.HasEventWith(kinds))
}

// pauseOf returns until when a notification waits because of mails that the member has got: too many in an hour, or one about the
// same conversation. Otherwise it returns nil. If there were too many, all that is due for the member waits as long.
func (m *Mailer) pauseOf(ctx context.Context, row *ent.Notification) (*time.Time, error) {
	sent, err := m.DB.Notification.Query().Where(alike(row), entnotification.MailedAtGT(m.Now().Add(-time.Hour))).Count(ctx)
	if err != nil {
		return nil, err
	}
	if sent >= perHour {
		return new(m.Now().Add(time.Hour)), m.pauseAlike(ctx, row)
	}
	where, isMessage := ofConversation(row)
	if !isMessage {
		return nil, nil
	}
	last, err := m.DB.Notification.Query().Where(where...).Where(entnotification.MailedAtGT(m.Now().Add(-gathering))).
		Order(entnotification.ByMailedAt(sql.OrderDesc())).First(ctx)
	if err != nil {
		return nil, ent.MaskNotFound(err)
	}
	return new(last.MailedAt.Add(gathering)), nil
}

// pauseAlike lets all that is due and counted with a notification wait for an hour, as each would after it was claimed. So a flood of
// notifications takes one statement for each member.
func (m *Mailer) pauseAlike(ctx context.Context, row *ent.Notification) error {
	found := due(m.Now())
	alike(row)(found)
	_, err := database.Claim(ctx, m.DB, entnotification.Table, found, m.Now(), time.Hour)
	return err
}

// gather takes the messages out of the queue for which a mail stands too: those of before it was sent.
func (m *Mailer) gather(ctx context.Context, row *ent.Notification, at time.Time) error {
	where, isMessage := ofConversation(row)
	if !isMessage {
		return nil
	}
	return m.DB.Notification.Update().Where(where...).Where(entnotification.MailOpen(true), entnotification.CreatedAtLTE(at)).
		SetMailOpen(false).Exec(context.WithoutCancel(ctx))
}

// settle takes a notification out of the queue whose mail has been sent. It tries again while the database is away: the mail would
// be sent twice.
func (m *Mailer) settle(ctx context.Context, row *ent.Notification) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	mailed := m.Now()
	for {
		err := m.update(row).SetMailOpen(false).SetMailedAt(mailed).Exec(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(settlingPause):
		}
	}
}

// close takes a notification out of the queue that is not mailed.
func (m *Mailer) close(ctx context.Context, row *ent.Notification) error {
	return m.update(row).SetMailOpen(false).Exec(context.WithoutCancel(ctx))
}

// postpone lets a notification wait for the next attempt, and returns the cause.
func (m *Mailer) postpone(ctx context.Context, row *ent.Notification, cause error) error {
	wait := min(firstBackoff<<min(row.MailAttempts, 10), maxBackoff)
	err := m.update(row).AddMailAttempts(1).SetNextAttemptAt(m.Now().Add(wait)).Exec(context.WithoutCancel(ctx))
	return errors.Join(cause, err)
}

// letterOf returns the mail of a notification, or nil if nothing is to be mailed: because it is not true any more, has been read,
// or is hidden from the member, or because the member wants no such mail or cannot get any. What is about the security of the account is always mailed.
func (m *Mailer) letterOf(ctx context.Context, row *ent.Notification) (*letter, error) {
	rule, ok := notification.Of(row.Edges.Event.Kind)
	if !ok || row.ReadAt != nil && !rule.Security {
		return nil, nil
	}
	member, err := m.DB.User.Query().
		Where(user.ID(row.UserID), user.DeletedAtIsNil(), user.IdentityIDNotNil(), user.EmailVerified(true)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case !rule.Security && (member.MailOff || slices.Contains(member.MutedKinds, string(rule.Kind))):
		return nil, nil
	}
	to := addressesOf(member, row.Edges.Event)
	if len(to) == 0 {
		return nil, nil
	}
	isVisible := usecase.VisibleNotification(member.ID, m.Now())
	if visible, err := m.DB.Notification.Query().Where(entnotification.ID(row.ID), isVisible).Exist(ctx); err != nil || !visible {
		return nil, err
	}
	subject, err := m.subjectOf(ctx, row)
	if err != nil {
		return nil, err
	}
	if len(rule.While) > 0 && !slices.Contains(rule.While, subject.status) || rule.Kind == notification.Proposed && !subject.changeOpen ||
		!subject.isAhead(row.Edges.Event, m.Today()) {
		return nil, nil
	}
	identity, err := m.Kratos.Identity(ctx, *member.IdentityID)
	switch {
	case errors.Is(err, kratos.ErrNoIdentity):
		return nil, nil
	case err != nil:
		return nil, err
	case !identity.Active, !identity.Verified, identity.Email != member.Email: // The row may be older.
		return nil, nil
	}
	var token string
	if !rule.Security {
		if token, err = m.tokenOf(ctx, member); err != nil {
			return nil, err
		}
	}
	language := identity.Language
	if member.Language != nil {
		language = *member.Language
	}
	l, err := m.letters.write(language, rule.Kind, subject, token)
	if err != nil {
		return nil, err
	}
	l.ID, l.To = row.ID.String(), to
	return l, nil
}

// addressesOf returns the addresses that a mail about an event goes to: the member's, unless it was refused for good, and the one
// that the member has left.
func addressesOf(member *ent.User, about *ent.Event) []netmail.Address {
	var to []netmail.Address
	for _, address := range []string{member.Email, about.Data[notification.DataFrom]} {
		if address != "" && (member.RefusedEmail == nil || *member.RefusedEmail != address) {
			to = append(to, netmail.Address{Name: member.Name, Address: address})
		}
	}
	return to
}

// tokenOf returns the secret with which a member turns mails off without a login.
func (m *Mailer) tokenOf(ctx context.Context, member *ent.User) (string, error) {
	if member.UnsubscribeToken != nil {
		return *member.UnsubscribeToken, nil
	}
	// Another server may write one at the same time: the first stays.
	if err := m.DB.User.Update().Where(user.ID(member.ID), user.UnsubscribeTokenIsNil()).SetUnsubscribeToken(rand.Text()).Exec(ctx); err != nil {
		return "", err
	}
	written, err := m.DB.User.Get(ctx, member.ID)
	if err != nil || written.UnsubscribeToken == nil {
		return "", fmt.Errorf("write the secret of user %s: %w", member.ID, err)
	}
	return *written.UnsubscribeToken, nil
}
