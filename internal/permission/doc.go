// Package permission answers "may they?". It speaks to Ory Keto in typed
// namespaces, relations and tuples, and keeps Keto in step with Postgres.
//
// Everything fails closed: a check that could not be answered is an error, never
// a yes. Objects and subjects are ids in their canonical form.
package permission
