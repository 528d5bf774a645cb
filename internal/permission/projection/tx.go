package projection

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// Tx is a transaction that changes rows. Begin it, defer Rollback, name the objects whose
// tuples may differ afterwards, and commit.
type Tx struct {
	*ent.Tx
	syncer        *Syncer
	objects, made []keto.Object
	ended         bool
}

// Begin begins a transaction.
func (s *Syncer) Begin(ctx context.Context) (*Tx, error) {
	tx, err := s.db.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	return &Tx{Tx: tx, syncer: s}, nil
}

// Sync says that the tuples of objects may differ after the transaction.
func (t *Tx) Sync(objects ...keto.Object) { t.objects = append(t.objects, objects...) }

// SyncNew does the same for objects that the transaction makes. Nobody else knows their ids yet, so Keto holds nothing of them: it is
// not asked.
func (t *Tx) SyncNew(objects ...keto.Object) {
	t.Sync(objects...)
	t.made = append(t.made, objects...)
}

// Commit commits the transaction together with an outbox entry for each of its objects, and then
// syncs them. A committed change is final even if Keto cannot be reached or the caller is gone:
// Commit returns nil then, and the worker syncs the objects later.
func (t *Tx) Commit(ctx context.Context) error {
	claim := uuid.New()
	entries, err := enqueue(ctx, t.Tx, t.objects, claim)
	if err != nil {
		return err
	}
	t.ended = true
	if err := t.Tx.Commit(); err != nil {
		return fmt.Errorf("commit the change of %v: %w", t.objects, err)
	}
	for i, e := range entries {
		entries[i].Made = slices.Contains(t.made, e.object())
	}
	t.syncer.syncCommitted(context.WithoutCancel(ctx), entries, claim)
	return nil
}

// Rollback undoes the transaction, unless Commit has ended it.
func (t *Tx) Rollback() {
	if !t.ended {
		t.ended = true
		_ = t.Tx.Rollback() // If that fails, so has the connection, and Postgres rolls back.
	}
}
