// Package community makes a believable community in a running CatFoster: people,
// their cats, and fosterings in every state. All of it goes through what a
// frontend uses, Kratos's flows and the GraphQL API, so nothing exists that people
// could not have made themselves.
//
// The plan is the same every time, except that days count from today. Ids and
// times are those of the moment.
package community

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/kratos"
)

const (
	// atOnce is how many requests are under way where their order does not matter.
	// Passwords are hashed slowly, on purpose: more would only wait for each other.
	atOnce = 4
	// patience is how long the schedule may take to start what begins today. It
	// looks every minute.
	patience = 90 * time.Second
)

// Options say where the community is to be.
type Options struct {
	// Flows sign people up and log them in, and Identities verifies their addresses.
	Flows      *kratos.SelfService
	Identities *kratos.Admin
	// API is the address of the API, without /graphql.
	API string
	// Now is the clock of the API.
	Now func() time.Time
	// Progress takes a line for everything worth telling.
	Progress io.Writer
	// Wait returns when it is worth looking again whether the schedule has started
	// what begins today; nil to look every second.
	Wait func(context.Context) error
}

// Make makes the community and reports whether it did: if it is there already,
// nothing changes. It is there as soon as its first person owns cats.
//
// What a run has left that was interrupted while people signed up is taken over; one
// that is interrupted later leaves a part of the community, which is not completed.
func Make(ctx context.Context, options Options) (made bool, err error) {
	m := &maker{Options: options, plan: NewPlan(), api: newAPI(options.API)}
	there, err := m.isThere(ctx)
	if there || err != nil {
		return false, err
	}
	if err := m.signUp(ctx); err != nil {
		return false, err
	}
	today := fostering.Day(m.Now())
	for _, step := range []func(context.Context) error{
		m.addCats,
		func(ctx context.Context) error { return m.request(ctx, today) },
		m.answer,
		m.awaitStart,
		m.complete,
	} {
		if err := step(ctx); err != nil {
			return false, fmt.Errorf("the community stays incomplete, until make clean: %w", err)
		}
	}
	return true, nil
}

// maker makes the community, one step after the other.
type maker struct {
	Options
	plan Plan
	api  *api

	// What the API has given to each of the plan's people, cats and fosterings.
	tokens     []string
	cats       []string
	fosterings []string
}

// tell writes a line of progress.
func (m *maker) tell(format string, arguments ...any) {
	fmt.Fprintf(m.Progress, format+"\n", arguments...)
}

// each does something for each of n, some at once, and stops at the first error.
func each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err // Another one has failed, and its error is the one that counts.
			}
			return do(ctx, i)
		})
	}
	return group.Wait()
}
