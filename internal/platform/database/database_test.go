package database_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/lib/pq"

	"github.com/catfoster/catfoster/internal/platform/database"
)

func TestErrors_Classification(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err                             error
		unavailable, rolledBack, locked bool
		constraint                      string
	}{
		"no error":              {},
		"connection refused":    {err: &net.OpError{Op: "dial", Err: errors.New("refused")}, unavailable: true},
		"connection broken":     {err: driver.ErrBadConn, unavailable: true},
		"proxy hangs up":        {err: io.EOF, unavailable: true},
		"context ended":         {err: sql.ErrTxDone, unavailable: true},
		"shutting down":         {err: &pq.Error{Code: "57P01"}, unavailable: true},
		"too many connections":  {err: &pq.Error{Code: "53300"}, unavailable: true},
		"write on a standby":    {err: &pq.Error{Code: "25006"}, unavailable: true},
		"deadlock":              {err: &pq.Error{Code: "40P01"}, rolledBack: true},
		"serialization failure": {err: &pq.Error{Code: "40001"}, rolledBack: true},
		"lock not available":    {err: &pq.Error{Code: "55P03"}, locked: true},
		"statement timeout":     {err: &pq.Error{Code: "57014"}, unavailable: true},
		"constraint violated":   {err: &pq.Error{Code: "23505", Constraint: "one_open"}, constraint: "one_open"},
		"undefined column":      {err: &pq.Error{Code: "42703"}},
		"any other error":       {err: errors.New("boom")},
	} {
		err := test.err
		if err != nil {
			err = fmt.Errorf("load: %w", err)
		}
		if got := database.IsUnavailable(err); got != test.unavailable {
			t.Errorf("%s: unavailable %t, want %t", name, got, test.unavailable)
		}
		if got := database.IsRolledBack(err); got != test.rolledBack {
			t.Errorf("%s: rolled back %t, want %t", name, got, test.rolledBack)
		}
		if got := database.IsLocked(err); got != test.locked {
			t.Errorf("%s: locked %t, want %t", name, got, test.locked)
		}
		if got := database.Constraint(err); got != test.constraint {
			t.Errorf("%s: constraint %q, want %q", name, got, test.constraint)
		}
	}
}
