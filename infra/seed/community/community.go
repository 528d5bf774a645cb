// Package community fills a running CatFoster with the example data of community.json:
// people, their cats, and fosterings with every status. Like a frontend, it uses only
// Kratos's flows, the GraphQL API and uploads of photos, so the data follows their rules.
//
// The data is the same every time, except for ids and times. The days of fosterings,
// births and vaccinations count from today.
package community

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/infra/seed/drawing"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

const (
	// concurrency is how many requests are sent at the same time if their order does not
	// matter. Hashing passwords keeps the processors busy, so more would not be faster.
	concurrency = 4
	// startTimeout is how long the server's schedule, which runs every minute, may take to
	// start the fosterings that begin today.
	startTimeout = 90 * time.Second
)

// Options describe the CatFoster to fill.
type Options struct {
	// Flows signs people up and logs them in; Identities verifies their addresses.
	Flows      *kratos.SelfService
	Identities *kratos.Admin
	// API is the URL of the API, without /graphql.
	API string
	// Progress receives a line for every step.
	Progress io.Writer
	// Wait is called between two checks whether the schedule has started the fosterings
	// that begin today. If it is nil, Make checks every second.
	Wait func(context.Context) error
	// CatsWithPhotos is how many cats get photos, 0 for all: drawing and decoding them takes most of the time.
	CatsWithPhotos int
}

// Make creates the community and reports whether it did. If the first person already owns
// cats, the community exists and Make changes nothing.
//
// Make can be repeated after an error or interruption while people signed up. After a
// later one, an incomplete community remains, which Make does not complete.
func Make(ctx context.Context, options Options) (created bool, err error) {
	if options.Wait == nil {
		options.Wait = waitASecond
	}
	plan := NewPlan()
	b := &builder{
		Options: options, Plan: plan, api: newAPI(options.API), tokens: map[string]string{}, cats: map[string]string{},
		photos: make([][]string, len(plan.Cats)), fosterings: make([]string, len(plan.Fosterings)),
	}
	exists, err := b.exists(ctx)
	if exists || err != nil {
		return false, err
	}
	if err := b.signUp(ctx); err != nil {
		return false, err
	}
	for _, step := range []func(context.Context) error{b.addPhotos, b.addCats, b.requestFosterings, b.decide, b.awaitStart, b.complete} {
		if err := step(ctx); err != nil {
			return false, fmt.Errorf("the community is incomplete, start again with make clean: %w", err)
		}
	}
	return true, nil
}

func waitASecond(ctx context.Context) error { return wait(ctx, time.Second) }

func wait(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(duration):
		return nil
	}
}

// builder creates the community step by step.
type builder struct {
	Options
	Plan
	api *api

	tokens     map[string]string // session tokens of People, by email address
	cats       map[string]string // ids of Cats, by name
	photos     [][]string        // ids of the photos of Cats
	fosterings []string          // ids of Fosterings
}

// progressf writes a line to Progress.
func (b *builder) progressf(format string, arguments ...any) {
	fmt.Fprintf(b.Progress, format+"\n", arguments...)
}

// forEach calls do for 0 to n-1, a few at the same time, until the first error.
func forEach(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(concurrency)
	for i := range n {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err // Another call has failed. Wait returns its error instead of this one.
			}
			return do(ctx, i)
		})
	}
	return group.Wait()
}

// addPhotos uploads drawings of the cats.
func (b *builder) addPhotos(ctx context.Context) error {
	b.progressf("Drawing and uploading the photos of the cats.")
	cats := len(b.Cats)
	if b.CatsWithPhotos > 0 {
		cats = b.CatsWithPhotos
	}
	return forEach(ctx, cats, func(ctx context.Context, i int) error {
		cat := b.Cats[i]
		for photo := range cat.Photos {
			drawn, err := drawing.Cat(i, photo)
			if err != nil {
				return err
			}
			id, err := b.api.upload(ctx, b.tokens[cat.Owner], drawn)
			if err != nil {
				return fmt.Errorf("upload a photo of %s: %w", cat.Name, err)
			}
			b.photos[i] = append(b.photos[i], id)
		}
		return nil
	})
}

// addCats creates the profiles of all cats, one after the other, because their order
// decides that of the API's lists.
func (b *builder) addCats(ctx context.Context) error {
	b.progressf("Adding %d cats.", len(b.Cats))
	today, err := b.today(ctx)
	if err != nil {
		return err
	}
	for i, cat := range b.Cats {
		cat.PhotoIDs = b.photos[i]
		if cat.PlaceID, err = b.api.place(ctx, b.tokens[cat.Owner], cat.Location); err != nil {
			return err
		}
		if cat.PlaceID != "" {
			cat.Location = ""
		}
		var data struct {
			CreateCatProfile struct{ ID string }
		}
		if err := b.api.execute(ctx, b.tokens[cat.Owner], `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`,
			map[string]any{"input": cat.Input(today)}, &data); err != nil {
			return fmt.Errorf("add the cat %s of %s: %w", cat.Name, cat.Owner, err)
		}
		b.cats[cat.Name] = data.CreateCatProfile.ID
	}
	return nil
}
