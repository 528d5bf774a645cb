package usecase

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// TestPhotos_Crash stops a server before each of its steps, in everything that it does with photos. After the next passes of another
// server rows and files agree, and no photo is lost that a row names.
func TestPhotos_Crash(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		// do is what the server does for an owner, whose cat has two photos, and who has uploaded a third one.
		do func(ctx context.Context, s server, owner, cat uuid.UUID, photos [3]uuid.UUID) error
		// left are the photos that the cat has then, if the server does not stop; nil is that the cat is gone.
		left []int
		// fewest is how many steps the server has at least.
		fewest int32
	}{
		"an upload": {func(ctx context.Context, s server, owner, _ uuid.UUID, _ [3]uuid.UUID) error {
			_, err := s.photos.Add(ctx, owner, made())
			return err
		}, []int{0, 1}, 10},
		"an attachment": {func(ctx context.Context, s server, owner, cat uuid.UUID, photos [3]uuid.UUID) error {
			_, err := s.cats.Update(ctx, owner, cat, CatEdit{Photos: &CatPhotos{Member: owner, IDs: []uuid.UUID{photos[2], photos[1]}}}, nil)
			return err
		}, []int{2, 1}, 6},
		"a portrait": {func(ctx context.Context, s server, owner, _ uuid.UUID, photos [3]uuid.UUID) error {
			_, err := s.accounts.UpdateProfile(ctx, owner, ProfileEdit{PhotoID: given(&photos[2])})
			return err
		}, []int{0, 1}, 6},
		"a deletion of a cat": {func(ctx context.Context, s server, owner, cat uuid.UUID, _ [3]uuid.UUID) error {
			return s.cats.Delete(ctx, owner, cat, nil)
		}, nil, 8},
		"a deletion of an account": {func(ctx context.Context, s server, owner, _ uuid.UUID, _ [3]uuid.UUID) error {
			return s.accounts.Delete(ctx, owner)
		}, nil, 15},
		"the pass": {func(ctx context.Context, s server, owner, cat uuid.UUID, _ [3]uuid.UUID) error {
			if err := s.cats.Delete(ctx, owner, cat, nil); err != nil {
				return err
			}
			return s.photos.DeleteDue(ctx)
		}, nil, 15},
		"the sweep": {func(ctx context.Context, s server, _, _ uuid.UUID, _ [3]uuid.UUID) error { return s.photos.Sweep(ctx) }, []int{0, 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGallery(t)
			for at := int32(1); ; at++ {
				owner := g.user(t)
				cat := g.cat(t, owner)
				photos := [3]uuid.UUID{g.upload(t, owner), g.upload(t, owner), g.upload(t, owner)}
				g.attach(t, owner, cat, photos[0], photos[1])
				before := g.photosOf(t, cat)
				stopped, err := g.during(t.Context(), at, func(ctx context.Context, s server) error { return test.do(ctx, s, owner, cat, photos) })
				if err != nil {
					t.Fatalf("step %d: %v", at, err)
				}
				after := fmt.Sprintf("%s that stops before step %d", name, at)
				g.settle(t, after)
				wanted := [][]uuid.UUID{pick(photos, test.left)}
				if stopped {
					wanted = append(wanted, before)
				}
				wantOneOf(t, after, g.photosOf(t, cat), wanted...)
				if !stopped {
					if at <= test.fewest {
						t.Errorf("%s has %d steps, want at least %d: something has no crash", name, at-1, test.fewest)
					}
					return
				}
			}
		})
	}
}

func pick(photos [3]uuid.UUID, which []int) []uuid.UUID {
	picked := make([]uuid.UUID, len(which))
	for i, n := range which {
		picked[i] = photos[n]
	}
	return picked
}

func wantOneOf(t *testing.T, after string, got []uuid.UUID, wanted ...[]uuid.UUID) {
	t.Helper()
	for _, want := range wanted {
		if fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
	}
	t.Errorf("after %s the cat has the photos %v, want one of %v", after, got, wanted)
}

// TestPhotos_StorageFails lets the storage fail in an upload. The member learns that, and nothing is left.
func TestPhotos_StorageFails(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner := g.user(t)
	for n := range 3 {
		s := g.server(g.db.Client, &failing{Storage: g.files, puts: n})
		_, err := s.photos.Add(t.Context(), owner, made())
		wantCode(t, fmt.Sprintf("an upload whose file %d is not stored", n+1), err, apperr.Unavailable)
	}
	if err := g.photos.DeleteDue(t.Context()); err != nil {
		t.Error(err)
	}
	if names := g.stored(t); len(names) > 0 {
		t.Errorf("the files %v are left", names)
	}
	if err := g.photos.RequireQuota(t.Context(), g.member(t, owner)); err != nil {
		t.Errorf("failed uploads count: %v", err)
	}
}
