package main

import (
	"bytes"
	"testing"
	"time"
)

// TestCluster_SurvivesFaults is `make cluster ARGS="-faults -for=60s"`.
func TestCluster_SurvivesFaults(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	seed := uint64(time.Now().UnixNano())
	ok, err := run(t.Context(), options{faults: true, seed: seed, length: time.Minute, stories: 4}, &out)
	t.Log(out.String())
	if err != nil || !ok {
		t.Errorf("the cluster does not keep its promises with the seed %d: %v", seed, err)
	}
}
