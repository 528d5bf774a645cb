package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/catfoster/catfoster/ent/adminrole"
)

// These constants decide how a case is measured and when it fails.
//
// A query over a thousand cats takes a fraction of a millisecond, most of it the round trip
// to Postgres. The ratio of such times depends more on the machine than on the index, so a
// query that takes less than the floor never fails because of its ratio.
//
// Other programs disturb single executions. The median ignores these, and the executions on
// the two databases alternate, so that a longer disturbance affects both.
const (
	maxRatio   = 3
	floor      = time.Millisecond
	executions = 31
	warmUps    = 3
	// maxDuration limits the executions of one case, because a query that takes seconds
	// fails after a few of them.
	maxDuration = 10 * time.Second
)

// result is the result of a case over a thousand cats, at index 0, and over a million.
type result struct {
	rows   [2]int
	median [2]time.Duration
	plan   plan // over a million cats: over a thousand, a sequential scan is the best plan
}

func (r result) ratio() float64 { return float64(r.median[1]) / float64(r.median[0]) }

// problems returns the reasons why the case fails, none if it passes. The limit is that of
// the ratio. A hidden plan is not looked at.
func (r result) problems(limit float64, hidden bool) []string {
	var problems []string
	if !hidden {
		for _, table := range r.plan.scans {
			problems = append(problems, "reads all of "+table)
		}
		if len(r.plan.indexes) == 0 {
			problems = append(problems, "uses no index")
		}
	}
	if r.median[1] > floor && r.ratio() > limit {
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
	var times [2][]time.Duration
	for began := time.Now(); len(times[0]) < executions && time.Since(began) < maxDuration; {
		for i, dataset := range datasets {
			before := time.Now()
			if _, err := c.run(ctx, dataset); err != nil {
				return result{}, err
			}
			times[i] = append(times[i], time.Since(before))
		}
	}
	for i := range times {
		slices.Sort(times[i])
		r.median[i] = times[i][len(times[i])/2]
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
	indexes []string // indexes that were used
	scans   []string // tables with a sequential scan
}

// node is a node in the output of EXPLAIN (FORMAT JSON).
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Plans    []node `json:"Plans"`
}

// explain executes a statement with EXPLAIN and adds its indexes and scans to the plan.
func (d *dataset) explain(ctx context.Context, s statement, p *plan) error {
	var text []byte
	query := "EXPLAIN (ANALYZE, FORMAT JSON) " + s.query
	if err := d.db.QueryRowContext(ctx, query, s.arguments...).Scan(&text); err != nil {
		return fmt.Errorf("explain %s: %w", s.query, err)
	}
	var plans []struct {
		Plan node `json:"Plan"`
	}
	if err := json.Unmarshal(text, &plans); err != nil {
		return fmt.Errorf("decode the plan of %s: %w", s.query, err)
	}
	for _, root := range plans {
		p.add(root.Plan)
	}
	return nil
}

func (p *plan) add(n node) {
	if n.Index != "" && !slices.Contains(p.indexes, n.Index) {
		p.indexes = append(p.indexes, n.Index)
	}
	isSmall := n.Relation == adminrole.Table // There are few admins: Postgres reads all of them.
	if n.Type == "Seq Scan" && !isSmall && !slices.Contains(p.scans, n.Relation) {
		p.scans = append(p.scans, n.Relation)
	}
	for _, child := range n.Plans {
		p.add(child)
	}
}
