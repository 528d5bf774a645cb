package database

import (
	"database/sql/driver"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// LimitSlots makes [LimitConnections] work for a driver.
func LimitSlots(d *entsql.Driver) dialect.Driver { return slotDriver{d} }

// Connector is the connector that a pool opens connections with.
func Connector(c driver.Connector) driver.Connector { return connector{Connector: c} }
