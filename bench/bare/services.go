package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// callTimeout bounds a call to Kratos or Keto.
	callTimeout = 5 * time.Second
	// idleConnections is how many connections to each of them stay open.
	idleConnections = 64
)

// services asks Kratos and Keto.
type services struct {
	client       *http.Client
	kratos, keto string
	calls        *prometheus.CounterVec // under the name that it has in the API
}

func newServices(c config.Config) *services {
	transport := &http.Transport{MaxIdleConnsPerHost: idleConnections}
	return &services{
		client: &http.Client{Transport: transport, Timeout: callTimeout},
		kratos: c.Kratos.PublicURL + "/sessions/whoami",
		keto:   c.Keto.PublicURL + "/relation-tuples/check/openapi?",
		calls:  promauto.NewCounterVec(prometheus.CounterOpts{Name: "catfoster_calls_total"}, []string{"service"}),
	}
}

// identity returns the identity of a session.
func (s *services) identity(ctx context.Context, token string) (uuid.UUID, error) {
	var session struct {
		Identity struct {
			ID uuid.UUID `json:"id"`
		} `json:"identity"`
	}
	err := s.get(ctx, "kratos", s.kratos, http.Header{"X-Session-Token": {token}}, &session)
	return session.Identity.ID, err
}

// mayEdit reports whether a user may change a cat.
func (s *services) mayEdit(ctx context.Context, user, cat uuid.UUID) (bool, error) {
	var answer struct {
		Allowed bool `json:"allowed"`
	}
	query := url.Values{
		"namespace": {"CatProfile"}, "object": {cat.String()}, "relation": {"edit"},
		"subject_set.namespace": {"User"}, "subject_set.object": {user.String()}, "subject_set.relation": {""},
	}
	err := s.get(ctx, "keto", s.keto+query.Encode(), nil, &answer)
	return answer.Allowed, err
}

func (s *services) get(ctx context.Context, service, address string, header http.Header, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if header != nil {
		request.Header = header
	}
	s.calls.WithLabelValues(service).Inc()
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s returned %s", request.URL.Host, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
