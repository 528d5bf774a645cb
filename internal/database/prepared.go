package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// maxPrepared is how many statements a connection keeps prepared. It is more than the
// usual requests need. Clients choose filters and the length of pages, so the number of
// statements that they can cause has no useful bound.
const maxPrepared = 100

// pqStmt is what the prepared statements of lib/pq implement and this package uses.
type pqStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparingConn prepares each statement the first time that it runs it. lib/pq alone lets
// Postgres parse and plan a statement every time.
//
// The cache belongs to the connection, as prepared statements do in Postgres. So it needs
// no lock, and statements in transactions are in no way special. Package database/sql uses
// a connection for one call at a time.
type preparingConn struct {
	pqConn
	prepared *simplelru.LRU[string, pqStmt]
}

func newPreparingConn(conn pqConn) (driver.Conn, error) {
	// Closing fails only if the connection is broken; then its next use fails too.
	prepared, err := simplelru.NewLRU(maxPrepared, func(_ string, s pqStmt) { _ = s.Close() })
	return &preparingConn{pqConn: conn, prepared: prepared}, err
}

// QueryContext runs a statement that returns rows.
func (c *preparingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return runPrepared(ctx, c, query, func(s pqStmt) (driver.Rows, error) { return s.QueryContext(ctx, args) })
}

// ExecContext runs a statement that returns no rows. A text without arguments is not
// prepared: it may contain several statements, and is rarely run twice.
func (c *preparingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.pqConn.ExecContext(ctx, query, args)
	}
	return runPrepared(ctx, c, query, func(s pqStmt) (driver.Result, error) { return s.ExecContext(ctx, args) })
}

// runPrepared runs a prepared statement. A statement that no longer fits the schema is
// prepared and run again. That cannot repeat an effect: Postgres has undone what the
// rejected statement did, and in a transaction it refuses to prepare another one.
func runPrepared[R any](ctx context.Context, c *preparingConn, query string, run func(pqStmt) (R, error)) (R, error) {
	s, kept := c.prepared.Get(query)
	if !kept {
		return prepareAndRun(ctx, c, query, run)
	}
	result, err := run(s)
	if isStale(err) {
		c.prepared.Remove(query)
		if again, failure := prepareAndRun(ctx, c, query, run); failure == nil {
			return again, nil
		}
	}
	return result, err
}

func prepareAndRun[R any](ctx context.Context, c *preparingConn, query string, run func(pqStmt) (R, error)) (result R, err error) {
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return result, err
	}
	s, ok := prepared.(pqStmt)
	if !ok {
		return result, errors.Join(fmt.Errorf("prepare a statement: %T is not a statement of lib/pq", prepared), prepared.Close())
	}
	c.prepared.Add(query, s)
	return run(s)
}

// isStale reports whether a prepared statement may have been rejected because the schema
// has changed, or the statement is gone, since it was prepared.
func isStale(err error) bool {
	var rejected *pq.Error
	if !errors.As(err, &rejected) {
		return false
	}
	return rejected.Code == pqerror.FeatureNotSupported || // cached plan must not change result type
		rejected.Code == pqerror.InvalidSQLStatementName || // by DISCARD or DEALLOCATE
		rejected.Code.Class() == pqerror.ClassSyntaxErrorOrAccessRuleViolation // a parameter's type has changed
}
