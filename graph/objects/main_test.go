package objects_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/usecase"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// clock is the time in UTC.
func clock() usecase.Clock {
	return usecase.Clock{Now: time.Now, Day: func(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }}
}
