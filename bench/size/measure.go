package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/platform/database"
)

// These constants decide how a case is measured and when it fails.
//
// A query in the small community takes a fraction of a millisecond, most of it the round trip
// to Postgres. The ratio of such times depends more on the machine than on the index, so a
// query that takes less than the floor never fails because of its ratio.
//
// Other programs can only slow an execution down, so the fastest of them says most. The executions
// on the two databases alternate, so that a longer disturbance affects both. After five executions
// Postgres may choose a generic plan, so there are more warm-ups.
const (
	maxRatio   = 3
	floor      = time.Millisecond
	executions = 31
	warmUps    = 8
	// maxDuration limits the executions of one case, because a query that takes seconds
	// fails after a few of them.
	maxDuration = 10 * time.Second
)

// result is the result of a case in the small community, at index 0, and in the large one.
type result struct {
	rows [2]int
	best [2]time.Duration
	plan plan // in the large community: in the small one, a sequential scan is the best plan
}

func (r result) ratio() float64 { return float64(r.best[1]) / float64(r.best[0]) }

// beyond reports whether the large community takes so many times as long, and long enough for that to matter.
func (r result) beyond(times float64) bool { return r.best[1] > floor && r.ratio() > times }

// problems returns the reasons why the case fails, none if it passes. The limit is that of
// the ratio. A hidden plan is not looked at.
func (r result) problems(limit float64, hidden bool) []string {
	var problems []string
	if !hidden {
		for _, table := range r.plan.scans {
			problems = append(problems, "reads all of "+table)
		}
		if r.plan.statements > 0 && len(r.plan.indexes) == 0 {
			problems = append(problems, "uses no index")
		}
	}
	if r.beyond(limit) {
		problems = append(problems, fmt.Sprintf("takes more than %.0f times as long", limit))
	}
	return problems
}

// measure executes a case on both datasets in turn.
func measure(ctx context.Context, c testCase, few, many *dataset) (result, error) {
	var r result
	datasets := [2]*dataset{few, many}
	for range warmUps {
		for i, dataset := range datasets {
			rows, err := c.run(ctx, dataset)
			if err != nil {
				return result{}, err
			}
			r.rows[i] = rows
		}
	}
	if r.rows[1] == 0 {
		return result{}, errors.New("the query returned no rows, so its time means nothing")
	}
	runtime.GC() // Otherwise it may run during this case and collect the garbage of the last.
	r.best = [2]time.Duration{maxDuration, maxDuration}
	began := time.Now()
	for n := 0; n < executions && time.Since(began) < maxDuration; n++ {
		for i, dataset := range datasets {
			before := time.Now()
			if _, err := c.run(ctx, dataset); err != nil {
				return result{}, err
			}
			r.best[i] = min(r.best[i], time.Since(before))
		}
	}
	many.recorder.statements = nil
	if _, err := c.run(ctx, many); err != nil {
		return result{}, err
	}
	for _, s := range many.recorder.statements {
		if err := many.explain(ctx, s, &r.plan); err != nil {
			return result{}, err
		}
	}
	return r, nil
}

// plan says how Postgres has executed the statements of a case.
type plan struct {
	statements int
	indexes    []string // indexes that were used
	scans      []string // large tables of which all rows were read
	// slowest is the statement that took longest, in milliseconds.
	slowest statement
	longest float64
}

// fewRows is how many rows of a table may be read without an index, such as all admins.
const fewRows = 1_000

// node is a node in the output of EXPLAIN (FORMAT JSON).
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Plans    []node  `json:"Plans"`
}

// explain executes a statement with EXPLAIN and adds its indexes and scans to the plan.
func (d *dataset) explain(ctx context.Context, s statement, p *plan) error {
	var text []byte
	query := "EXPLAIN (ANALYZE, FORMAT JSON) " + s.query
	if err := d.db.QueryRowContext(ctx, query, s.arguments...).Scan(&text); err != nil {
		return fmt.Errorf("explain %s: %w", s.query, err)
	}
	var plans []struct {
		Plan node    `json:"Plan"`
		Time float64 `json:"Execution Time"`
	}
	if err := json.Unmarshal(text, &plans); err != nil {
		return fmt.Errorf("decode the plan of %s: %w", s.query, err)
	}
	p.statements++
	for _, root := range plans {
		p.add(root.Plan)
		if root.Time > p.longest {
			p.slowest, p.longest = s, root.Time
		}
	}
	return nil
}

// text returns how Postgres executes a statement, for people.
func (d *dataset) text(ctx context.Context, s statement) (string, error) {
	lines, err := database.Select[string](ctx, d.client, "EXPLAIN (ANALYZE, BUFFERS) "+s.query, s.arguments...)
	return s.query + "\n  " + strings.Join(lines, "\n  "), err
}

func (p *plan) add(n node) {
	if n.Index != "" && !slices.Contains(p.indexes, n.Index) {
		p.indexes = append(p.indexes, n.Index)
	}
	if n.Type == "Seq Scan" && n.Rows+n.Removed > fewRows && !slices.Contains(p.scans, n.Relation) {
		p.scans = append(p.scans, n.Relation)
	}
	for _, child := range n.Plans {
		p.add(child)
	}
}
