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
	calls       calls // that the process has ever made
}

// calls is how often a server has called other services, by its own metrics: tests of the API
// (-run Cost) show that these are true. SQL is the number of statements, without those that begin
// and end transactions. Work in the background counts too, such as the look at Keto's health when
// the metrics are read.
type calls struct{ sql, kratos, keto float64 }

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
	required := map[string]*float64{
		"go_memstats_mallocs_total": &s.allocations, "go_memstats_alloc_bytes_total": &s.allocated,
		"process_resident_memory_bytes": &s.resident, "process_cpu_seconds_total": &s.processor, "go_goroutines": &s.goroutines,
		"catfoster_sql_statement_duration_seconds_count": &s.calls.sql,
	}
	seen := map[string]bool{}
	lines := bufio.NewScanner(metrics)
	for lines.Scan() {
		series, text, _ := strings.Cut(lines.Text(), " ")
		name, labels, _ := strings.Cut(series, "{")
		total := required[name]
		switch {
		case name != "catfoster_calls_total":
		case strings.Contains(labels, `service="kratos"`):
			total = &s.calls.kratos
		case strings.Contains(labels, `service="keto"`):
			total = &s.calls.keto
		}
		if total == nil {
			continue
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return sample{}, fmt.Errorf("read the metric %s: %w", name, err)
		}
		*total += value
		seen[name] = true
	}
	if err := lines.Err(); err != nil {
		return sample{}, fmt.Errorf("read metrics: %w", err)
	}
	for name := range required {
		if !seen[name] {
			return sample{}, fmt.Errorf("the metric %s is missing", name)
		}
	}
	return s, nil
}
