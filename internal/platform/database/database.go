// Package database opens the connection pool to Postgres and classifies its errors. Callers
// of its functions need not know the SQL driver.
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
	"github.com/lib/pq/pqerror"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// maxIdleTime is how long an unused connection stays open.
	maxIdleTime = 5 * time.Minute
	// connectTimeout bounds opening a connection. The driver's default is to wait
	// forever.
	connectTimeout = 5 * time.Second
	// probeLifetime is how long the connection of [OpenProbe] is used.
	probeLifetime = 10 * time.Second
)

// Limits bound how long Postgres and its connections may keep this program waiting. They
// apply where a context has no deadline, and where the deadline of a context cannot help:
// when the server, or the process that holds a lock, no longer answers.
type Limits struct {
	// Lock is how long a statement waits for a lock. The error is then [IsLocked].
	Lock time.Duration
	// Statement is how long a statement may take. The error is then [IsUnavailable].
	Statement time.Duration
	// IdleTransaction is how long a transaction may be open without a statement. Then the
	// server closes the connection, so that a stalled process does not keep its locks.
	IdleTransaction time.Duration
	// Silence is how long a read or write on a connection may take. It must be longer
	// than Statement, because the server sends nothing while a statement runs.
	Silence time.Duration
}

// DefaultLimits returns the limits of [Open].
func DefaultLimits() Limits {
	return Limits{Lock: 3 * time.Second, Statement: 25 * time.Second, IdleTransaction: 10 * time.Second, Silence: 30 * time.Second}
}

// Open returns a connection pool with the default limits. It does not connect yet.
func Open(c config.Postgres) (*sql.DB, error) {
	return open(c, DefaultLimits(), nil)
}

// OpenObserved is [Open] with an observer of the statements.
func OpenObserved(c config.Postgres, statements *Statements) (*sql.DB, error) {
	return open(c, DefaultLimits(), statements)
}

// OpenProbe returns a single connection beside the pool, to find out whether Postgres works: a
// pool that slow queries have taken says nothing about that. It waits for a few seconds at most. The connection is
// opened anew after a while, because that a database takes no writes holds for new connections only.
func OpenProbe(c config.Postgres) (*sql.DB, error) {
	c.MaxConnections = 1
	db, err := OpenWithLimits(c, Limits{Lock: time.Second, Statement: 2 * time.Second, IdleTransaction: 10 * time.Second, Silence: 3 * time.Second})
	if err == nil {
		db.SetConnMaxLifetime(probeLifetime)
	}
	return db, err
}

// OpenWithLimits returns a connection pool. It does not connect yet. Limits on the server
// that the address sets as run-time parameters, such as lock_timeout, come first.
func OpenWithLimits(c config.Postgres, limits Limits) (*sql.DB, error) {
	return open(c, limits, nil)
}

func open(c config.Postgres, limits Limits, statements *Statements) (*sql.DB, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, errors.New("open the database: its address is not a URL") // It may hold a password.
	}
	query := u.Query()
	for name, value := range map[string]string{
		"connect_timeout": strconv.Itoa(int(connectTimeout.Seconds())),
		// The driver passes the parameters that it does not know to the server.
		"lock_timeout":                        milliseconds(limits.Lock),
		"statement_timeout":                   milliseconds(limits.Statement),
		"idle_in_transaction_session_timeout": milliseconds(limits.IdleTransaction),
	} {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	wrap, binary := newPreparingConn, "no"
	if !c.PreparedStatements {
		wrap, binary = newUnpreparedConn, "yes"
	}
	query.Set("binary_parameters", binary)
	query.Set("disable_prepared_binary_result", "yes") // Ids in binary format would be converted to text first.
	u.RawQuery = query.Encode()
	opener, err := pq.NewConnector(u.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	opener.Dialer(dialer{silence: limits.Silence})
	db := sql.OpenDB(connector{opener, wrap, statements})
	db.SetMaxOpenConns(c.MaxConnections)
	db.SetMaxIdleConns(c.MaxConnections)
	db.SetConnMaxIdleTime(maxIdleTime)
	return db, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// NewClient returns ent's client of the database. observe, if not nil, is called with
// every SQL statement.
func NewClient(db *sql.DB, observe func(context.Context, ...any)) *ent.Client {
	var d dialect.Driver = slotDriver{entsql.OpenDB(dialect.Postgres, db)}
	if observe != nil {
		d = dialect.DebugWithContext(d, observe)
	}
	return ent.NewClient(ent.Driver(d))
}

// IsUnavailable reports whether an error means that Postgres cannot be reached or cannot
// work, as opposed to rejecting a statement. See "PostgreSQL Error Codes" in its manual.
func IsUnavailable(err error) bool {
	if rejected, ok := errors.AsType[*pq.Error](err); ok {
		switch rejected.Code.Class() {
		case "08", "53", "57", "58": // connection, resources, operator intervention, system
			return true
		}
		return isReadOnly(err)
	}
	_, isNetwork := errors.AsType[net.Error](err)
	return isNetwork || errors.Is(err, errNoConnection) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, sql.ErrTxDone) || // The context ended, and its transaction with it.
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // A proxy closed the connection.
}

// IsRolledBack reports whether Postgres rolled a transaction back because of another
// one: a deadlock or a serialization failure.
func IsRolledBack(err error) bool {
	rejected, ok := errors.AsType[*pq.Error](err)
	return ok && rejected.Code.Class() == "40"
}

// IsLocked reports whether a statement did not get a lock in time, because another
// transaction held it, or a transaction no connection, because others of its caller had them.
func IsLocked(err error) bool {
	return hasCode(err, pqerror.LockNotAvailable) || errors.Is(err, errCrowded)
}

// Constraint returns the name of the constraint that a statement violated, or the empty
// string.
func Constraint(err error) string {
	if rejected, ok := errors.AsType[*pq.Error](err); ok {
		return rejected.Constraint
	}
	return ""
}
