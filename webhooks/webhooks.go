// Package webhooks answers the calls that Ory Kratos makes while people sign up,
// over plain HTTP on the internal listener. See Ory's documentation, "Trigger
// custom logic and integrate with external systems with webhooks".
//
// Whatever a caller sends gets an answer below 500: Kratos repeats a call that
// failed, and then shows an internal error.
package webhooks

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
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

// NewHandler returns the webhooks. Calls must carry the key.
func NewHandler(key string, users *account.Book, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/kratos/registration", registration(users, log))
	return withKey(key, mux)
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

// payload is what infra/kratos/payload.jsonnet makes of a flow.
type payload struct {
	FlowID   uuid.UUID `json:"flowId"`
	Identity struct {
		Traits struct {
			Email string `json:"email"`
			Name  string `json:"name"`
		} `json:"traits"`
	} `json:"identity"`
}

func readPayload(w http.ResponseWriter, r *http.Request) (payload, error) {
	var p payload
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	if err := decoder.Decode(&p); err != nil {
		return payload{}, errors.New("the payload is not the JSON that was expected")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return payload{}, errors.New("the payload goes on behind its end")
	}
	if p.FlowID == uuid.Nil {
		return payload{}, errors.New("the payload has no flow id")
	}
	return p, nil
}

// registration is called before Kratos stores an identity: it makes the user and
// has Kratos store the user's id with the identity. Kratos may still refuse the
// sign-up afterwards, so the user stays pending.
func registration(users *account.Book, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := readPayload(w, r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		traits := account.Traits{Email: p.Identity.Traits.Email, Name: p.Identity.Traits.Name}
		if problems := traits.Problems(); len(problems) > 0 {
			respond(w, http.StatusBadRequest, refuse(problems))
			return
		}
		id, err := users.Begin(r.Context(), p.FlowID, traits)
		if err != nil {
			log.ErrorContext(r.Context(), "sign-up webhook failed", "flow", p.FlowID, "error", err)
			http.Error(w, "the user could not be stored", http.StatusServiceUnavailable)
			return
		}
		respond(w, http.StatusOK, map[string]any{
			"identity": map[string]any{
				"metadata_public": map[string]any{"id": id},
			},
		})
	})
}

// Ids of the messages that login and sign-up pages get from us. Kratos's own have
// seven digits as well, and none begins with 9.
const (
	idInvalidEmail = 9000001
	idInvalidName  = 9000002
)

// refuse says what is wrong with which trait, in Kratos's format: the message
// stands at the field of the form.
func refuse(problems []account.Problem) any {
	type message struct {
		ID      int            `json:"id"`
		Text    string         `json:"text"`
		Type    string         `json:"type"` // Anything but "error" is shown as a hint.
		Context map[string]any `json:"context"`
	}
	type atField struct {
		InstancePtr string    `json:"instance_ptr"`
		Messages    []message `json:"messages"`
	}
	ids := map[string]int{"email": idInvalidEmail, "name": idInvalidName}
	messages := make([]atField, 0, len(problems))
	for _, problem := range problems {
		messages = append(messages, atField{
			InstancePtr: "#/traits/" + problem.Trait,
			Messages:    []message{{ID: ids[problem.Trait], Text: problem.Rule, Type: "error", Context: map[string]any{}}},
		})
	}
	return map[string]any{"messages": messages}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // Kratos has gone; it will call again.
}
