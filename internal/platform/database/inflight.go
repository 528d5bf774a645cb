package database

import (
	"context"
	"fmt"
	"sync/atomic"

	entsql "entgo.io/ent/dialect/sql"
	"golang.org/x/sync/semaphore"
)

// maxPerRequest is how many queries of a request are in flight if nobody counts those of its
// caller. The fields of a request are resolved at the same time: a single one could take all
// connections.
const maxPerRequest = 4

type inFlightKey struct{}

// LimitQueries bounds how many queries are in flight with the context: each takes one of the
// slots, which other requests may share. Nil means four slots for this context alone. Queries in
// transactions do not count: they have a connection already.
func LimitQueries(ctx context.Context, slots *semaphore.Weighted) context.Context {
	if slots == nil {
		slots = semaphore.NewWeighted(maxPerRequest)
	}
	return context.WithValue(ctx, inFlightKey{}, slots)
}

// inFlightDriver makes LimitQueries work for the queries that ent builds. A query is in flight
// until its rows are closed.
type inFlightDriver struct {
	*entsql.Driver
}

// Query runs a query when its turn has come.
func (d inFlightDriver) Query(ctx context.Context, query string, args, v any) error {
	slots, limited := ctx.Value(inFlightKey{}).(*semaphore.Weighted)
	rows, isRows := v.(*entsql.Rows)
	if !limited || !isRows {
		return d.Driver.Query(ctx, query, args, v)
	}
	if err := slots.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait to query the database: %w", err)
	}
	if err := d.Driver.Query(ctx, query, args, v); err != nil {
		slots.Release(1)
		return err
	}
	rows.ColumnScanner = &inFlightRows{ColumnScanner: rows.ColumnScanner, slots: slots}
	return nil
}

type inFlightRows struct {
	entsql.ColumnScanner

	slots *semaphore.Weighted
	ended atomic.Bool
}

func (r *inFlightRows) Close() error {
	if !r.ended.Swap(true) {
		defer r.slots.Release(1)
	}
	return r.ColumnScanner.Close()
}
