package community

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// requestFosterings sends all requests, one after the other, because their order decides
// that of the API's lists.
func (b *builder) requestFosterings(ctx context.Context, today time.Time) error {
	b.progressf("Requesting %d fosterings.", len(b.plan.Fosterings))
	b.fosterings = make([]string, len(b.plan.Fosterings))
	for i, f := range b.plan.Fosterings {
		var data struct {
			RequestFostering struct{ ID string }
		}
		input := map[string]any{
			"catProfileId": b.cats[f.Cat], "message": f.Message,
			"startDate": today.AddDate(0, 0, f.Start).Format(time.DateOnly),
			"endDate":   today.AddDate(0, 0, f.End).Format(time.DateOnly),
		}
		if err := b.api.execute(ctx, b.tokens[f.Participant],
			`mutation($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }`,
			map[string]any{"input": input}, &data); err != nil {
			return fmt.Errorf("request %s: %w", b.describe(f), err)
		}
		b.fosterings[i] = data.RequestFostering.ID
	}
	return nil
}

// decide makes owners approve and reject requests, and participants cancel them.
func (b *builder) decide(ctx context.Context) error {
	b.progressf("Approving, rejecting and cancelling fosterings.")
	return forEach(ctx, len(b.plan.Fosterings), func(ctx context.Context, i int) error {
		f := b.plan.Fosterings[i]
		owner := b.plan.Cats[f.Cat].Owner
		if f.Promised {
			if err := b.mutate(ctx, i, owner, `mutation($id: ID!) { approveFostering(id: $id) { id } }`, nil); err != nil {
				return fmt.Errorf("approve %s: %w", b.describe(f), err)
			}
		}
		switch f.Status {
		case fostering.Rejected:
			if err := b.mutate(ctx, i, owner, `mutation($id: ID!, $reason: String) { rejectFostering(id: $id, reason: $reason) { id } }`,
				map[string]any{"reason": f.Reason}); err != nil {
				return fmt.Errorf("reject %s: %w", b.describe(f), err)
			}
		case fostering.Cancelled:
			if err := b.mutate(ctx, i, f.Participant, `mutation($id: ID!) { cancelFostering(id: $id) { id } }`, nil); err != nil {
				return fmt.Errorf("cancel %s: %w", b.describe(f), err)
			}
		default: // The other statuses need no decision.
		}
		return nil
	})
}

// awaitStart waits until the server's schedule has started the fosterings that begin
// today. The API has no mutation for that.
func (b *builder) awaitStart(ctx context.Context) error {
	var due []int
	for i, f := range b.plan.Fosterings {
		if f.Status == fostering.Active || f.Status == fostering.Completed {
			due = append(due, i)
		}
	}
	b.progressf("Waiting for the server to start %d fosterings that begin today. It checks every minute.", len(due))
	late := fmt.Errorf("the server has not started the fosterings of today within %s: does its clock show another day?", startTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, late)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	wait := b.Wait
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
	// The schedule starts all of them at the same time, so usually only the first one
	// needs more than one check.
	for _, i := range due {
		for {
			started, err := b.hasStarted(ctx, i)
			if err != nil {
				return fmt.Errorf("wait for %s: %w", b.describe(b.plan.Fosterings[i]), err)
			}
			if started {
				break
			}
			if err := wait(ctx); err != nil {
				return fmt.Errorf("wait for %s: %w", b.describe(b.plan.Fosterings[i]), err)
			}
		}
	}
	return nil
}

func (b *builder) hasStarted(ctx context.Context, i int) (bool, error) {
	var data struct {
		Fostering struct{ Status fostering.Status }
	}
	err := b.api.execute(ctx, b.tokens[b.plan.Fosterings[i].Participant], `query($id: ID!) { fostering(id: $id) { status } }`,
		map[string]any{"id": b.fosterings[i]}, &data)
	if err != nil {
		return false, err
	}
	switch data.Fostering.Status {
	case fostering.Approved:
		return false, nil
	case fostering.Active:
		return true, nil
	default:
		return false, errors.New("unexpected status " + string(data.Fostering.Status))
	}
}

// complete makes owners complete some active fosterings before their last day.
func (b *builder) complete(ctx context.Context) error {
	b.progressf("Completing some fosterings.")
	return forEach(ctx, len(b.plan.Fosterings), func(ctx context.Context, i int) error {
		f := b.plan.Fosterings[i]
		if f.Status != fostering.Completed {
			return nil
		}
		if err := b.mutate(ctx, i, b.plan.Cats[f.Cat].Owner, `mutation($id: ID!) { completeFostering(id: $id) { id } }`, nil); err != nil {
			return fmt.Errorf("complete %s: %w", b.describe(f), err)
		}
		return nil
	})
}

// mutate sends a mutation of fostering i as one of the people. The variable id is added.
func (b *builder) mutate(ctx context.Context, i, person int, mutation string, variables map[string]any) error {
	all := map[string]any{"id": b.fosterings[i]}
	maps.Copy(all, variables)
	return b.api.execute(ctx, b.tokens[person], mutation, all, nil)
}

// describe names a fostering for error messages.
func (b *builder) describe(f Fostering) string {
	return fmt.Sprintf("the fostering of %s by %s", b.plan.Cats[f.Cat].Name, b.plan.People[f.Participant].Email)
}
