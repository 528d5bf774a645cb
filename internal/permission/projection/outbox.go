package projection

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/outboxentry"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// syncTimeout bounds one attempt to sync an object.
	syncTimeout = 6 * time.Second
	// batchTimeout bounds one attempt to sync several objects together, of a reconciliation.
	batchTimeout = 10 * time.Second
	// finishTimeout bounds recording the result of an attempt.
	finishTimeout = 4 * time.Second
	// lease is how long a claim holds. It is longer than batchTimeout and finishTimeout
	// together, so that a live owner has given up before another process claims the
	// entry.
	lease = 15 * time.Second
	// recheckDelay is how long a write of a failed attempt may take to reach Keto after
	// Keto answers again. It is longer than Keto works on an abandoned request.
	recheckDelay = 8 * time.Second
	// maxBackoff is the longest time between two attempts, give or take a quarter.
	maxBackoff = 15 * time.Second
)

// entry is a row of the outbox: see the package's documentation for its states.
type entry struct {
	ID        uuid.UUID
	Namespace keto.Namespace
	ObjectID  string
	Version   int
	Claim     uuid.NullUUID
	// Made says that the transaction of the claim has made the object: see [Tx.SyncNew]. It is no column.
	Made bool
}

func (e entry) object() keto.Object { return keto.Object{Namespace: e.Namespace, ID: e.ObjectID} }

// idsOf returns the ids of the objects of entries.
func idsOf(entries []entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ObjectID
	}
	return ids
}

// outbox is the table of entries.
type outbox struct {
	db *ent.Client
}

const entryColumns = "id, namespace, object_id, version, claim"

// What an insert does to an entry that exists already.
const (
	bumpVersion  = "UPDATE SET version = outbox_entries.version + 1, updated_at = clock_timestamp()"
	countFailure = bumpVersion + ", attempts = outbox_entries.attempts + 1"
	// takeOver claims the entry unless another process has claimed it, and does not return it then.
	takeOver = "UPDATE SET claim = EXCLUDED.claim, due_at = EXCLUDED.due_at, attempts = outbox_entries.attempts + 1, updated_at = clock_timestamp() " +
		"WHERE outbox_entries.claim IS NULL OR outbox_entries.due_at <= clock_timestamp()"
)

// enqueue inserts entries for objects, in the transaction that changes their rows. New
// entries are claimed by the caller. An existing entry keeps its claim.
func enqueue(ctx context.Context, tx *ent.Tx, objects []keto.Object, claim uuid.UUID) ([]entry, error) {
	return insertEntries(ctx, tx, objects, uuid.NullUUID{UUID: claim, Valid: true}, bumpVersion)
}

// claimObjects inserts claimed entries for objects of a namespace, or claims those that exist. It
// returns no entry for objects that another process has claimed.
func (o outbox) claimObjects(ctx context.Context, namespace keto.Namespace, ids []string) ([]entry, error) {
	objects := make([]keto.Object, len(ids))
	for i, id := range ids {
		objects[i] = keto.Object{Namespace: namespace, ID: id}
	}
	return insertEntries(ctx, o.db, objects, uuid.NullUUID{UUID: uuid.New(), Valid: true}, takeOver)
}

// requeue inserts unclaimed entries for the objects of entries whose claim has expired: they must be
// synced again. That counts as a failed attempt, so that the next success is followed by a recheck.
func (o outbox) requeue(ctx context.Context, expired []entry) error {
	objects := make([]keto.Object, len(expired))
	for i, e := range expired {
		objects[i] = e.object()
	}
	_, err := insertEntries(ctx, o.db, objects, uuid.NullUUID{}, countFailure)
	return err
}

func insertEntries(
	ctx context.Context, db database.Querier, objects []keto.Object, claim uuid.NullUUID, onConflict string,
) ([]entry, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	namespaces, ids := make([]string, len(objects)), make([]string, len(objects))
	for i, object := range objects {
		namespaces[i], ids[i] = string(object.Namespace), object.ID
	}
	// Sorted, so that two transactions with the same objects cannot deadlock.
	entries, err := database.Select[entry](ctx, db, `
		INSERT INTO outbox_entries (id, created_at, updated_at, namespace, object_id, claim, attempts, due_at)
		SELECT gen_random_uuid(), clock_timestamp(), clock_timestamp(), namespace, object_id, $3::uuid, 1,
			CASE WHEN $3::uuid IS NULL THEN clock_timestamp() ELSE clock_timestamp() + $4 * interval '1 second' END
		FROM (SELECT DISTINCT namespace, object_id FROM unnest($1::text[], $2::text[]) AS given (namespace, object_id)) AS objects
		ORDER BY namespace, object_id
		ON CONFLICT (namespace, object_id) DO `+onConflict+`
		RETURNING `+entryColumns, pq.Array(namespaces), pq.Array(ids), claim, lease.Seconds())
	if err != nil {
		return nil, fmt.Errorf("insert outbox entries: %w", err)
	}
	return entries, nil
}

// claimDue claims at most limit entries that are due, oldest first. It skips entries
// that another process is claiming right now.
func (o outbox) claimDue(ctx context.Context, limit int) ([]entry, error) {
	return o.claim(ctx, "due_at <= clock_timestamp() ORDER BY due_at LIMIT $3", limit)
}

// claimOne claims an entry, due or not, unless another process has claimed it.
func (o outbox) claimOne(ctx context.Context, id uuid.UUID) ([]entry, error) {
	return o.claim(ctx, "id = $3 AND (claim IS NULL OR due_at <= clock_timestamp())", id)
}

func (o outbox) claim(ctx context.Context, which string, argument any) ([]entry, error) {
	// Materialized, because a plan that runs the subquery more than once would exceed
	// its limit.
	entries, err := database.Select[entry](ctx, o.db, `
		WITH claimed AS MATERIALIZED (SELECT id AS claimed_id FROM outbox_entries WHERE `+which+` FOR UPDATE SKIP LOCKED)
		UPDATE outbox_entries SET claim = $1, attempts = attempts + 1, updated_at = clock_timestamp(),
			due_at = clock_timestamp() + $2 * interval '1 second'
		FROM claimed WHERE id = claimed_id
		RETURNING `+entryColumns, uuid.New(), lease.Seconds(), argument)
	if err != nil {
		return nil, fmt.Errorf("claim outbox entries: %w", err)
	}
	return entries, nil
}

// complete ends the claims on objects that have been synced. An entry is deleted unless
//   - the row has changed since it was claimed: then it becomes due, or
//   - an earlier attempt failed and its writes may still reach Keto, also while this one
//     was working: then it is due again after recheckDelay.
//
// Objects whose claim has expired meanwhile are enqueued again, because another process
// may have synced them at the same time.
func (o outbox) complete(ctx context.Context, done ...entry) error {
	left, err := o.endClaims(ctx, `
		DELETE FROM outbox_entries USING done
		WHERE outbox_entries.id = done.id AND outbox_entries.claim = done.claim AND outbox_entries.version = done.version
			AND attempts = 1 AND (recheck_at IS NULL OR recheck_at <= due_at - $4 * interval '1 second') -- the time of the claim
		RETURNING done.id`, done, lease.Seconds())
	if err != nil || len(left) == 0 {
		return err
	}
	expired, err := o.endClaims(ctx, `
		UPDATE outbox_entries SET claim = NULL, last_error = NULL, attempts = 0, updated_at = clock_timestamp(),
			recheck_at = CASE WHEN attempts > 1 THEN clock_timestamp() + $4 * interval '1 second' ELSE recheck_at END,
			due_at = CASE WHEN outbox_entries.version <> done.version THEN clock_timestamp()
				WHEN attempts > 1 THEN clock_timestamp() + $4 * interval '1 second'
				ELSE recheck_at END
		FROM done WHERE outbox_entries.id = done.id AND outbox_entries.claim = done.claim
		RETURNING done.id`, left, recheckDelay.Seconds())
	if err != nil || len(expired) == 0 {
		return err
	}
	return o.requeue(ctx, expired)
}

// fail ends the claims on objects that could not be synced. They are due again after a
// backoff that grows with every attempt. Objects whose claim has expired meanwhile are
// enqueued again: another process may have synced them, but what this attempt has written
// may still reach Keto.
func (o outbox) fail(ctx context.Context, cause error, entries ...entry) error {
	expired, err := o.endClaims(ctx, `
		UPDATE outbox_entries SET claim = NULL, last_error = $4, updated_at = clock_timestamp(),
			due_at = clock_timestamp() + least($5, 0.5 * 2 ^ least(attempts, 10)) * (0.75 + random() / 2) * interval '1 second'
		FROM done WHERE outbox_entries.id = done.id AND outbox_entries.claim = done.claim
		RETURNING done.id`, entries, cause.Error(), maxBackoff.Seconds())
	if err != nil || len(expired) == 0 {
		return err
	}
	return o.requeue(ctx, expired)
}

// release ends the claims on objects that nobody has tried to sync. They are due at once.
func (o outbox) release(ctx context.Context, entries []entry) error {
	_, err := o.endClaims(ctx, `
		UPDATE outbox_entries SET claim = NULL, attempts = attempts - 1, updated_at = clock_timestamp(), due_at = clock_timestamp()
		FROM done WHERE outbox_entries.id = done.id AND outbox_entries.claim = done.claim
		RETURNING done.id`, entries)
	return err
}

// endClaims runs a statement on entries, which it sees as the table done, and returns
// the entries that the statement did not return.
func (o outbox) endClaims(ctx context.Context, statement string, entries []entry, arguments ...any) (left []entry, err error) {
	ids, claims, versions := make([]string, len(entries)), make([]string, len(entries)), make([]int64, len(entries))
	for i, e := range entries {
		ids[i], claims[i], versions[i] = e.ID.String(), e.Claim.UUID.String(), int64(e.Version)
	}
	ended, err := database.Select[uuid.UUID](ctx, o.db,
		`WITH done AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS given (id, claim, version)) `+statement,
		append([]any{pq.Array(ids), pq.Array(claims), pq.Array(versions)}, arguments...)...)
	if err != nil {
		return nil, fmt.Errorf("end claims of outbox entries: %w", err)
	}
	isEnded := make(map[uuid.UUID]bool, len(ended))
	for _, id := range ended {
		isEnded[id] = true
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return isEnded[e.ID] }), nil
}

// exists reports whether an entry exists. Once it is deleted, its object is synced.
func (o outbox) exists(ctx context.Context, id uuid.UUID) (bool, error) {
	return o.db.OutboxEntry.Query().Where(outboxentry.ID(id)).Exist(ctx)
}

// without returns which of the objects of a namespace have no entry.
func (o outbox) without(ctx context.Context, namespace keto.Namespace, ids []string) ([]string, error) {
	settled, err := database.Select[string](ctx, o.db, `
		SELECT object FROM unnest($2::text[]) AS given (object)
		WHERE NOT EXISTS (SELECT FROM outbox_entries WHERE namespace = $1 AND object_id = object)`, namespace, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return settled, nil
}

// untilDue returns the time until an entry is due, at most limit.
func (o outbox) untilDue(ctx context.Context, limit time.Duration) (time.Duration, error) {
	seconds, err := database.Select[float64](ctx, o.db, `
		SELECT least($1, coalesce(extract(epoch FROM min(due_at) - clock_timestamp()), $1)) FROM outbox_entries`, limit.Seconds())
	if err != nil {
		return 0, fmt.Errorf("read the outbox: %w", err)
	}
	return time.Duration(seconds[0] * float64(time.Second)), nil
}

// Backlog describes the objects that are not synced yet.
type Backlog struct {
	// Pending is the number of objects whose tuples may be out of date.
	Pending int
	// Failing is how many of those have failed at least three times in a row.
	Failing int
	// Oldest is the age of the oldest of them.
	Oldest time.Duration
}

// backlog counts the entries. Entries that are only rechecked do not count.
func (o outbox) backlog(ctx context.Context) (Backlog, error) {
	found, err := database.Select[struct {
		Pending, Failing int
		Seconds          float64
	}](ctx, o.db, `
		SELECT count(*) AS pending, count(*) FILTER (WHERE last_error IS NOT NULL AND attempts >= 3) AS failing,
			coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) AS seconds
		FROM outbox_entries WHERE attempts > 0 OR recheck_at IS NULL`)
	if err != nil {
		return Backlog{}, fmt.Errorf("read the outbox: %w", err)
	}
	oldest := time.Duration(found[0].Seconds * float64(time.Second))
	return Backlog{Pending: found[0].Pending, Failing: found[0].Failing, Oldest: oldest}, nil
}
