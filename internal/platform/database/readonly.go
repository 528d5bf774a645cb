package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// errStandby says that a standby has refused to begin a transaction that may write.
var errStandby = errors.New("the database is a standby")

// isReadOnly reports whether Postgres has refused to write: it is a standby, or default_transaction_read_only is set.
func isReadOnly(err error) bool {
	var rejected *pq.Error
	return errors.Is(err, errStandby) || errors.As(err, &rejected) && rejected.Code == pqerror.ReadOnlySQLTransaction
}

// TakesWrites reports whether new transactions of the connection may write.
func TakesWrites(ctx context.Context, db *sql.DB) (bool, error) {
	var readOnly string
	if err := db.QueryRowContext(ctx, "SHOW transaction_read_only").Scan(&readOnly); err != nil {
		return false, fmt.Errorf("ask whether the database takes writes: %w", err)
	}
	return readOnly == "off", nil
}

// writingConn is a connection that is closed after Postgres has refused to write on it. A connection keeps the setting
// with which it was opened, so it would refuse after the database takes writes again; and after a failover the
// same address leads to another server.
type writingConn struct {
	pqConn
	refused bool
}

// QueryContext runs a statement that returns rows.
func (c *writingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.pqConn.QueryContext(ctx, query, args)
	c.refused = c.refused || isReadOnly(err)
	return rows, err
}

// ExecContext runs a statement that returns no rows.
func (c *writingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.pqConn.ExecContext(ctx, query, args)
	c.refused = c.refused || isReadOnly(err)
	return result, err
}

// BeginTx begins a transaction. lib/pq asks for one that may write, which a standby refuses with a code of its own.
func (c *writingConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.pqConn.BeginTx(ctx, opts)
	if rejected := (*pq.Error)(nil); errors.As(err, &rejected) && rejected.Code == pqerror.FeatureNotSupported {
		c.refused, err = true, fmt.Errorf("%w: %w", errStandby, err)
	}
	return tx, err
}

// IsValid reports whether the connection may be used again.
func (c *writingConn) IsValid() bool { return !c.refused && c.pqConn.IsValid() }
