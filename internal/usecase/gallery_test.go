package usecase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/outboxentry"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/photostore"
)

// gallery is a community with photos, whose files are in a folder.
type gallery struct {
	*community
	files photostore.Storage
	// photos are the use cases of a server that works.
	photos *Photos
}

func newGallery(t *testing.T) *gallery {
	t.Helper()
	files, err := photostore.Open("file:" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	g := &gallery{community: newCommunity(t), files: files}
	g.setClock(time.Now()) // Files have the time of the machine.
	g.photos = g.server(g.db.Client, files).photos
	return g
}

// server is the use cases as one server has them.
type server struct {
	photos   *Photos
	cats     *Cats
	accounts *Accounts
}

// server returns a server with its own client of the database, and its own way to the files.
func (g *gallery) server(client *ent.Client, files PhotoFiles) server {
	const nothing = "http://127.0.0.1:1"
	log, clock := slog.New(slog.DiscardHandler), Clock{Now: g.now, Day: dayOf}
	syncer := projection.NewSyncer(client, keto.NewClient(config.Keto{PublicURL: nothing, AdminURL: nothing}, nil), log)
	return server{
		photos: NewPhotos(client, syncer, files, quota, clock),
		cats:   NewCats(client, syncer, quota, clock),
		accounts: NewAccounts(AccountsConfig{
			DB: client, Syncer: syncer, Clock: clock, Log: log, Kratos: kratos.NewAdmin(config.Kratos{AdminURL: nothing}, nil),
		}),
	}
}

// made is what is made of an upload.
func made() *photo.Photo {
	files := map[photo.Size][]byte{}
	for _, size := range photo.Sizes() {
		files[size] = []byte(size)
	}
	return &photo.Photo{Width: 1920, Height: 1080, Placeholder: "#c08a5a", Files: files}
}

// upload adds a photo of a member.
func (g *gallery) upload(t *testing.T, by uuid.UUID) uuid.UUID {
	t.Helper()
	row, err := g.photos.Add(t.Context(), by, made())
	if err != nil {
		t.Fatal(err)
	}
	return row.ID
}

// attach gives a cat photos.
func (g *gallery) attach(t *testing.T, by, cat uuid.UUID, photos ...uuid.UUID) {
	t.Helper()
	if _, err := g.cats.Update(t.Context(), by, cat, CatEdit{Photos: &CatPhotos{Member: by, IDs: photos}}, nil); err != nil {
		t.Fatal(err)
	}
}

// photosOf returns the photos of a cat in their order.
func (g *gallery) photosOf(t *testing.T, cat uuid.UUID) []uuid.UUID {
	t.Helper()
	rows, err := g.db.Client.Photo.Query().Where(entphoto.CatProfileID(cat)).Order(entphoto.ByPosition()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids
}

// stored returns the names of all files.
func (g *gallery) stored(t *testing.T) (names []string) {
	t.Helper()
	if err := g.files.List(t.Context(), func(name string, _ time.Time) error {
		names = append(names, name)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// settle lets the passes run after more than a day, and checks that rows and files agree: each photo that is left is attached and
// has its files, and there are no others.
func (g *gallery) settle(t *testing.T, after string) {
	t.Helper()
	g.setClock(g.now().Add(25 * time.Hour))
	for name, pass := range map[string]func(context.Context) error{"delete": g.photos.DeleteDue, "sweep": g.photos.Sweep} {
		if err := pass(t.Context()); err != nil {
			t.Fatalf("after %s: %s: %v", after, name, err)
		}
	}
	// The sweep may have found photos that are to be deleted.
	if err := g.photos.DeleteDue(t.Context()); err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	report, err := g.photos.Verify(t.Context())
	if err != nil || len(report.Missing)+len(report.Extra) > 0 {
		t.Errorf("after %s: rows and files differ: missing %v, extra %v, %v", after, report.Missing, report.Extra, err)
	}
	free, err := g.db.Client.Photo.Query().Where(entphoto.CatProfileIDIsNil(), entphoto.PortraitOfIDIsNil()).Count(t.Context())
	if err != nil || free > 0 {
		t.Errorf("after %s: %d photos are attached to nothing, %v", after, free, err)
	}
}

// crash stops a server before one of its steps: a statement, a commit, or a call to the storage. What it has done stays, and what it
// had begun in a transaction does not.
type crash struct {
	photostore.Storage

	steps atomic.Int32
	at    int32 // 0 is never
}

// crashed is the panic of a server that stops.
type crashed struct{}

func (c *crash) step() {
	if c.steps.Add(1) == c.at {
		panic(crashed{})
	}
}

func (c *crash) Put(ctx context.Context, name string, data []byte) error {
	c.step()
	return c.Storage.Put(ctx, name, data)
}

func (c *crash) Delete(ctx context.Context, name string) error {
	c.step()
	return c.Storage.Delete(ctx, name)
}

// during runs something on a server that stops before a step. It reports whether the server had so many steps.
func (g *gallery) during(ctx context.Context, at int32, run func(context.Context, server) error) (stopped bool, err error) {
	c := &crash{Storage: g.files, at: at}
	client := database.NewClient(g.db.DB, func(_ context.Context, log ...any) {
		// Permissions are synced on the side, after the transaction: see package projection.
		if statement := fmt.Sprint(log...); !strings.HasPrefix(statement, "driver.") || !strings.Contains(statement, outboxentry.Table) {
			c.step()
		}
	})
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel() // Postgres rolls back what the server has begun, as it does when a connection is lost.
		cause := recover()
		if _, stopped = cause.(crashed); cause != nil && !stopped {
			panic(cause)
		}
	}()
	return false, run(ctx, g.server(client, c))
}

// failing is a storage that stores some files, and then none.
type failing struct {
	photostore.Storage

	puts int
}

func (f *failing) Put(ctx context.Context, name string, data []byte) error {
	if f.puts--; f.puts < 0 {
		return errors.New("the storage is full")
	}
	return f.Storage.Put(ctx, name, data)
}
