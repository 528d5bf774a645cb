package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// What a million cats may cost. A query over a thousand cats takes a fraction of
// a millisecond, most of it the way to Postgres and back: the ratio of two such
// times says more about the machine than about the index. So whatever takes less
// than the floor is fast enough, however fast the other was; above the floor the
// ratio decides. Other programs disturb a run: the median of many does not see
// them, and the two databases take turns, so that what disturbs one disturbs the
// other.
const (
	maxRatio   = 3
	floor      = time.Millisecond
	executions = 31
	warmUps    = 3
	// patience is the longest that a case is repeated: a query that takes seconds
	// has failed without thirty of them.
	patience = 10 * time.Second
)

// result is what a case has cost, over a thousand and over a million cats.
type result struct {
	rows   [2]int
	median [2]time.Duration
	plan   plan // over a million: a thousand are rightly read as a whole
}

func (r result) ratio() float64 { return float64(r.median[1]) / float64(r.median[0]) }

// problems are the reasons why the case fails, whose ratio may reach the limit.
func (r result) problems(limit float64) []string {
	var problems []string
	for _, table := range r.plan.scans {
		problems = append(problems, "reads all of "+table)
	}
	if len(r.plan.indexes) == 0 {
		problems = append(problems, "uses no index")
	}
	if r.median[1] > floor && r.ratio() > limit {
		problems = append(problems, fmt.Sprintf("more than %.0f times as slow", limit))
	}
	return problems
}

// measure runs a case on both in turn.
func measure(ctx context.Context, c testCase, few, many *catalog) (result, error) {
	var r result
	catalogs := [2]*catalog{few, many}
	for range warmUps {
		for i, catalog := range catalogs {
			rows, err := c.run(ctx, catalog)
			if err != nil {
				return result{}, err
			}
			r.rows[i] = rows
		}
	}
	if r.rows[1] == 0 {
		return result{}, errors.New("nothing was found: the case measures nothing")
	}
	runtime.GC() // Ours, left over from the case before.
	var times [2][]time.Duration
	for began := time.Now(); len(times[0]) < executions && time.Since(began) < patience; {
		for i, catalog := range catalogs {
			before := time.Now()
			if _, err := c.run(ctx, catalog); err != nil {
				return result{}, err
			}
			times[i] = append(times[i], time.Since(before))
		}
	}
	for i := range times {
		r.median[i] = medianOf(times[i])
	}
	statements, err := many.recorder.during(func() error {
		_, err := c.run(ctx, many)
		return err
	})
	if err != nil {
		return result{}, err
	}
	for _, s := range statements {
		if err := many.explain(ctx, s, &r.plan); err != nil {
			return result{}, err
		}
	}
	return r, nil
}

// plan is how Postgres has executed the statements of a case.
type plan struct {
	indexes []string // used
	scans   []string // tables that were read as a whole
}

// node is a part of the answer of EXPLAIN (FORMAT JSON).
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Plans    []node `json:"Plans"`
}

// explain executes a statement once more and adds to the plan what it has used.
func (c *catalog) explain(ctx context.Context, s statement, p *plan) error {
	var text []byte
	query := "EXPLAIN (ANALYZE, FORMAT JSON) " + s.query
	if err := c.db.QueryRowContext(ctx, query, s.arguments...).Scan(&text); err != nil {
		return fmt.Errorf("explain %s: %w", s.query, err)
	}
	var answers []struct {
		Plan node `json:"Plan"`
	}
	if err := json.Unmarshal(text, &answers); err != nil {
		return fmt.Errorf("read the plan of %s: %w", s.query, err)
	}
	for _, answer := range answers {
		p.add(answer.Plan)
	}
	return nil
}

func (p *plan) add(n node) {
	if n.Index != "" && !slices.Contains(p.indexes, n.Index) {
		p.indexes = append(p.indexes, n.Index)
	}
	if n.Type == "Seq Scan" && !slices.Contains(p.scans, n.Relation) {
		p.scans = append(p.scans, n.Relation)
	}
	for _, below := range n.Plans {
		p.add(below)
	}
}
