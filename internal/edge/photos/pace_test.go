package photos_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/photos"
)

// lost returns when a body of a size that arrives at a speed has lost its turn, or 0 if it arrives as a whole.
func lost(size, speed int64) time.Duration {
	const piece = 1024
	for arrived := int64(0); arrived < size; arrived += piece {
		next := time.Duration(min(size, arrived+piece)) * time.Second / time.Duration(speed)
		if due := photos.Due(arrived, size); next > due {
			return due
		}
	}
	return 0
}

func TestBody_LosesItsTurnIfItIsSlow(t *testing.T) {
	t.Parallel()
	const soon = 5 * time.Second
	for name, test := range map[string]struct {
		size, speed int64
		arrives     bool
	}{
		"a photo of the pages by a slow phone": {400_000, 100_000, true},
		"a small one by a slower phone":        {50_000, 20_000, true},
		"a byte per second":                    {400_000, 1, false},
		"a slow photo":                         {400_000, 20_000, false},
		"the largest by a byte per second":     {photo.MaxBytes, 1, false},
		"the largest by a slow phone":          {photo.MaxBytes, 100_000, false},
		"the largest by a fast phone":          {photo.MaxBytes, 1_000_000, true},
		"one byte":                             {1, 1, true},
	} {
		if at := lost(test.size, test.speed); (at == 0) != test.arrives || at > soon {
			t.Errorf("%s: it has lost its turn after %s, want %t, and within %s otherwise", name, at, test.arrives, soon)
		}
	}
	if due := photos.Due(photo.MaxBytes, photo.MaxBytes); due > 20*time.Second {
		t.Errorf("the largest body may take %s", due)
	}
	_ = photos.Due(0, 0) // An empty body has no speed.
}
