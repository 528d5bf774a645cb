package database

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/lib/pq"

	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// listenPing is how often a connection that listens is tried: nothing else says that it is lost.
	listenPing = 5 * time.Second
	// listenSilence is how long it may be silent. It must be longer than listenPing.
	listenSilence = 15 * time.Second
	// listenWait and listenMaxWait are the times between attempts to connect.
	listenWait, listenMaxWait = 200 * time.Millisecond, 5 * time.Second
)

// Listen calls notified with the payload of each notification on a channel, until ctx is done. It has a connection of its
// own. When the connection is there again after it was not, notifications may have been missed, and it calls missed. Both
// are called by one goroutine.
//
// The connection must lead to the primary directly: a pooler that gives connections to transactions loses notifications.
func Listen(ctx context.Context, c config.Postgres, channel string, log *slog.Logger, notified func(payload string), missed func()) {
	u, err := url.Parse(cmp.Or(c.DirectURL, c.URL))
	if err != nil {
		log.ErrorContext(ctx, "live events do not arrive: the address of the database is not a URL") // It may hold a password.
		<-ctx.Done()
		return
	}
	query := u.Query()
	query.Set("connect_timeout", strconv.Itoa(int(connectTimeout.Seconds())))
	u.RawQuery = query.Encode()
	listener := pq.NewDialListener(dialer{silence: listenSilence}, u.String(), listenWait, listenMaxWait, func(event pq.ListenerEventType, err error) {
		if event == pq.ListenerEventDisconnected || event == pq.ListenerEventConnectionAttemptFailed {
			log.WarnContext(ctx, "live events wait for a connection to Postgres", "error", err)
		}
	})
	begun := make(chan struct{})
	var tending sync.WaitGroup
	tending.Go(func() { tend(ctx, listener, channel, begun, log) })
	defer tending.Wait()
	defer func() {
		_ = listener.Close()        // It is open, so this cannot fail.
		for range listener.Notify { // Until the listener's goroutines have ended.
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-begun:
			begun = nil
			missed() // Streams may be older than the connection.
		case notification := <-listener.Notify:
			if notification == nil {
				missed()
			} else {
				notified(notification.Extra)
			}
		}
	}
}

// tend listens on a channel, says when that has begun, and tries the connection until ctx is done. It must not wait for
// whoever reads the notifications: the answer to a ping comes after them.
func tend(ctx context.Context, listener *pq.Listener, channel string, begun chan<- struct{}, log *slog.Logger) {
	tick := time.NewTicker(listenPing)
	defer tick.Stop()
	for listening := false; ; {
		if listening {
			_ = listener.Ping() // If it fails, the listener connects again.
		} else if err := listener.Listen(channel); err == nil {
			listening = true
			close(begun)
		} else if ctx.Err() == nil {
			log.ErrorContext(ctx, "live events do not arrive; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
