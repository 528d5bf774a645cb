package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	_ "github.com/lib/pq" // Registers the driver postgres.
)

// maxStatement is the maximal size of a statement in bytes.
const maxStatement = 4 << 10

// serveStatements serves an address to which the tests post statements for Kratos's
// database, for what otherwise needs time to pass: flows that expire, and logins that are no
// longer recent. A statement must change a row. It returns the address and a function that
// stops the server.
func serveStatements(ctx context.Context, postgresURL string) (address string, stop func() error, err error) {
	database, err := url.Parse(postgresURL)
	if err != nil {
		return "", nil, errors.New("the address of Postgres is not a URL")
	}
	database.Path += "_kratos"
	db, err := sql.Open("postgres", database.String())
	if err != nil {
		return "", nil, fmt.Errorf("open Kratos's database: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("listen for statements: %w", err), db.Close())
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := execute(r, db); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() error {
		err := server.Close()
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return errors.Join(err, db.Close())
	}, nil
}

// execute executes the statement in the body of a request.
func execute(r *http.Request, db *sql.DB) error {
	statement, err := io.ReadAll(io.LimitReader(r.Body, maxStatement))
	if err != nil {
		return fmt.Errorf("read the statement: %w", err)
	}
	result, err := db.ExecContext(r.Context(), string(statement))
	if err != nil {
		return fmt.Errorf("execute the statement: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errors.New("the statement has changed no row"), err)
	}
	return nil
}
