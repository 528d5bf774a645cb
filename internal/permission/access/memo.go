package access

import (
	"context"
	"errors"
	"sync"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

// WithMemo returns a context in which Keto is asked at most once about a tuple, for what
// [Checker.Allowed] and [Checker.Admins] answer. It is for queries: their fields may show
// the same object several times, and nothing changes meanwhile. [Checker.Require] always
// asks Keto.
func WithMemo(ctx context.Context) context.Context {
	return context.WithValue(ctx, contextKey{}, &memo{})
}

type contextKey struct{}

// memo has the decisions of one query.
type memo struct {
	mu      sync.Mutex
	answers map[keto.Tuple]*decision // nil until something is asked
}

// decision is Keto's answer to one check, once done is closed.
type decision struct {
	done    chan struct{}
	allowed bool
	err     error
}

// checkAll is like [keto.Client.CheckAll] for a query with a memo. ask asks Keto.
func (m *memo) checkAll(
	ctx context.Context, ask func(context.Context, []keto.Tuple) ([]bool, error), tuples []keto.Tuple,
) ([]bool, error) {
	decisions := make([]*decision, len(tuples))
	var unknown []keto.Tuple
	var asked []*decision
	m.mu.Lock()
	if m.answers == nil {
		m.answers = make(map[keto.Tuple]*decision, len(tuples))
	}
	for i, tuple := range tuples {
		if m.answers[tuple] == nil {
			m.answers[tuple] = &decision{done: make(chan struct{})}
			unknown, asked = append(unknown, tuple), append(asked, m.answers[tuple])
		}
		decisions[i] = m.answers[tuple]
	}
	m.mu.Unlock()

	decide(asked, func() ([]bool, error) { return ask(ctx, unknown) })
	answers := make([]bool, len(tuples))
	for i, d := range decisions {
		select {
		case <-d.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if d.err != nil {
			return nil, d.err
		}
		answers[i] = d.allowed
	}
	return answers, nil
}

// decide sets what ask answers. Others wait for the decisions, also if ask panics.
func decide(decisions []*decision, ask func() ([]bool, error)) {
	allowed, err := []bool(nil), errors.New("the check has not ended")
	defer func() {
		for i, d := range decisions {
			if d.err = err; err == nil {
				d.allowed = allowed[i]
			}
			close(d.done)
		}
	}()
	allowed, err = ask()
}
