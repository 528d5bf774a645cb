package database_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"testing"

	"github.com/lib/pq"

	"github.com/catfoster/catfoster/internal/platform/database"
)

// refusing opens no connections.
type refusing struct{ err error }

func (r refusing) Connect(context.Context) (driver.Conn, error) { return nil, r.err }
func (refusing) Driver() driver.Driver                          { return nil }

// TestConnector_Unavailable has errors that lib/pq returns while it opens a connection. Those that say nothing about
// themselves mean that there is no connection.
func TestConnector_Unavailable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err         error
		unavailable bool
	}{
		"a deadline between two messages": {errors.New("write tcp: i/o timeout"), true},
		"a server that starts":            {&pq.Error{Code: "57P03"}, true},
		"a wrong password":                {&pq.Error{Code: "28P01"}, false},
	} {
		_, err := database.Connector(refusing{test.err}).Connect(t.Context())
		if !errors.Is(err, test.err) || database.IsUnavailable(err) != test.unavailable {
			t.Errorf("%s: %v, unavailable %t", name, err, database.IsUnavailable(err))
		}
	}
}
