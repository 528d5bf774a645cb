package keto

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestClient_CheckAnswers has Keto, or a proxy before it, answer what is no decision. Nothing is allowed then.
func TestClient_CheckAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		answer string
		err    error
	}{
		"a decision":                   {http.StatusOK, `{"allowed": true}`, nil},
		"an answer without a decision": {http.StatusOK, `{}`, ErrUnavailable},
		"a decision that is null":      {http.StatusOK, `{"allowed": null}`, ErrUnavailable},
		"an empty answer":              {http.StatusOK, " ", ErrUnavailable},
		"an answer of a proxy":         {http.StatusOK, "<html>", ErrUnavailable},
		"a Keto that fails":            {http.StatusInternalServerError, `{"allowed": true}`, ErrUnavailable},
		"a rejected request":           {http.StatusBadRequest, `{"allowed": true}`, ErrModel},
		"no such path":                 {http.StatusNotFound, `{"allowed": true}`, ErrModel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}))
			defer server.Close()
			client := NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
			allowed, err := client.Check(t.Context(), AdminRole(uuid.New()))
			if allowed != (test.err == nil) || !errors.Is(err, test.err) {
				t.Errorf("Check returns %t, %v, want %t, %v", allowed, err, test.err == nil, test.err)
			}
		})
	}
}

// hangingKeto never answers.
type hangingKeto struct{}

func (hangingKeto) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestClient_CheckHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := NewClient(config.Keto{PublicURL: "http://keto", AdminURL: "http://keto"}, hangingKeto{})
		began := time.Now()
		if _, err := client.Check(t.Context(), AdminRole(uuid.New())); !errors.Is(err, ErrUnavailable) {
			t.Errorf("the check returns %v, want %v", err, ErrUnavailable)
		}
		if took := time.Since(began); took != callTimeout {
			t.Errorf("the check takes %v, want %v", took, callTimeout)
		}
	})
}

// TestClient_CheckCredentials has a proxy before Keto that wants a name and a password.
func TestClient_CheckCredentials(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, _ := r.BasicAuth(); name != "catfoster" || password != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{"allowed": true}`))
	}))
	defer server.Close()
	url := strings.Replace(server.URL, "http://", "http://catfoster:secret@", 1)
	allowed, err := NewClient(config.Keto{PublicURL: url, AdminURL: url}, nil).Check(t.Context(), AdminRole(uuid.New()))
	if !allowed || err != nil {
		t.Errorf("Check returns %t, %v, want true", allowed, err)
	}
}
