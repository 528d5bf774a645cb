package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// connector opens connections of lib/pq and changes how they run statements.
type connector struct {
	driver.Connector
	wrap func(pqConn) (pqConn, error)
	// statements observes the statements, unless it is nil.
	statements *Statements
}

// pqConn is what the connections of lib/pq implement and package database/sql uses.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// errNoConnection says that no connection could be opened. It is [IsUnavailable].
var errNoConnection = errors.New("open a connection to the database")

// Connect opens a connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	_, isRejected := errors.AsType[*pq.Error](err)
	switch {
	case isRejected:
		return nil, err
	case err != nil: // Some errors of lib/pq hide what they are, such as a deadline between two messages.
		return nil, fmt.Errorf("%w: %w", errNoConnection, err)
	}
	conn, ok := opened.(pqConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("open a connection: %T is not one of lib/pq", opened), opened.Close())
	}
	wrapped, err := c.wrap(conn)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	wrapped = &primaryConn{pqConn: wrapped}
	if c.statements != nil {
		wrapped = observedConn{wrapped, c.statements}
	}
	return wrapped, nil
}
