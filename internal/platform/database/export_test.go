package database

import (
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// MaxPerRequest is maxPerRequest for tests outside of the package, which have a database.
const MaxPerRequest = maxPerRequest

// LimitInFlight makes [LimitQueries] work for a driver.
func LimitInFlight(d *entsql.Driver) dialect.Driver { return inFlightDriver{d} }
