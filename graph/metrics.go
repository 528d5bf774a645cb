package graph

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/internal/edge/accesslog"
)

// maxOperations is how many names of operations members can add to the metrics. Each takes
// some 30 series.
const maxOperations = 100

// Labels in place of the name of an operation.
const (
	unnamedOperation = "unnamed"
	otherOperation   = "other"
	noOperation      = "none" // The document is not valid.
)

// Metrics count operations by name. Names are those of [Config.Registered] and the first hundred
// others that members use: all further ones count as "other". Callers without a session add
// none, so that they cannot use up the space.
type Metrics struct {
	total    *prometheus.CounterVec
	duration *prometheus.HistogramVec
	cost     *prometheus.HistogramVec

	mu         sync.RWMutex
	names      map[string]bool
	registered int
}

// NewMetrics returns the metrics of one handler.
func NewMetrics() *Metrics {
	return &Metrics{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_graphql_operations_total", Help: "Operations by name, type and code: ok, or the code of an error.",
		}, []string{"operation", "type", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "catfoster_graphql_operation_duration_seconds", Help: "Time from the end of the request's body until the result of an operation.",
			Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
		}, []string{"operation", "type"}),
		cost: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "catfoster_graphql_operation_cost", Help: "Cost of operations, in fields of the answer.",
			Buckets: []float64{1, 10, 100, 300, 1000, 3000, 10_000, 30_000},
		}, []string{"operation"}),
		names: map[string]bool{},
	}
}

// register adds the names of registered operations, which no other name pushes out.
func (m *Metrics) register(operations []*ast.OperationDefinition) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, operation := range operations {
		m.names[shownName(operation)] = true
	}
	m.registered = len(m.names)
}

// Collectors returns the metrics.
func (m *Metrics) Collectors() []prometheus.Collector {
	return []prometheus.Collector{m.total, m.duration, m.cost}
}

func (m *Metrics) observe(done accesslog.Operation, took time.Duration) {
	name, kind := m.count(done)
	m.duration.WithLabelValues(name, kind).Observe(took.Seconds())
}

// count counts an operation, and returns its labels.
func (m *Metrics) count(done accesslog.Operation) (name, kind string) {
	name, kind = m.label(done), done.Type
	if kind == "" {
		kind = noOperation
	}
	m.total.WithLabelValues(name, kind, outcomeOf(done.Codes)).Inc()
	if done.Cost > 0 {
		m.cost.WithLabelValues(name).Observe(float64(done.Cost))
	}
	return name, kind
}

// label returns the name under which an operation is counted.
func (m *Metrics) label(done accesslog.Operation) string {
	switch {
	case done.Type == "":
		return noOperation
	case done.Name == "":
		return unnamedOperation
	}
	m.mu.RLock()
	known := m.names[done.Name]
	m.mu.RUnlock()
	if known {
		return done.Name
	}
	if done.User == uuid.Nil {
		return otherOperation
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.names) >= m.registered+maxOperations {
		return otherOperation
	}
	m.names[done.Name] = true
	return done.Name
}
