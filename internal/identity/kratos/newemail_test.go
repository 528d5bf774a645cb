package kratos_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// adminThatAnswers returns a client of an admin API that gives one answer to everything.
func adminThatAnswers(t *testing.T, status int, body string) *kratos.Admin {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return kratos.NewAdmin(config.Kratos{AdminURL: server.URL}, nil)
}

func TestAdmin_NewEmailRefused(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct{ move, drop error }{
		http.StatusBadRequest:         {kratos.ErrNoNewEmail, nil},
		http.StatusNotFound:           {kratos.ErrNoIdentity, nil},
		http.StatusConflict:           {kratos.ErrTaken, kratos.ErrTaken},
		http.StatusServiceUnavailable: {kratos.ErrUnavailable, kratos.ErrUnavailable},
	} {
		admin := adminThatAnswers(t, status, `{"error": {"message": "no"}}`)
		identity := kratos.Identity{ID: uuid.New(), Email: "ada@example.org", NewEmail: "lovelace@example.org"}
		if err := admin.MoveToNewEmail(t.Context(), identity); !errors.Is(err, want.move) {
			t.Errorf("after %d a move returns %v, want %v", status, err, want.move)
		}
		if err := admin.DropNewEmail(t.Context(), identity.ID); !errors.Is(err, want.drop) {
			t.Errorf("after %d a drop returns %v, want %v", status, err, want.drop)
		}
	}
}

// TestAdmin_NewEmailVerified says which code was entered last: that of the new address counts, and must not count
// again when a later code is that of the current one.
func TestAdmin_NewEmailVerified(t *testing.T) {
	t.Parallel()
	const current, next = `{"value": "ada@example.org", "via": "email", "status": "completed", "verified": %s}`, `{"value": "lovelace@example.org", "via": "email", "status": "completed", "verified": %s}`
	for name, test := range map[string]struct {
		current, next string
		want          bool
	}{
		"no code for the new address":      {`true, "verified_at": "2026-07-01T10:00:00Z"`, `false`, false},
		"a code for the new address":       {`true, "verified_at": "2026-07-01T10:00:00Z"`, `true, "verified_at": "2026-07-01T11:00:00Z"`, true},
		"a code for the current one later": {`true, "verified_at": "2026-07-01T12:00:00Z"`, `true, "verified_at": "2026-07-01T11:00:00Z"`, false},
		"both at once":                     {`true, "verified_at": "2026-07-01T11:00:00Z"`, `true, "verified_at": "2026-07-01T11:00:00Z"`, false},
		"the current one is not verified":  {`false`, `true, "verified_at": "2026-07-01T11:00:00Z"`, true},
		"Kratos does not say when it was":  {`true, "verified_at": "2026-07-01T10:00:00Z"`, `true`, false},
	} {
		id := uuid.New()
		admin := adminThatAnswers(t, http.StatusOK, fmt.Sprintf(`{"id": %q, "schema_id": "member", "schema_url": "",
			"traits": {"email": "Ada@example.org", "new_email": "lovelace@example.org", "name": "Ada"}, "verifiable_addresses": [%s, %s]}`,
			id, fmt.Sprintf(current, test.current), fmt.Sprintf(next, test.next)))
		got, err := admin.Identity(t.Context(), id)
		if err != nil || got.NewEmailVerified != test.want {
			t.Errorf("%s: the new address is verified: %t, %v, want %t", name, got.NewEmailVerified, err, test.want)
		}
		if want := test.current != "false"; got.Verified != want {
			t.Errorf("%s: the current address is verified: %t, want %t", name, got.Verified, want)
		}
	}
}
