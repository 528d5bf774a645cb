// Package webhooks answers the calls that Ory Kratos makes while people sign up,
// log in and change their settings, over plain HTTP on the internal listener. See
// Ory's documentation, "Trigger custom logic and integrate with external systems
// with webhooks".
//
// Whatever a caller sends gets an answer below 500: Kratos repeats a call that
// failed, and then shows an internal error. Calls may be lost, repeated, delayed
// and out of order; none of that does any harm.
package webhooks

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/account"
)

// keyHeader carries the key that proves a call to be Kratos's.
const keyHeader = "X-Ory-Api-Key"

// maxBody is the longest payload that is read, in bytes. Real ones have some
// hundred.
const maxBody = 64 << 10

// Config is what the webhooks need.
type Config struct {
	// Key must be carried by every call.
	Key        string
	Users      *account.Book
	Identities *account.Identities
	Log        *slog.Logger
}

// NewHandler returns the webhooks.
func NewHandler(c Config) http.Handler {
	h := hooks{users: c.Users, identities: c.Identities, log: c.Log}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/kratos/registration", handle(h, h.registration))
	mux.Handle("POST /webhooks/kratos/registered", handle(h, h.refresh))
	mux.Handle("POST /webhooks/kratos/login", handle(h, h.login))
	mux.Handle("POST /webhooks/kratos/settings", handle(h, h.refresh))
	return withKey(c.Key, mux)
}

// withKey lets calls pass that carry the key. Hashing first makes the comparison
// take the same time for keys of any length.
func withKey(key string, next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(key))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get(keyHeader)))
		if key == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			http.Error(w, "the key in X-Ory-API-Key is missing or wrong", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

type hooks struct {
	users      *account.Book
	identities *account.Identities
	log        *slog.Logger
}

// handle answers a call by hook: with what it returns, if that is not nil, with a
// *refusal that it returns as its error, and with 503 if something we depend on has
// failed.
func handle[P checked](h hooks, hook func(context.Context, P) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, err := read[P](http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			respond(w, http.StatusBadRequest, refuse(message{id: idBadCall, text: err.Error()}))
			return
		}
		answer, err := hook(r.Context(), payload)
		var refused *refusal
		switch {
		case errors.As(err, &refused):
			respond(w, http.StatusBadRequest, refused)
		case err != nil:
			h.log.ErrorContext(r.Context(), "webhook failed", "path", r.URL.Path, "error", err)
			http.Error(w, "a service that we depend on cannot be reached", http.StatusServiceUnavailable)
		case answer == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			respond(w, http.StatusOK, answer)
		}
	})
}

// registration is called before Kratos stores an identity: it makes the user and
// has Kratos store the user's id with the identity. Kratos may still refuse the
// sign-up afterwards, so the user stays pending.
func (h hooks) registration(ctx context.Context, p signUp) (any, error) {
	traits := account.Traits{Email: p.Email, Name: p.Name}
	if problems := traits.Problems(); len(problems) > 0 {
		return nil, refuseTraits(problems)
	}
	id, err := h.users.Begin(ctx, p.FlowID, traits)
	if err != nil {
		return nil, err
	}
	return map[string]any{"identity": map[string]any{"metadata_public": map[string]any{"id": id}}}, nil
}

// refresh is called after Kratos has stored a new identity, a change of one, or
// the verification of its address.
func (h hooks) refresh(ctx context.Context, p news) (any, error) {
	_, err := h.current(ctx, p.IdentityID)
	if errors.Is(err, account.ErrNoIdentity) || errors.Is(err, account.ErrDeleted) {
		return nil, nil // Gone in the meantime.
	}
	return nil, err
}

// login is called when the password was right and before there is a session.
// Nobody logs in with an address that may be somebody else's. Who is logged in
// already gets to confirm the session even then: it takes that to correct an
// address that was changed to a wrong one.
func (h hooks) login(ctx context.Context, p news) (any, error) {
	identity, err := h.current(ctx, p.IdentityID)
	switch {
	case errors.Is(err, account.ErrNoIdentity), errors.Is(err, account.ErrDeleted):
		return nil, refuse(noAccount())
	case err != nil:
		return nil, err
	case !identity.Verified && !p.Confirms:
		return nil, refuse(notVerified())
	}
	return nil, nil
}

// current brings the user in step with an identity. A call only says that there is
// news; what it is Kratos is asked, so that calls that come late cannot bring back
// the old. Kratos is asked until it says the same twice: between its answer and our
// writing it down, another call may have written something newer.
func (h hooks) current(ctx context.Context, id uuid.UUID) (account.Identity, error) {
	for known := (account.Identity{}); ; {
		current, err := h.identities.Get(ctx, id)
		if err == nil {
			_, err = h.users.Of(ctx, current)
		}
		if err != nil || current == known {
			return current, err
		}
		known = current
	}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // Kratos has gone; it will call again.
}
