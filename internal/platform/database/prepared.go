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

// maxCustomPlans is how often Postgres plans a prepared statement for its parameters. Then
// it may choose a generic plan, which it keeps. See PREPARE in Postgres's manual.
const maxCustomPlans = 5

type planEachTimeKey struct{}

// PlanEachTime makes Postgres plan the statements that run with the context for their
// parameters, every time. It is for statements whose best plan depends on the parameters: a
// search for a rare word reads an index of words, one for a common word reads all rows in
// order until the page is full. A generic plan is made for neither, and can be a thousand
// times slower.
func PlanEachTime(ctx context.Context) context.Context {
	return context.WithValue(ctx, planEachTimeKey{}, true)
}

// statement is a prepared statement.
type statement struct {
	pqStmt
	runs int
}

// pqStmt is what the prepared statements of lib/pq implement and this package uses.
type pqStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparingConn prepares each statement the first time that it runs it. lib/pq alone lets
// Postgres parse and plan a statement every time: unprepared, the API takes 1.5 times
// the CPU time for one cat and 1.2 times for a list, at 0.6 and 0.8 of the rate (make bench, 16
// connections).
//
// The cache belongs to the connection, as prepared statements do in Postgres. So it needs
// no lock, and statements in transactions are in no way special. Package database/sql uses
// a connection for one call at a time.
type preparingConn struct {
	pqConn
	prepared *simplelru.LRU[string, *statement]
}

func newPreparingConn(conn pqConn) (pqConn, error) {
	// Closing fails only if the connection is broken; then its next use fails too.
	prepared, err := simplelru.NewLRU(maxPrepared, func(_ string, s *statement) { _ = s.Close() })
	return &preparingConn{pqConn: conn, prepared: prepared}, err
}

// QueryContext runs a statement that returns rows.
func (c *preparingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return runPrepared(ctx, c, query, args, pqStmt.QueryContext)
}

// ExecContext runs a statement that returns no rows. A text without arguments is not
// prepared: it may contain several statements, and is rarely run twice.
func (c *preparingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.pqConn.ExecContext(ctx, query, args)
	}
	return runPrepared(ctx, c, query, args, pqStmt.ExecContext)
}

// runner runs a prepared statement: it is [pqStmt.QueryContext] or [pqStmt.ExecContext].
type runner[R any] func(pqStmt, context.Context, []driver.NamedValue) (R, error)

// runPrepared runs a prepared statement. A statement that no longer fits the schema is
// prepared and run again. That cannot repeat an effect: Postgres has undone what the
// rejected statement did, and in a transaction it refuses to prepare another one.
func runPrepared[R any](
	ctx context.Context, c *preparingConn, query string, args []driver.NamedValue, run runner[R],
) (R, error) {
	s, kept := c.prepared.Get(query)
	if kept && s.runs >= maxCustomPlans && len(args) > 0 && ctx.Value(planEachTimeKey{}) != nil {
		c.prepared.Remove(query) // A new one is planned for its parameters again.
		kept = false
	}
	if !kept {
		return prepareAndRun(ctx, c, query, args, run)
	}
	s.runs++
	result, err := run(s, ctx, args)
	if isStale(err) {
		c.prepared.Remove(query)
		if again, failure := prepareAndRun(ctx, c, query, args, run); failure == nil {
			return again, nil
		}
	}
	return result, err
}

func prepareAndRun[R any](
	ctx context.Context, c *preparingConn, query string, args []driver.NamedValue, run runner[R],
) (result R, err error) {
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return result, err
	}
	s, ok := prepared.(pqStmt)
	if !ok {
		return result, errors.Join(fmt.Errorf("prepare a statement: %T is not a statement of lib/pq", prepared), prepared.Close())
	}
	c.prepared.Add(query, &statement{pqStmt: s, runs: 1})
	return run(s, ctx, args)
}

// isStale reports whether a prepared statement may have been rejected because the schema
// has changed, or the statement is gone, since it was prepared.
func isStale(err error) bool {
	rejected, ok := errors.AsType[*pq.Error](err)
	if !ok {
		return false
	}
	return rejected.Code == pqerror.FeatureNotSupported || // cached plan must not change result type
		rejected.Code == pqerror.InvalidSQLStatementName || // by DISCARD or DEALLOCATE
		rejected.Code.Class() == pqerror.ClassSyntaxErrorOrAccessRuleViolation // a parameter's type has changed
}
