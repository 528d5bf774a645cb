// Package harness holds what the end-to-end tests need besides the tests themselves.
//
// An [Environment] is a real Postgres, Kratos and Keto with one API server on them. All
// tests of a package share it and keep apart by using members and cats of their own. A
// [Server] is an API server; tests send requests to the environment's or start more of
// them, with another configuration or another clock. A [Replica] is a server in a
// process of its own, which a test may kill and freeze.
//
// Faults come from four places. The [WebhookProxy] loses, repeats and delays Kratos's
// calls of our webhooks. A [Proxy] does anything to the calls of one server to one
// service. An [IsolatedStack] is a Keto and a database for one test, which may pause and
// kill that Keto. With [OwnPostgres] the test may also pause the Postgres, cut
// connections to it, and restore Keto's database from a backup.
//
// Functions that take a testing.T report failures to it and undo at the end of the
// test what they have started.
package harness
