package deadline_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/platform/deadline"
)

type key struct{}

func TestLift_OutlivesTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		request, gone := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		bounded, end := deadline.Set(request, time.Second)
		defer end()
		lifted, cancel := deadline.Lift(bounded)
		defer cancel()
		time.Sleep(time.Minute)
		if !errors.Is(bounded.Err(), context.DeadlineExceeded) || lifted.Err() != nil {
			t.Errorf("after a minute the work has the error %v and the stream %v, want the deadline and none", bounded.Err(), lifted.Err())
		}
		if lifted.Value(key{}) != "value" {
			t.Error("the stream has lost the values of its request")
		}
		gone()
		synctest.Wait()
		if lifted.Err() == nil {
			t.Error("the stream goes on after its client has gone")
		}
	})
}

func TestLift_WithoutDeadline(t *testing.T) {
	t.Parallel()
	request, gone := context.WithCancel(t.Context())
	lifted, cancel := deadline.Lift(request)
	defer cancel()
	if gone(); lifted.Err() == nil {
		t.Error("the stream goes on after its client has gone")
	}
}
