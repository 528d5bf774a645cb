// Package projection keeps Ory Keto's relation tuples equal to what the rows in
// Postgres say.
//
// # Overview
//
// Postgres is the source of truth. Tuples are a projection of its rows: the tuples of
// an object can be computed from the database at any time. The two stores are never
// written together, because either write may fail alone. Instead:
//
//  1. The transaction that changes a row also inserts an outbox entry for every object
//     whose tuples may change ([Tx.Commit]).
//  2. After the commit the object is synced: list its tuples in Keto, project its row,
//     write the difference. The caller waits for this, so that the next request
//     already sees the new permissions. The objects of a transaction are synced
//     together, by one write. An object that the transaction has made is not listed
//     ([Tx.SyncNew]): nobody else knows its id, so Keto holds nothing of it.
//  3. The entry is deleted. If the sync failed, or the process died, the entry is still
//     there, and the worker of any server tries again ([Syncer.Run]).
//
// No transaction is open during a call to Keto. Syncing is idempotent: it compares
// before it writes, so doing it twice or late does no harm.
//
// While an entry is pending, Keto may lack tuples, which denies, or hold tuples of a
// deleted object, which grant nothing because there is no row to read or change. Only
// those of a group grant something: whoever has lost a role keeps its permissions until
// the entry is synced.
//
// # The outbox entry
//
// There is at most one entry per object. Listing, projecting and writing are three
// steps, so two processes must not sync the same object at the same time. A process
// therefore claims the entry first. The columns that matter:
//
//	version     grows with every change of the row while the entry exists
//	claim       identifies the attempt in progress; null if there is none
//	attempts    attempts since the last success
//	due_at      next attempt, or, while claimed, when the claim expires
//	recheck_at  until then, a write of a failed attempt may still reach Keto
//	last_error  why the last attempt failed
//
// All times are those of the database's clock, which the replicas share.
//
//	state     claim  due_at   entered when                           left when
//	-------   -----  ------   ------------------------------------   ------------------------
//	claimed   set    future   a row changes, or a worker or a        the attempt ends or the
//	                          reconciliation claims it (for 15 s     claim expires
//	                          at most)
//	due       null   past     the row changed during the attempt, or a worker claims it
//	                          a write ran out of time before it, or
//	                          an attempt ended after its claim
//	expired   set    past     the process died or stalled            a worker claims it
//	waiting   null   future   the attempt failed (backoff, 15 s at   due_at passes
//	                          most)
//	recheck   null   future   an attempt succeeded after a failed    due_at passes; the next
//	                          one (8 s)                              success deletes the entry
//	(none)    -      -        an attempt succeeded, nothing else     -
//	                          happened
//
// # What may fail
//
//	step                    failure                          what happens
//	---------------------   ------------------------------   ------------------------------
//	change, insert entry    Postgres fails                   rollback: nothing has happened
//	commit                  the answer is lost               the caller gets an error; if the
//	                                                         commit happened, so did the entry
//	after the commit        the process dies                 the claim expires, a worker syncs
//	list, project, write    Keto or Postgres fails           the entry waits, then a worker
//	                                                         syncs; the caller gets its answer
//	write                   sent, but the answer is lost     the entry is synced again, and once
//	                                                         more by an attempt that begins after
//	                                                         recheck_at, when the lost write can
//	                                                         no longer arrive
//	any                     another request changes the      version differs: the entry becomes
//	                        same row                         due instead of being deleted
//	list, project, write    no time is left to begin         the commit releases the claims of all
//	                                                         such entries; a worker syncs
//	any                     the claim expires while its      another process syncs at the same
//	                        owner is still working           time; when the owner ends, it inserts
//	                                                         the entry again, as a failed one
//	delete the entry        Postgres fails                   the claim expires, a worker syncs
//	                                                         and finds nothing to do
//
// # Reconciliation
//
// [Syncer.Reconcile] compares everything that Keto holds with everything that it should
// hold, for what the outbox cannot know: a database or a Keto restored from a backup,
// and tuples written by hand. It may run at any time, one at a time, with or without a
// server. What it has read of Keto is old when it reads the rows. An object that seems to
// differ therefore gets an outbox entry, which the reconciliation claims and syncs like any
// other: that second look lists the tuples again, and only what it changes is reported. An
// object that another process has claimed is synced after that process.
//
//	what happens                     what follows
//	------------------------------   -----------------------------------------------------
//	the reconciliation dies          its claims expire, a worker or the next reconciliation
//	                                 syncs these objects
//	it is interrupted                what it has claimed is synced, the rest is as before
//	Keto fails                       the entries wait, the reconciliation ends with the error
//	Keto has lost everything         a page of objects is synced before the next one is
//	                                 compared, a few batches of them at a time
//
// The tests of this package explore all interleavings of this protocol (TestProtocol), and
// an end-to-end test breaks the real services while members use them (TestChaos).
//
// # Adding an entity
//
// An [Entity] registers a kind of object. See docs/adding-an-entity.md.
package projection
