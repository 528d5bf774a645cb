package live_test

import (
	"testing"

	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
