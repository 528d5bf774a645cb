// Command bare is the reference of the benchmark in bench/load: a server without GraphQL and
// without ent that answers the same questions with the same SQL and the same JSON. It has
// prepared statements and a cache of sessions, so what it takes is what net/http,
// database/sql and Postgres take. It is no part of the product: it trusts its input, and runs
// until it is killed.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/catfoster/catfoster/internal/platform/config"
)

func main() {
	fmt.Fprintln(os.Stderr, "bare:", run())
	os.Exit(1)
}

func run() error {
	c, err := config.Load[config.Config](os.Environ())
	if err != nil {
		return err
	}
	s, err := newStore(c.Postgres.URL)
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr:              c.Listen.Public(),
		Handler:           newHandler(s, newServices(c)),
		ReadHeaderTimeout: 10 * time.Second,
	}
	return server.ListenAndServe()
}
