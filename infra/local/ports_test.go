package local

import (
	"os/exec"
	"sync"
	"testing"
)

// TestPortRange_FreeWhileProgramsStart starts programs in the background, whose processes
// hold copies of this program's sockets until they call exec.
func TestPortRange_FreeWhileProgramsStart(t *testing.T) {
	t.Parallel()
	port, err := ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var starting sync.WaitGroup
	starting.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if err := exec.CommandContext(t.Context(), "true").Run(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 1000 {
		if !isFree(port) {
			t.Errorf("port %d, which no program listens on, is not free", port)
			break
		}
	}
	close(done)
	starting.Wait()
}
