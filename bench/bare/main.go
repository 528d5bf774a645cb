// Command bare is the reference of the benchmark in bench/load: a server without GraphQL and
// without ent that answers the same questions with the same SQL and the same JSON. It has
// prepared statements and a cache of sessions, so what it takes is what net/http,
// database/sql and Postgres take. It is no part of the product: it trusts its input.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/internal/platform/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	c, err := config.Load[config.Config](os.Environ())
	if err != nil {
		return err
	}
	s, err := newStore(c.Postgres.URL)
	if err != nil {
		return err
	}
	defer s.db.Close()
	server := &http.Server{
		Addr:              c.Listen.Public(),
		Handler:           newHandler(s, newServices(c)),
		ReadHeaderTimeout: 10 * time.Second,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(server.Shutdown(ctx), <-ended)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
