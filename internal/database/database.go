// Package database opens the connection pool to Postgres and classifies its errors. No
// other package outside of the outbox imports the SQL driver.
package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
)

const (
	// maxConnections is the size of the pool of one process.
	maxConnections = 25
	// maxIdleTime is how long an unused connection stays open.
	maxIdleTime = 5 * time.Minute
	// connectTimeout bounds opening a connection. The driver's default is to wait
	// forever.
	connectTimeout = 5 * time.Second
)

// Open returns a connection pool. It does not connect yet.
func Open(address string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("open the database: its address is not a URL") // It may hold a password.
	}
	if query := u.Query(); !query.Has("connect_timeout") {
		query.Set("connect_timeout", strconv.Itoa(int(connectTimeout.Seconds())))
		u.RawQuery = query.Encode()
	}
	db, err := sql.Open("postgres", u.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	db.SetConnMaxIdleTime(maxIdleTime)
	return db, nil
}

// NewClient returns ent's client of the database. observe, if not nil, is called with
// every SQL statement.
func NewClient(db *sql.DB, observe func(context.Context, ...any)) *ent.Client {
	var d dialect.Driver = entsql.OpenDB(dialect.Postgres, db)
	if observe != nil {
		d = dialect.DebugWithContext(d, observe)
	}
	return ent.NewClient(ent.Driver(d))
}

// IsUnavailable reports whether an error means that Postgres cannot be reached or cannot
// work, as opposed to rejecting a statement. See "PostgreSQL Error Codes" in its manual.
func IsUnavailable(err error) bool {
	var rejected *pq.Error
	if errors.As(err, &rejected) {
		switch rejected.Code.Class() {
		case "08", "53", "57", "58": // connection, resources, operator intervention, system
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // A proxy closed the connection.
}

// IsRolledBack reports whether Postgres rolled a transaction back because of another
// one: a deadlock or a serialization failure.
func IsRolledBack(err error) bool {
	var rejected *pq.Error
	return errors.As(err, &rejected) && rejected.Code.Class() == "40"
}

// Constraint returns the name of the constraint that a statement violated, or the empty
// string.
func Constraint(err error) string {
	var rejected *pq.Error
	if errors.As(err, &rejected) {
		return rejected.Constraint
	}
	return ""
}
