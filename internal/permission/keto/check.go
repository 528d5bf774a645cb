package keto

import (
	"context"
	"fmt"
)

// Check reports whether the tuple follows from what Keto holds. An error means that
// there is no answer: [ErrUnavailable], or [ErrModel] if Keto does not have the relation.
//
// Keto denies what it cannot look up while its database cannot be reached. After a denial
// Keto is therefore made to read from its database, at most once a second. If that fails,
// there is no answer.
//
// Negated permissions, such as foster, are granted for objects that do not exist. Check
// the existence of the object first.
func (c *Client) Check(ctx context.Context, tuple Tuple) (bool, error) {
	if c == nil || c.read.client == nil {
		return false, fmt.Errorf("check %s: %w", tuple, ErrUnavailable)
	}
	allowed, err := c.read.check(ctx, tuple)
	if err == nil && !allowed {
		err = c.confirmDenial(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("check %s: %w", tuple, err)
	}
	return allowed, nil
}

// confirmDenial returns nil if Keto can read its database, so that its denial counts.
func (c *Client) confirmDenial(ctx context.Context) error {
	if err := c.database.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return nil
}
