package community

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/catfoster/catfoster/internal/fostering"
)

// request makes all requests: one after the other, because lists are in the order
// in which they were made.
func (m *maker) request(ctx context.Context, today time.Time) error {
	m.tell("They ask to foster: %d requests.", len(m.plan.Fosterings))
	m.fosterings = make([]string, len(m.plan.Fosterings))
	for i, f := range m.plan.Fosterings {
		var data struct {
			RequestFostering struct{ ID string }
		}
		input := map[string]any{
			"catProfileId": m.cats[f.Cat], "message": f.Message,
			"startDate": today.AddDate(0, 0, f.Start).Format(time.DateOnly),
			"endDate":   today.AddDate(0, 0, f.End).Format(time.DateOnly),
		}
		if err := m.api.ask(ctx, m.tokens[f.Participant],
			`mutation($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }`,
			map[string]any{"input": input}, &data); err != nil {
			return fmt.Errorf("request %s: %w", m.about(f), err)
		}
		m.fosterings[i] = data.RequestFostering.ID
	}
	return nil
}

// answer lets owners approve and reject, and participants withdraw.
func (m *maker) answer(ctx context.Context) error {
	m.tell("Owners approve and reject, some change their plans.")
	return each(ctx, len(m.plan.Fosterings), func(ctx context.Context, i int) error {
		f := m.plan.Fosterings[i]
		owner := m.plan.Cats[f.Cat].Owner
		if f.Promised {
			if err := m.act(ctx, i, owner, `mutation($id: ID!) { approveFostering(id: $id) { id } }`, nil); err != nil {
				return fmt.Errorf("approve %s: %w", m.about(f), err)
			}
		}
		switch f.Status {
		case fostering.Rejected:
			if err := m.act(ctx, i, owner, `mutation($id: ID!, $reason: String) { rejectFostering(id: $id, reason: $reason) { id } }`,
				map[string]any{"reason": f.Reason}); err != nil {
				return fmt.Errorf("reject %s: %w", m.about(f), err)
			}
		case fostering.Cancelled:
			if err := m.act(ctx, i, f.Participant, `mutation($id: ID!) { cancelFostering(id: $id) { id } }`, nil); err != nil {
				return fmt.Errorf("cancel %s: %w", m.about(f), err)
			}
		default: // Nobody does anything more today.
		}
		return nil
	})
}

// awaitStart waits until the server's schedule has started what begins today:
// nobody can do that by hand.
func (m *maker) awaitStart(ctx context.Context) error {
	var due []int
	for i, f := range m.plan.Fosterings {
		if f.Status == fostering.Active || f.Status == fostering.Completed {
			due = append(due, i)
		}
	}
	m.tell("%d fosterings begin today. The server starts them when it looks at the clock, which it does every minute: waiting ...", len(due))
	late := fmt.Errorf("the server has not started them within %s: does its day differ from ours?", patience)
	ctx, cancel := context.WithTimeoutCause(ctx, patience, late)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	wait := m.Wait
	if wait == nil {
		wait = func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-tick.C:
				return nil
			}
		}
	}
	// The schedule moves all of them at once, so most are found started at the first
	// look.
	for _, i := range due {
		for {
			started, err := m.hasStarted(ctx, i)
			if err != nil {
				return fmt.Errorf("wait for %s: %w", m.about(m.plan.Fosterings[i]), err)
			}
			if started {
				break
			}
			if err := wait(ctx); err != nil {
				return fmt.Errorf("wait for %s: %w", m.about(m.plan.Fosterings[i]), err)
			}
		}
	}
	return nil
}

func (m *maker) hasStarted(ctx context.Context, i int) (bool, error) {
	var data struct {
		Fostering struct{ Status fostering.Status }
	}
	err := m.api.ask(ctx, m.tokens[m.plan.Fosterings[i].Participant], `query($id: ID!) { fostering(id: $id) { status } }`,
		map[string]any{"id": m.fosterings[i]}, &data)
	if err != nil {
		return false, err
	}
	switch data.Fostering.Status {
	case fostering.Approved:
		return false, nil
	case fostering.Active:
		return true, nil
	default:
		return false, errors.New("somebody else has made it " + string(data.Fostering.Status))
	}
}

// complete lets owners end some of what goes on, before its last day.
func (m *maker) complete(ctx context.Context) error {
	m.tell("Some owners are back already and complete theirs.")
	return each(ctx, len(m.plan.Fosterings), func(ctx context.Context, i int) error {
		f := m.plan.Fosterings[i]
		if f.Status != fostering.Completed {
			return nil
		}
		if err := m.act(ctx, i, m.plan.Cats[f.Cat].Owner, `mutation($id: ID!) { completeFostering(id: $id) { id } }`, nil); err != nil {
			return fmt.Errorf("complete %s: %w", m.about(f), err)
		}
		return nil
	})
}

// act sends a mutation about a fostering as one of the people.
func (m *maker) act(ctx context.Context, i, who int, mutation string, variables map[string]any) error {
	all := map[string]any{"id": m.fosterings[i]}
	for name, value := range variables {
		all[name] = value
	}
	var nothing struct{}
	return m.api.ask(ctx, m.tokens[who], mutation, all, &nothing)
}

// about names a fostering in an error.
func (m *maker) about(f Fostering) string {
	return fmt.Sprintf("the fostering of %s by %s", m.plan.Cats[f.Cat].Name, m.plan.People[f.Participant].Email)
}
