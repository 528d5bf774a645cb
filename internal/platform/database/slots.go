package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// transactionWait is how long a transaction waits for a slot: as long as it would wait for the lock that the
// caller's other transactions wait for.
const transactionWait = 3 * time.Second

// errCrowded says that the caller's other transactions had all slots for too long. It is [IsLocked].
var errCrowded = errors.New("the caller's other transactions have all connections")

type slotsKey struct{}

// NewSlots returns slots for the connections of one caller.
func NewSlots() *semaphore.Weighted { return semaphore.NewWeighted(bounds.ConnectionsOfCaller) }

// LimitConnections bounds how many connections the work with the context has at the same time: each
// takes one of the slots, which other requests may share. A query has a connection until its rows are closed, a
// transaction until it ends; queries in a transaction have its connection. Statements that ent has not built, such as
// those of the outbox, take no slot: what follows a commit must not wait for its caller. Nothing in a transaction may use the client
// outside of it: it would wait for a slot while it holds one.
func LimitConnections(ctx context.Context, slots *semaphore.Weighted) context.Context {
	return context.WithValue(ctx, slotsKey{}, slots)
}

// takeSlot waits for a slot, for a time at most unless that is 0, and returns where to give it back: nil if nobody counts.
func takeSlot(ctx context.Context, most time.Duration) (*semaphore.Weighted, error) {
	slots, limited := ctx.Value(slotsKey{}).(*semaphore.Weighted)
	if !limited || slots.TryAcquire(1) { // Nobody waits before.
		return slots, nil
	}
	if most > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, most, errCrowded)
		defer cancel()
	}
	if err := slots.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait for a connection to the database: %w: %w", err, context.Cause(ctx))
	}
	return slots, nil
}

// slotDriver makes LimitConnections work for the queries and transactions of ent.
type slotDriver struct {
	*entsql.Driver
}

// Query runs a query when it has a slot.
func (d slotDriver) Query(ctx context.Context, query string, args, v any) error {
	slots, err := takeSlot(ctx, 0)
	if err != nil {
		return err
	}
	err = d.Driver.Query(ctx, query, args, v)
	rows, isRows := v.(*entsql.Rows)
	switch {
	case slots == nil:
	case err != nil || !isRows:
		slots.Release(1)
	default:
		rows.ColumnScanner = &slotRows{ColumnScanner: rows.ColumnScanner, slots: slots}
	}
	return err
}

type slotRows struct {
	entsql.ColumnScanner

	slots *semaphore.Weighted
	ended atomic.Bool
}

func (r *slotRows) Close() error {
	if !r.ended.Swap(true) {
		defer r.slots.Release(1)
	}
	return r.ColumnScanner.Close()
}

// Tx begins a transaction when it has a slot.
func (d slotDriver) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

// BeginTx is [slotDriver.Tx] with options.
func (d slotDriver) BeginTx(ctx context.Context, o *sql.TxOptions) (dialect.Tx, error) {
	slots, err := takeSlot(ctx, transactionWait)
	if err != nil {
		return nil, err
	}
	tx, err := d.Driver.BeginTx(ctx, o)
	if slots == nil {
		return tx, err
	}
	if err != nil {
		slots.Release(1)
		return nil, err
	}
	// The end of the context ends the transaction, even if nobody else does.
	end := context.AfterFunc(ctx, func() { slots.Release(1) })
	return slotTx{tx.(*entsql.Tx), slots, end}, nil //nolint:forcetypeassert // Driver.BeginTx returns it.
}

// slotTx gives its slot back when it ends.
type slotTx struct {
	*entsql.Tx

	slots *semaphore.Weighted
	// holds reports whether the transaction has its slot still, and makes it the caller's to release.
	holds func() bool
}

func (t slotTx) end() {
	if t.holds() {
		t.slots.Release(1)
	}
}

// Commit commits the transaction.
func (t slotTx) Commit() error {
	defer t.end()
	return t.Tx.Commit()
}

// Rollback rolls the transaction back.
func (t slotTx) Rollback() error {
	defer t.end()
	return t.Tx.Rollback()
}
