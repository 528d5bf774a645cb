package database

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"golang.org/x/sync/semaphore"
)

// maxPerRequest is how many queries of one request are in flight. The fields of a request are
// resolved at the same time: a single one could take all connections.
const maxPerRequest = 4

type inFlightKey struct{}

// LimitQueries bounds how many queries are in flight with the context. Those in transactions do
// not count: they have a connection already.
func LimitQueries(ctx context.Context) context.Context {
	return context.WithValue(ctx, inFlightKey{}, semaphore.NewWeighted(maxPerRequest))
}

// fullDriver is a driver with the methods that ent looks for at run time: without them the
// client has no statements of its own.
type fullDriver interface {
	dialect.Driver
	BeginTx(context.Context, *sql.TxOptions) (dialect.Tx, error)
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

var (
	_ fullDriver = (*entsql.Driver)(nil)
	_ fullDriver = (*dialect.DebugDriver)(nil)
)

// inFlightDriver makes LimitQueries work. A query is in flight until its rows are closed.
type inFlightDriver struct {
	fullDriver
}

// limitInFlight makes LimitQueries work for a driver of ent's.
func limitInFlight(d dialect.Driver) inFlightDriver {
	return inFlightDriver{d.(fullDriver)} //nolint:forcetypeassert // See above: both have the methods.
}

// Query runs a query when its turn has come.
func (d inFlightDriver) Query(ctx context.Context, query string, args, v any) error {
	slots, limited := ctx.Value(inFlightKey{}).(*semaphore.Weighted)
	rows, isRows := v.(*entsql.Rows)
	if !limited || !isRows {
		return d.fullDriver.Query(ctx, query, args, v)
	}
	if err := slots.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait to query the database: %w", err)
	}
	if err := d.fullDriver.Query(ctx, query, args, v); err != nil {
		slots.Release(1)
		return err
	}
	rows.ColumnScanner = &inFlightRows{rows.ColumnScanner, sync.OnceFunc(func() { slots.Release(1) })}
	return nil
}

type inFlightRows struct {
	entsql.ColumnScanner
	end func()
}

func (r *inFlightRows) Close() error {
	defer r.end()
	return r.ColumnScanner.Close()
}
