package database

import (
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// LimitSlots makes [LimitConnections] work for a driver.
func LimitSlots(d *entsql.Driver) dialect.Driver { return slotDriver{d} }
