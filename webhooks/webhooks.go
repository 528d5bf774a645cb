// Package webhooks handles the calls that Ory Kratos makes while members sign up, log in
// and change their settings, over plain HTTP on the internal listener. See Ory's
// documentation, "Trigger custom logic and integrate with external systems with
// webhooks".
//
// Calls may be lost, repeated, delayed and reordered. All but those at the sign-up, at a change of
// the profile and after a code only name an identity; the handler asks Kratos for its current state,
// so an old call cannot bring back old data. Invalid calls get a status below 500, because Kratos repeats a call
// that failed with a server error.
package webhooks

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// keyHeader carries the key that authenticates Kratos.
const keyHeader = "X-Ory-Api-Key"

// maxBody is the size of the longest payload that is read, in bytes. Usual payloads have
// some hundred.
const maxBody = 64 << 10

// workTimeout bounds the work of a call that goes on if the browser goes away. Kratos waits for 30 seconds.
const workTimeout = 25 * time.Second

// toTheEnd returns a context for work that goes on if the browser goes away, as Kratos then ends the call.
func toTheEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), workTimeout)
}

// Config is what the webhooks need.
type Config struct {
	// Keys are accepted in the header X-Ory-API-Key. There are several while the key is
	// being replaced.
	Keys  []string
	Users *account.Users
	// IsSessionOf reports whether a session belongs to an identity. The session is a token, or
	// else the value of a cookie.
	IsSessionOf func(ctx context.Context, identity uuid.UUID, token, cookie string) (bool, error)
	// Contact is the email address of those who run the community, or empty: members who are suspended object to them.
	Contact string
	Log     *slog.Logger
}

// Handler handles the paths below /webhooks/kratos/.
type Handler struct {
	hooks   map[string]hook // by the last part of the path
	keys    [][sha256.Size]byte
	log     *slog.Logger
	metrics metrics
}

// NewHandler returns a handler. Keys are hashed before they are compared, so that the time does not depend on the given
// key.
func NewHandler(c Config) *Handler {
	h := handler{users: c.Users, isSessionOf: c.IsSessionOf, contact: c.Contact, log: c.Log}
	hooks := map[string]hook{
		"registration":  handle(h, h.registration),
		"registered":    handle(h, h.identityChanged),
		"login":         handle(h, h.login),
		"recovery":      handle(h, h.recovery),
		"verification":  handle(h, h.verification),
		"change":        handle(h, h.change),
		"password":      handle(h, h.changed(notification.EventPassword)),
		"second-factor": handle(h, h.changed(notification.EventSecondFactor)),
		"profile":       handle(h, h.profile),
		"settings":      handle(h, h.identityChanged),
	}
	accepted := make([][sha256.Size]byte, 0, len(c.Keys))
	for _, key := range c.Keys {
		if key != "" {
			accepted = append(accepted, sha256.Sum256([]byte(key)))
		}
	}
	return &Handler{hooks: hooks, keys: accepted, log: c.Log, metrics: newMetrics(maps.Keys(hooks))}
}

// Collectors returns the metrics of the calls.
func (h *Handler) Collectors() []prometheus.Collector { return []prometheus.Collector{h.metrics.calls} }

// ServeHTTP handles a call, and counts it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/webhooks/kratos/")
	call, exists := h.hooks[name]
	if !exists {
		name, call = otherHook, h.refusePath
	}
	if !h.hasKey(r) {
		call = h.refuseKey
	}
	h.metrics.calls.WithLabelValues(name, call(w, r)).Inc()
}

// hasKey reports whether a call has one of the keys. All are compared, so that the time does not depend on which.
func (h *Handler) hasKey(r *http.Request) bool {
	got := sha256.Sum256([]byte(r.Header.Get(keyHeader)))
	matches := 0
	for _, want := range h.keys {
		matches |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return matches == 1
}

// refuseKey answers a call without one of the keys. Kratos's forms and its log show the message, but nobody looks for the
// fault there: so the log of this server has it too.
func (h *Handler) refuseKey(w http.ResponseWriter, r *http.Request) string {
	reason := "the key in X-Ory-API-Key is none of ORY_ACTION_API_KEY"
	if r.Header.Get(keyHeader) == "" {
		reason = "the header X-Ory-API-Key is missing"
	}
	h.log.WarnContext(r.Context(), "webhook refused: kratos_webhooks_key must be a key of this server", "path", r.URL.Path, "error", reason)
	respond(w, http.StatusUnauthorized, reject(message{id: idBadCall, text: "the key in X-Ory-API-Key is missing or wrong"}))
	return resultWrongKey
}

// refusePath answers a call of a webhook that does not exist, as a newer configuration of Kratos may have.
func (h *Handler) refusePath(w http.ResponseWriter, r *http.Request) string {
	h.log.WarnContext(r.Context(), "webhook refused: Kratos's configuration does not fit this version", "path", r.URL.Path, "error", "there is no such webhook")
	respond(w, http.StatusNotFound, reject(message{id: idBadCall, text: "there is no such webhook"}))
	return resultInvalid
}

type handler struct {
	users       *account.Users
	isSessionOf func(ctx context.Context, identity uuid.UUID, token, cookie string) (bool, error)
	contact     string
	log         *slog.Logger
}

// hook answers a call, and returns the result for the metric.
type hook func(http.ResponseWriter, *http.Request) (result string)

// handle decodes the payload, calls a function and encodes what it returns: 200 with the
// answer, or 204 if that is nil; 400 if the error is a *rejection; 503 for other errors.
func handle[P payload](h handler, work func(context.Context, P) (any, error)) hook {
	return func(w http.ResponseWriter, r *http.Request) string {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST is allowed here", http.StatusMethodNotAllowed)
			return resultInvalid
		}
		payload, err := decode[P](http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			h.log.WarnContext(r.Context(), "webhook refused: Kratos's configuration does not fit this version", "path", r.URL.Path, "error", err)
			respond(w, http.StatusBadRequest, reject(message{id: idBadCall, text: err.Error()}))
			return resultInvalid
		}
		answer, err := work(r.Context(), payload)
		var rejected *rejection
		switch {
		case errors.As(err, &rejected):
			respond(w, http.StatusBadRequest, rejected)
			return resultRejected
		case err != nil:
			h.log.ErrorContext(r.Context(), "webhook failed", "path", r.URL.Path, "error", err)
			http.Error(w, "a service that we depend on cannot be reached", http.StatusServiceUnavailable)
			return resultFailed
		case answer == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			respond(w, http.StatusOK, answer)
		}
		return resultOK
	}
}

// registration is called before Kratos stores a new identity. It creates a pending user
// and returns the user's id and language, which Kratos stores with the identity. Nobody else keeps
// the address as a new one. Kratos may still
// reject the sign-up afterwards.
func (h handler) registration(ctx context.Context, p signUp) (any, error) {
	if problems := account.CheckTraits(p.Email, p.Name); len(problems) > 0 {
		return nil, rejectTraits(problems)
	}
	if err := h.users.ReleaseEmail(ctx, p.Email, uuid.Nil); err != nil {
		return nil, err
	}
	id, err := h.users.CreatePending(ctx, p.FlowID, p.Email, p.Name)
	if err != nil {
		return nil, err
	}
	return map[string]any{"identity": map[string]any{
		"metadata_public": map[string]any{"id": id, "language": p.mailLanguage()},
		"traits":          map[string]any{"email": p.Email, "name": p.Name}, // Without a new address.
	}}, nil
}

// identityChanged is called after Kratos has stored a new identity, or changed one.
func (h handler) identityChanged(ctx context.Context, p identityRef) (any, error) {
	_, _, err := h.users.RefreshMoved(ctx, p.IdentityID)
	return nil, unlessGone(err)
}

// verification is called after Kratos has verified an address by a code. Nothing but this
// call and a recovery says that a mailbox has confirmed its address: a person with a session
// can cause calls of the other webhooks at any moment. The work goes on if the browser goes away, as
// Kratos then ends the call: a change of address is completed, or refused, as a whole.
func (h handler) verification(ctx context.Context, p verified) (any, error) {
	ctx, cancel := toTheEnd(ctx)
	defer cancel()
	err := h.users.ConfirmByCode(ctx, p.IdentityID, kratos.VerifiedLast(p.Addresses), func(ctx context.Context) (bool, error) {
		return h.isSessionOf(ctx, p.IdentityID, p.SessionToken, p.SessionCookie)
	})
	switch {
	case errors.Is(err, account.ErrNotByMember):
		return nil, reject(notByMember())
	case errors.Is(err, account.ErrNotMoved):
		return nil, reject(notMoved())
	}
	return nil, unlessGone(err)
}

// recovery is called after Kratos has accepted a code and before there is a session. The work
// goes on if the browser goes away, as Kratos then ends the call.
func (h handler) recovery(ctx context.Context, p identityRef) (any, error) {
	ctx, cancel := toTheEnd(ctx)
	defer cancel()
	return nil, unlessGone(h.users.Recover(ctx, p.IdentityID))
}

// change is called before Kratos stores a change of the settings. Whose form was opened before
// the account was recovered must open it again.
func (h handler) change(ctx context.Context, p identityRef) (any, error) {
	stale, err := h.users.IsStale(ctx, p.IdentityID, p.FlowIssuedAt)
	if stale {
		return nil, reject(staleForm())
	}
	return nil, err
}

// changed is called after Kratos has stored a change of the settings, which the member hears of. Kratos waits for it:
// a change that nobody is told of is one that a thief of a session hides.
func (h handler) changed(kind string) func(context.Context, identityRef) (any, error) {
	return func(ctx context.Context, p identityRef) (any, error) {
		ctx, cancel := toTheEnd(ctx)
		defer cancel()
		return nil, h.users.Tell(ctx, p.IdentityID, kind)
	}
}

// profile is called before Kratos stores a change of the profile: as [handler.change], and it
// refuses names that break a rule and keeps the address that logs in.
func (h handler) profile(ctx context.Context, p profile) (any, error) {
	if _, err := h.change(ctx, p.identityRef); err != nil {
		return nil, err
	}
	problems, err := h.users.CheckName(ctx, p.IdentityID, p.Name)
	if len(problems) > 0 {
		return nil, rejectTraits(problems)
	}
	if err != nil {
		return nil, unlessGone(err)
	}
	answer, err := h.users.KeepEmail(ctx, p.IdentityID, account.Profile{Email: p.Email, NewEmail: p.NewEmail, Name: p.Name})
	if errors.Is(err, account.ErrTooSoon) {
		return nil, reject(askedBefore())
	}
	if answer == nil || err != nil {
		return nil, unlessGone(err)
	}
	return map[string]any{"identity": answer}, nil
}

// unlessGone returns the error of a call, but not that the account has been deleted
// meanwhile.
func unlessGone(err error) error {
	if errors.Is(err, kratos.ErrNoIdentity) || errors.Is(err, account.ErrDeleted) {
		return nil
	}
	return err
}

// login is called after the password has been checked and before a session is created.
// Nobody logs in with an unverified email address, which may belong to somebody else, nor while suspended. A
// member who is logged in already may confirm the session even then, because correcting
// the address needs a recent login.
func (h handler) login(ctx context.Context, p identityRef) (any, error) {
	identity, user, err := h.users.RefreshMoved(ctx, p.IdentityID)
	switch {
	case errors.Is(err, kratos.ErrNoIdentity), errors.Is(err, account.ErrDeleted):
		return nil, reject(noAccount())
	case err != nil:
		return nil, err
	case account.IsStale(user, p.FlowIssuedAt): // The password was perhaps the old one.
		return nil, reject(staleForm())
	case !account.MayLogIn(user, identity) && !p.Confirms:
		return nil, reject(notVerified())
	}
	// Who has a session, from a recovery, needs a recent login to delete the account.
	if why := (*apperr.Error)(nil); errors.As(account.CheckActive(user), &why) && !p.Confirms {
		return nil, reject(suspended(why, h.contact))
	}
	return nil, nil
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // Kratos is gone; it will call again.
}
