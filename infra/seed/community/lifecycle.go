package community

import (
	"context"
	"fmt"
	"time"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// requestFosterings sends all requests, one after the other, because their order decides
// that of the API's lists.
func (b *builder) requestFosterings(ctx context.Context) error {
	b.progressf("Requesting %d fosterings.", len(b.Fosterings))
	today, err := b.today(ctx)
	if err != nil {
		return err
	}
	for i, f := range b.Fosterings {
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
			return fmt.Errorf("request %s: %w", f, err)
		}
		b.fosterings[i] = data.RequestFostering.ID
	}
	return nil
}

// today returns the day that it is in the community.
func (b *builder) today(ctx context.Context) (time.Time, error) {
	var data struct {
		Community struct{ Today string }
	}
	if err := b.api.execute(ctx, "", `{ community { today } }`, nil, &data); err != nil {
		return time.Time{}, fmt.Errorf("ask for the day: %w", err)
	}
	return time.Parse(time.DateOnly, data.Community.Today)
}

// decide makes owners approve and reject requests, and participants cancel them.
func (b *builder) decide(ctx context.Context) error {
	b.progressf("Approving, rejecting and cancelling fosterings.")
	return forEach(ctx, len(b.Fosterings), func(ctx context.Context, i int) error {
		f := b.Fosterings[i]
		if f.Promised {
			if err := b.mutate(ctx, i, b.OwnerOf(f), `mutation($id: ID!) { approveFostering(id: $id) { id } }`); err != nil {
				return err
			}
		}
		switch f.Status {
		case fostering.Rejected:
			return b.mutate(ctx, i, b.OwnerOf(f), `mutation($id: ID!, $reason: String) { rejectFostering(id: $id, reason: $reason) { id } }`)
		case fostering.Cancelled:
			return b.mutate(ctx, i, f.Participant, `mutation($id: ID!) { cancelFostering(id: $id) { id } }`)
		default: // The other statuses need no decision.
			return nil
		}
	})
}

// awaitStart waits until the server's schedule has started the fosterings that begin
// today. The API has no mutation for that.
func (b *builder) awaitStart(ctx context.Context) error {
	b.progressf("Waiting for the server to start the fosterings that begin today. It checks every minute.")
	late := fmt.Errorf("the server has not started the fosterings of today within %s: does its clock show another day?", startTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, late)
	defer cancel()
	for i, f := range b.Fosterings {
		if f.Status != fostering.Active && f.Status != fostering.Completed {
			continue
		}
		// All start at the same time, so usually only the first one needs more than one check.
		for started := false; !started; {
			status, err := b.status(ctx, i)
			switch {
			case err != nil:
			case status == fostering.Active:
				started = true
			case status == fostering.Approved:
				err = b.Wait(ctx)
			default:
				err = fmt.Errorf("unexpected status %s", status)
			}
			if err != nil {
				return fmt.Errorf("wait for %s: %w", f, err)
			}
		}
	}
	return nil
}

// status returns the status that fostering i has now.
func (b *builder) status(ctx context.Context, i int) (fostering.Status, error) {
	var data struct {
		Fostering struct{ Status fostering.Status }
	}
	err := b.api.execute(ctx, b.tokens[b.Fosterings[i].Participant], `query($id: ID!) { fostering(id: $id) { status } }`,
		map[string]any{"id": b.fosterings[i]}, &data)
	return data.Fostering.Status, err
}

// complete makes owners complete some active fosterings before their last day.
func (b *builder) complete(ctx context.Context) error {
	b.progressf("Completing some fosterings.")
	return forEach(ctx, len(b.Fosterings), func(ctx context.Context, i int) error {
		if f := b.Fosterings[i]; f.Status == fostering.Completed {
			return b.mutate(ctx, i, b.OwnerOf(f), `mutation($id: ID!) { completeFostering(id: $id) { id } }`)
		}
		return nil
	})
}

// mutate sends a mutation of fostering i as one of the people, with its id and its reason.
func (b *builder) mutate(ctx context.Context, i int, email, mutation string) error {
	f := b.Fosterings[i]
	err := b.api.execute(ctx, b.tokens[email], mutation, map[string]any{"id": b.fosterings[i], "reason": f.Reason}, nil)
	if err != nil {
		return fmt.Errorf("change %s: %w", f, err)
	}
	return nil
}

// String names a fostering for error messages.
func (f Fostering) String() string {
	return fmt.Sprintf("the fostering of %s by %s, to be %s", f.Cat, f.Participant, f.Status)
}
