package guard

import (
	"context"
	"database/sql/driver"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// TestStream_Valid asks every ten seconds about the session of a stream.
func TestStream_Valid(t *testing.T) {
	t.Parallel()
	valid, away := error(nil), apperr.NewUnavailable(errors.New("Kratos is away"))
	for name, test := range map[string]struct {
		answers []error
		want    []bool
	}{
		"a session that ends":               {[]error{valid, apperr.ErrUnauthenticated}, []bool{true, false}},
		"a second factor that is missing":   {[]error{&apperr.Error{Code: apperr.SecondFactorRequired}}, []bool{false}},
		"an unexpected error":               {[]error{errors.New("fault")}, []bool{false}},
		"a service that is away for a time": {[]error{away, driver.ErrBadConn, valid, away, context.DeadlineExceeded, valid}, []bool{true, true, true, true, true, true}},
		"a service that is away":            {[]error{valid, away, away, away}, []bool{true, true, true, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				s := &stream{recheck: func(context.Context) error { return test.answers[asked] }, confirmed: time.Now()}
				for ; asked < len(test.answers); asked++ {
					time.Sleep(10 * time.Second)
					if got := s.Valid(t.Context()); got != test.want[asked] {
						t.Errorf("after answer %d the stream goes on: %t, want %t", asked+1, got, test.want[asked])
					}
				}
			})
		})
	}
}
