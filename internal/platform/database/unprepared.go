package database

import (
	"database/sql/driver"
	"encoding/json"
)

// unpreparedConn sends a statement and its parameters together. lib/pq alone sends the
// statement first, and a pooler may send the parameters to another server.
//
// It needs lib/pq's setting binary_parameters, with which lib/pq sends byte slices in
// Postgres's binary format. JSON has another binary format, so it is sent as text.
type unpreparedConn struct {
	pqConn
}

func newUnpreparedConn(conn pqConn) (pqConn, error) { return unpreparedConn{conn}, nil }

// CheckNamedValue converts a parameter.
func (c unpreparedConn) CheckNamedValue(parameter *driver.NamedValue) error {
	if encoded, ok := parameter.Value.(json.RawMessage); ok {
		parameter.Value = string(encoded)
		return nil
	}
	return c.pqConn.CheckNamedValue(parameter)
}
