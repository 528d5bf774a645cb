package database

import "entgo.io/ent/dialect"

// MaxPerRequest is maxPerRequest for tests outside of the package, which have a database.
const MaxPerRequest = maxPerRequest

// LimitInFlight makes [LimitQueries] work for a driver.
func LimitInFlight(d dialect.Driver) dialect.Driver { return limitInFlight(d) }
