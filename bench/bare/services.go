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
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// callTimeout bounds a call to Kratos or Keto.
	callTimeout = 5 * time.Second
	// idleConnections is how many connections to each of them stay open.
	idleConnections = 64
	// checksPerPage is how many checks of one page are in flight.
	checksPerPage = 16
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

// allowed reports whether a user has a permission on a cat.
func (s *services) allowed(ctx context.Context, user uuid.UUID, permission string, cat uuid.UUID) (bool, error) {
	var answer struct {
		Allowed bool `json:"allowed"`
	}
	query := url.Values{
		"namespace": {"CatProfile"}, "object": {cat.String()}, "relation": {permission},
		"subject_set.namespace": {"User"}, "subject_set.object": {user.String()}, "subject_set.relation": {""},
	}
	err := s.get(ctx, "keto", s.keto+query.Encode(), nil, &answer)
	return answer.Allowed, err
}

// allowedOn reports for each cat whether a user has a permission on it.
func (s *services) allowedOn(ctx context.Context, user uuid.UUID, permission string, cats []cat) ([]bool, error) {
	answers := make([]bool, len(cats))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(checksPerPage)
	for i, c := range cats {
		group.Go(func() (err error) {
			answers[i], err = s.allowed(ctx, user, permission, c.id)
			return err
		})
	}
	return answers, group.Wait()
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
