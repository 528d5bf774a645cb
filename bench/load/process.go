package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// process is a server in a process of its own, so that its memory and its allocations are
// those of the server alone.
type process struct {
	name     string
	address  string // host and port for requests
	internal string // host and port for metrics
}

// sample is the state of a process at one time.
type sample struct {
	allocations float64 // objects that the process has ever allocated
	allocated   float64 // their bytes
	resident    float64 // bytes of memory
	processor   float64 // seconds of a processor that the process has used
	goroutines  float64
}

// sample reads the metrics of the process.
func (p process) sample(ctx context.Context) (sample, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.internal+"/metrics", nil)
	if err != nil {
		return sample{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return sample{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return sample{}, fmt.Errorf("read the metrics of %s: %s", p.name, response.Status)
	}
	return parseSample(response.Body)
}

// parseSample reads a sample from metrics in Prometheus's text format.
func parseSample(metrics io.Reader) (sample, error) {
	var s sample
	missing := map[string]*float64{
		"go_memstats_mallocs_total": &s.allocations, "go_memstats_alloc_bytes_total": &s.allocated,
		"process_resident_memory_bytes": &s.resident, "process_cpu_seconds_total": &s.processor, "go_goroutines": &s.goroutines,
	}
	lines := bufio.NewScanner(metrics)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		if missing[name] == nil {
			continue
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return sample{}, fmt.Errorf("read the metric %s: %w", name, err)
		}
		*missing[name] = value
		delete(missing, name)
	}
	if err := lines.Err(); err != nil {
		return sample{}, fmt.Errorf("read metrics: %w", err)
	}
	for name := range missing {
		return sample{}, fmt.Errorf("the metric %s is missing", name)
	}
	return s, nil
}
