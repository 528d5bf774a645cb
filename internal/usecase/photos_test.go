package usecase

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/identity/account"
)

// TestPhotos_WhoAttaches has each kind of photo, for the owner of a cat and for an admin.
func TestPhotos_WhoAttaches(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, admin, stranger := g.user(t), g.user(t), g.user(t)
	cat, other, foreign := g.cat(t, owner), g.cat(t, owner), g.cat(t, stranger)
	ofCat, ofOther, ofForeign, portrait := g.upload(t, owner), g.upload(t, owner), g.upload(t, stranger), g.upload(t, owner)
	g.attach(t, owner, cat, ofCat)
	g.attach(t, owner, other, ofOther)
	g.attach(t, stranger, foreign, ofForeign)
	if _, err := g.accounts.UpdateProfile(t.Context(), owner, ProfileEdit{PhotoID: given(&portrait)}); err != nil {
		t.Fatal(err)
	}
	change := func(id uuid.UUID, change func(*ent.PhotoUpdateOne)) uuid.UUID {
		update := g.db.Client.Photo.UpdateOneID(id)
		change(update)
		if err := update.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		return id
	}
	for name, test := range map[string]struct {
		by, photo uuid.UUID
		ok        bool
	}{
		"the owner's own":                    {owner, g.upload(t, owner), true},
		"that of the cat":                    {owner, ofCat, true},
		"that of the cat, by an admin":       {admin, ofCat, true},
		"an admin's own":                     {admin, g.upload(t, admin), true},
		"the owner's own, by an admin":       {admin, g.upload(t, owner), false},
		"that of another cat of the owner's": {owner, ofOther, false},
		"the owner's portrait":               {owner, portrait, false},
		"a stranger's own":                   {owner, g.upload(t, stranger), false},
		"that of a stranger's cat":           {owner, ofForeign, false},
		"no photo":                           {owner, uuid.New(), false},
		"one whose files are not there":      {owner, change(g.upload(t, owner), func(u *ent.PhotoUpdateOne) { u.ClearStoredAt() }), false},
		"one that is due":                    {owner, change(g.upload(t, owner), func(u *ent.PhotoUpdateOne) { u.SetDeleteAt(g.now()) }), false},
		"one that is being deleted":          {owner, change(g.upload(t, owner), func(u *ent.PhotoUpdateOne) { u.SetNextAttemptAt(g.now()) }), false},
	} {
		_, err := g.cats.Update(t.Context(), test.by, cat, CatEdit{Photos: &CatPhotos{Member: test.by, IDs: []uuid.UUID{ofCat, test.photo}}}, nil)
		if test.photo == ofCat {
			_, err = g.cats.Update(t.Context(), test.by, cat, CatEdit{Photos: &CatPhotos{Member: test.by, IDs: []uuid.UUID{ofCat}}}, nil)
		}
		want, photos := apperr.BadUserInput, []uuid.UUID{ofCat}
		if test.ok {
			want = ""
		}
		if test.ok && test.photo != ofCat {
			photos = append(photos, test.photo)
		}
		wantCode(t, "attach "+name, err, want)
		wantOneOf(t, name, g.photosOf(t, cat), photos)
		g.attach(t, owner, cat, ofCat)
		if problem := (&apperr.Error{}); errors.As(err, &problem) && !strings.Contains(problem.Fields[0].Rule, "number 2 is neither a photo of this cat") {
			t.Errorf("attach %s: %v tells something else than the others", name, err)
		}
		if !test.ok && test.photo != portrait && test.by == owner {
			_, err := g.accounts.UpdateProfile(t.Context(), owner, ProfileEdit{PhotoID: given(&test.photo)})
			wantCode(t, "as a portrait, "+name, err, apperr.BadUserInput)
		}
	}
}

// TestPhotos_Order changes the order of the photos of a cat, and takes some away, which can come back.
func TestPhotos_Order(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner := g.user(t)
	cat := g.cat(t, owner)
	p := [3]uuid.UUID{g.upload(t, owner), g.upload(t, owner), g.upload(t, owner)}
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}, {1}, {1, 2}, {}, {0, 2}} {
		g.attach(t, owner, cat, pick(p, order)...)
		wantOneOf(t, fmt.Sprintf("the order %v", order), g.photosOf(t, cat), pick(p, order))
	}
	g.attach(t, owner, cat) // without a list
	wantOneOf(t, "no list", g.photosOf(t, cat), pick(p, nil))
	g.attach(t, owner, cat, pick(p, []int{0, 2})...)
	urls := slices.Repeat([]string{"https://example.org/cat.jpg"}, 8)
	edit := CatEdit{PhotosURLs: given(&urls), Photos: &CatPhotos{Member: owner, IDs: p[:]}}
	_, err := g.cats.Update(t.Context(), owner, cat, edit, nil)
	wantCode(t, "eight photos on other sites and three uploaded ones", err, apperr.BadUserInput)
	wantOneOf(t, "that", g.photosOf(t, cat), pick(p, []int{0, 2}))
	seen := g.now()
	_, err = g.cats.Update(t.Context(), owner, cat, CatEdit{Photos: &CatPhotos{Member: owner, IDs: nil}}, &seen)
	wantConflict(t, "photos of a cat that has changed meanwhile", err, apperr.ChangedMeanwhile)
	created, err := g.cats.Create(t.Context(), owner, CatEdit{
		Name: new("Godard"), Age: new(3), Description: new("Shy."), Photos: &CatPhotos{Member: owner, IDs: []uuid.UUID{p[1]}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantOneOf(t, "the creation", g.photosOf(t, created.ID), []uuid.UUID{p[1]})
}

// TestPhotos_Races attaches the same photos to two cats at once, in two orders, deletes a cat meanwhile, and runs the passes. Each
// photo has one place at most, and none has lost its files.
func TestPhotos_Races(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for range 10 {
		owner := g.user(t)
		cats := [3]uuid.UUID{g.cat(t, owner), g.cat(t, owner), g.cat(t, owner)}
		p := [3]uuid.UUID{g.upload(t, owner), g.upload(t, owner), g.upload(t, owner)}
		attach := func(cat uuid.UUID, photos ...uuid.UUID) func() error {
			return func() error {
				_, err := g.cats.Update(t.Context(), owner, cat, CatEdit{Photos: &CatPhotos{Member: owner, IDs: photos}}, nil)
				return err
			}
		}
		errs := atOnce(
			attach(cats[0], p[0], p[1]), attach(cats[1], p[1], p[0]), attach(cats[2], p[2]),
			func() error { return g.cats.Delete(t.Context(), owner, cats[2], nil) },
			func() error { return g.photos.DeleteDue(t.Context()) },
			func() error {
				_, err := g.accounts.UpdateProfile(t.Context(), owner, ProfileEdit{PhotoID: given(&p[0])})
				return err
			},
		)
		for i, err := range errs {
			if code := apperr.CodeOf(err); err != nil && code != apperr.BadUserInput && code != apperr.NotFound {
				t.Errorf("operation %d: %v", i, err)
			}
		}
		if first, second := len(g.photosOf(t, cats[0])), len(g.photosOf(t, cats[1])); first+second > 2 || first == 1 || second == 1 {
			t.Errorf("the cats have %d and %d photos of two", first, second)
		}
		g.settle(t, "the races")
	}
}

func atOnce(operations ...func() error) []error {
	errs := make([]error, len(operations))
	var group sync.WaitGroup
	for i, do := range operations {
		group.Go(func() { errs[i] = do() })
	}
	group.Wait()
	return errs
}

// TestPhotos_AccountDeletedMeanwhile deletes an account while its photo is being stored, and lets the pass run too. Nothing is left.
func TestPhotos_AccountDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, passes := range []bool{false, true} {
		g := newGallery(t)
		owner := g.user(t)
		s := g.server(g.db.Client, &interrupted{PhotoFiles: g.files, meanwhile: func() {
			if err := g.accounts.Delete(t.Context(), owner); err != nil {
				t.Error(err)
			}
			if passes {
				if err := g.photos.DeleteDue(t.Context()); err != nil {
					t.Error(err)
				}
			}
		}})
		if _, err := s.photos.Add(t.Context(), owner, made()); !errors.Is(err, account.ErrDeleted) {
			t.Errorf("an upload to an account that is deleted meanwhile: %v", err)
		}
		if err := g.photos.DeleteDue(t.Context()); err != nil {
			t.Error(err)
		}
		if names := g.stored(t); len(names) > 0 {
			t.Errorf("the files %v are left, though the pass ran meanwhile: %t", names, passes)
		}
	}
}

// interrupted is a storage in which something happens before the second file of a photo is stored.
type interrupted struct {
	PhotoFiles

	meanwhile func()
	puts      int
}

func (i *interrupted) Put(ctx context.Context, name string, data []byte) error {
	if i.puts++; i.puts == 2 {
		i.meanwhile()
	}
	return i.PhotoFiles.Put(ctx, name, data)
}

// TestPhotos_Quota uploads as many photos as a member may.
func TestPhotos_Quota(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner := g.user(t)
	for range quota {
		g.upload(t, owner)
	}
	wantConflict(t, "one more within an hour", g.photos.RequireQuota(t.Context(), g.member(t, owner)), apperr.QuotaExceeded)
	_, err := g.photos.Add(t.Context(), owner, made())
	wantConflict(t, "one more within an hour, at once", err, apperr.QuotaExceeded)
	wantCode(t, "another member", g.photos.RequireQuota(t.Context(), g.member(t, g.user(t))), "")
	g.setClock(g.now().Add(2 * time.Hour))
	for range maxDetached - quota {
		if _, err := g.photos.insert(t.Context(), owner, made()); err != nil {
			t.Fatal(err)
		}
	}
	wantConflict(t, "one more that is attached to nothing", g.photos.RequireQuota(t.Context(), g.member(t, owner)), apperr.QuotaExceeded)
	kept := g.db.Client.Photo.Query().Where(entphoto.UploaderID(owner)).FirstIDX(t.Context())
	g.db.Client.Photo.UpdateOneID(kept).SetKeptUntil(g.now().AddDate(1, 0, 0)).ExecX(t.Context())
	wantCode(t, "one more, while moderators keep another", g.photos.RequireQuota(t.Context(), g.member(t, owner)), "")
}

// TestPhotos_Sweep has what servers of the version before leave, and files without a row.
func TestPhotos_Sweep(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, leaving := g.user(t), g.user(t)
	archived, deleted, kept := g.cat(t, owner), g.cat(t, owner), g.cat(t, owner)
	left := [3]uuid.UUID{g.upload(t, owner), g.upload(t, owner), g.upload(t, leaving)}
	stays := g.upload(t, owner)
	g.attach(t, owner, archived, left[0])
	g.attach(t, owner, deleted, left[1])
	g.attach(t, owner, kept, stays)
	if _, err := g.accounts.UpdateProfile(t.Context(), leaving, ProfileEdit{PhotoID: given(&left[2])}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{ // as a server of the version before writes them
		fmt.Sprintf(`UPDATE cat_profiles SET archived_at = now(), description = '', available = false, birth_date = NULL, birth_date_precision = NULL WHERE id = '%s'`, archived),
		fmt.Sprintf(`DELETE FROM cat_profiles WHERE id = '%s'`, deleted),
		fmt.Sprintf(`UPDATE users SET deleted_at = now() WHERE id = '%s'`, leaving),
	} {
		if _, err := g.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for i, id := range left {
		visible, err := g.photos.Visible(t.Context(), uuid.New(), id)
		if err != nil || visible {
			t.Errorf("photo %d of what a server of the version before has deleted is visible: %t, %v", i, visible, err)
		}
	}
	garbage := photo.Name(uuid.New(), photo.Card)
	for _, name := range []string{garbage, "something/else.txt"} {
		if err := g.files.Put(t.Context(), name, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	sweep := func() []string {
		if err := errors.Join(g.photos.Sweep(t.Context()), g.photos.DeleteDue(t.Context())); err != nil {
			t.Fatal(err)
		}
		return g.stored(t)
	}
	var want []string
	for _, size := range photo.Sizes() {
		want = append(want, photo.Name(stays, size))
	}
	slices.Sort(want)
	if got := sweep(); !slices.Equal(got, slices.Sorted(slices.Values(append(slices.Clone(want), garbage, "something/else.txt")))) {
		t.Errorf("after a sweep there is %v, want young garbage, what is no photo, and %v", got, want)
	}
	g.setClock(g.now().Add(25 * time.Hour))
	if got := sweep(); !slices.Equal(got, append(want, "something/else.txt")) {
		t.Errorf("after a day there is %v, want what is no photo, and %v", got, want)
	}
}

// TestPhotos_SweepOfAnotherDatabase finds a storage with files of which the database knows less than half, and deletes none.
func TestPhotos_SweepOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	for _, unknown := range []int{1, 3, 600} { // More than are looked up at a time.
		g := newGallery(t)
		for range unknown {
			if err := g.files.Put(t.Context(), photo.Name(uuid.New(), photo.Card), []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		g.setClock(g.now().Add(25 * time.Hour))
		if err := g.photos.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), "another database") {
			t.Errorf("the sweep says %v", err)
		}
		if names := g.stored(t); len(names) != unknown {
			t.Errorf("%d files are left, want %d", len(names), unknown)
		}
	}
}

// TestPhotos_Verify lists what differs.
func TestPhotos_Verify(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner := g.user(t)
	whole, broken := g.upload(t, owner), g.upload(t, owner)
	uploading, err := g.photos.insert(t.Context(), owner, made())
	if err != nil {
		t.Fatal(err)
	}
	lost, extra := photo.Name(broken, photo.Large), photo.Name(uuid.New(), photo.Thumbnail)
	err = errors.Join(
		g.files.Put(t.Context(), photo.Name(uploading.ID, photo.Card), []byte("x")), g.files.Put(t.Context(), extra, []byte("x")),
		g.files.Delete(t.Context(), lost))
	if err != nil {
		t.Fatal(err)
	}
	g.setClock(g.now().Add(time.Hour))
	report, err := g.photos.Verify(t.Context())
	if err != nil || !slices.Equal(report.Missing, []string{lost}) || !slices.Equal(report.Extra, []string{extra}) || report.Photos != 2 || report.Files != 7 {
		t.Errorf("the report is %+v, %v, want that %s is missing, %s is extra, and nothing about %s", report, err, lost, extra, whole)
	}
}

// TestPhotos_Visible has each place of a photo, for its uploader and for another member.
func TestPhotos_Visible(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, other := g.user(t), g.user(t)
	cat := g.cat(t, owner)
	ofCat, portrait, free, removed := g.upload(t, owner), g.upload(t, owner), g.upload(t, owner), g.upload(t, owner)
	g.attach(t, owner, cat, ofCat, removed)
	g.attach(t, owner, cat, ofCat)
	if _, err := g.accounts.UpdateProfile(t.Context(), owner, ProfileEdit{PhotoID: given(&portrait)}); err != nil {
		t.Fatal(err)
	}
	check := func(when string, want map[uuid.UUID][2]bool) {
		t.Helper()
		for id, seen := range want {
			for i, viewer := range []uuid.UUID{owner, other} {
				if got, err := g.photos.Visible(t.Context(), viewer, id); err != nil || got != seen[i] {
					t.Errorf("%s: photo %s for viewer %d: %t, %v, want %t", when, id, i, got, err, seen[i])
				}
				_, err := g.photos.Describe(t.Context(), viewer, id, new("A cat on a chair."))
				want := apperr.NotFound
				if viewer == owner && seen[0] {
					want = ""
				}
				wantCode(t, fmt.Sprintf("%s: describe %s as viewer %d", when, id, i), err, want)
			}
		}
	}
	check("at first", map[uuid.UUID][2]bool{ofCat: {true, true}, portrait: {true, true}, free: {true, false}, removed: {true, false}, uuid.New(): {}})
	if err := g.cats.Delete(t.Context(), owner, cat, nil); err != nil {
		t.Fatal(err)
	}
	check("without the cat", map[uuid.UUID][2]bool{ofCat: {}, portrait: {true, true}, free: {true, false}})
	if err := g.accounts.Delete(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	check("without the account", map[uuid.UUID][2]bool{ofCat: {}, portrait: {}, free: {}})
	described, err := g.db.Client.Photo.Query().Where(entphoto.AltNotNil()).Count(t.Context())
	if err != nil || described > 0 {
		t.Errorf("%d photos of a deleted account still say what they show, %v", described, err)
	}
}
