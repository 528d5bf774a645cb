package guard

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/graph/transport"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// fullWait is when a client should try again that finds a server full of streams. It may reach another server then.
	fullWait = 30 * time.Second
	// unknownTime is how long a stream goes on while nobody can say whether its session is valid, as after a restart of
	// Kratos or Postgres. What it tells are ids.
	unknownTime = 30 * time.Second
)

// stream is an open stream of one server.
type stream struct {
	guard     *Guard
	recheck   func(context.Context) error // that the session is valid
	confirmed time.Time                   // when it was
}

var _ transport.Stream = (*stream)(nil)

// openStream admits a stream if its caller and the server have room for it. From then on it is not one of the caller's requests
// under way.
func (g *Guard) openStream(ctx context.Context, header http.Header) (transport.Stream, *gqlerror.Error) {
	if refused := ratelimit.CallOf(ctx).BeginStream(); refused != nil {
		return nil, rateLimited(refused)
	}
	if !g.streams.TryAcquire(1) {
		header.Set("Retry-After", strconv.Itoa(int(fullWait.Seconds())))
		return nil, refusal(string(apperr.Unavailable), "the server has as many streams as it can; try again")
	}
	return &stream{g, session.Recheck, time.Now()}, nil
}

// Valid reports whether the session of the stream is valid, as far as is known.
func (s *stream) Valid(ctx context.Context) bool {
	err := s.recheck(ctx)
	if err == nil {
		s.confirmed = time.Now()
	}
	isUnknown := apperr.CodeOf(err) == apperr.Unavailable || database.IsUnavailable(err) || errors.Is(err, context.DeadlineExceeded)
	return err == nil || isUnknown && time.Since(s.confirmed) < unknownTime
}

// End makes room for another stream.
func (s *stream) End() { s.guard.streams.Release(1) }
