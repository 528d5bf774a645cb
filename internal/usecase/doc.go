// Package usecase holds the changes of state that members, operators and time make: each
// is one method of [Fosterings], [Cats], [Accounts], [Blocks], [Reports], [Admins], [Suspensions] or [Quotas]. GraphQL, the
// command line and the scheduled passes all call the same methods.
//
// A use case loads what it needs, lets pure functions decide (package fostering), and
// writes, all in one transaction of package projection, which also syncs the relation tuples
// of the objects that it is told. The lengths of its input have been validated, and its caller
// has been authorized (package access). Errors that clients may see are those of
// package apperr.
//
// # Locks
//
// Concurrent use cases take turns by row locks. They are always taken in this order, so
// that no two transactions wait for each other's:
//
//  1. The user's row. Deleting an account, suspending a member, and adding a cat, a fostering, a message or a reference to it, lock it
//     exclusively, so that what a member has can be counted; granting a role locks it shared. Blocking a member
//     locks the rows of both, ordered by id, so that no request or message between them is under way.
//  2. The rows of cats, ordered by id. Every change of a cat's fosterings, a message or a reference about one of them,
//     and the deletion of a cat, locks the cat's row exclusively.
//  3. The rows of all super admins, ordered by id. Revoking a role, and deleting an
//     account, locks them exclusively, so that one super admin is always left.
//  4. The rows of photos, ordered by id. Attaching photos, after locking the cat or the account, locks them exclusively; so does
//     their deletion.
//
// A foreign key locks the row that it names too, shared, when a row with it is inserted: a report locks the member whom it is about
// after the one who reports. Two members who report each other in the same moment do wait for each other. Postgres ends one of the
// transactions, which fails with [ErrBusy]. A weaker lock of the user's row would let an insert pass by the deletion of the account.
//
// A transaction that does not get its lock within a few seconds fails with [ErrBusy]. While it
// waits it has a connection: package database bounds how many a caller may have.
//
// What a lock protects is read after the lock has been taken. Two invariants are also
// constraints of the database: a participant has at most one open fostering of a cat, and
// promised fosterings of a cat do not overlap.
package usecase
