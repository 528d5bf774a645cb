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

// errStandby says that a transaction cannot begin, because the server is a standby. It is [IsUnavailable].
var errStandby = errors.New("the server is a standby")

// primaryConn is a connection that is given up when its server refuses a write, because it is a standby: the next connection of
// the pool looks for the primary anew. Otherwise the pool would keep the connection for as long as it is used.
type primaryConn struct {
	pqConn
	refused bool
}

// QueryContext runs a statement that returns rows.
func (c *primaryConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.pqConn.QueryContext(ctx, query, args)
	c.refused = c.refused || isReadOnly(err)
	return rows, err
}

// ExecContext runs a statement that returns no rows.
func (c *primaryConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.pqConn.ExecContext(ctx, query, args)
	c.refused = c.refused || isReadOnly(err)
	return result, err
}

// BeginTx begins a transaction. lib/pq begins it as one that writes, for which a standby has another error than for a write.
func (c *primaryConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.pqConn.BeginTx(ctx, opts)
	if hasCode(err, pqerror.FeatureNotSupported) {
		c.refused = true
		err = fmt.Errorf("%w: %w", errStandby, err)
	}
	return tx, err
}

// IsValid reports whether the pool may use the connection again.
func (c *primaryConn) IsValid() bool { return !c.refused && c.pqConn.IsValid() }

// isReadOnly reports whether a server refused to write because it only reads, as a standby does.
func isReadOnly(err error) bool {
	return errors.Is(err, errStandby) || hasCode(err, pqerror.ReadOnlySQLTransaction)
}

// TakesWrites reports whether new transactions of the connection may write.
func TakesWrites(ctx context.Context, db *sql.DB) (bool, error) {
	var readOnly string
	if err := db.QueryRowContext(ctx, "SHOW transaction_read_only").Scan(&readOnly); err != nil {
		return false, fmt.Errorf("ask whether the database takes writes: %w", err)
	}
	return readOnly == "off", nil
}

func hasCode(err error, code pqerror.Code) bool {
	rejected, ok := errors.AsType[*pq.Error](err)
	return ok && rejected.Code == code
}
