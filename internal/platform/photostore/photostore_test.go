package photostore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/catfoster/catfoster/internal/platform/photostore"
)

const (
	card  = "0198c0de-0000-7000-8000-000000000001/card.jpg"
	large = "0198c0de-0000-7000-8000-000000000001/large.jpg"
	other = "0198c0de-0000-7000-8000-000000000002/card.jpg"
)

// bucketAddress is the address of the bucket cats on a server.
func bucketAddress(server *httptest.Server) string {
	return "s3://key:sec%2Fret@" + server.Listener.Addr().String() + "/cats?region=eu-central-1&insecure=true"
}

// forEach runs a test with each kind of storage.
func forEach(t *testing.T, test func(t *testing.T, storage photostore.Storage)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, "file:"+filepath.Join(t.TempDir(), "made", "photos")))
	})
	t.Run("bucket", func(t *testing.T) {
		t.Parallel()
		backend := s3mem.New()
		if err := backend.CreateBucket("cats"); err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		test(t, open(t, bucketAddress(server)))
	})
}

func open(t *testing.T, address string) photostore.Storage {
	t.Helper()
	storage, err := photostore.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return storage
}

// read returns the contents of a file.
func read(t *testing.T, storage photostore.Store, name string) string {
	t.Helper()
	file, err := storage.Open(t.Context(), name)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return string(data)
}

func put(t *testing.T, storage photostore.Store, name, data string) {
	t.Helper()
	if err := storage.Put(t.Context(), name, []byte(data)); err != nil {
		t.Fatalf("put %s: %v", name, err)
	}
}

func TestStore_PutOpenDelete(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		put(t, storage, card, "a card")
		put(t, storage, large, "a large one")
		put(t, storage, card, "another card")
		if got := read(t, storage, card); got != "another card" {
			t.Errorf("the card is %q, want what was put last", got)
		}
		if err := storage.Delete(t.Context(), card); err != nil {
			t.Errorf("delete the card: %v", err)
		}
		if err := storage.Delete(t.Context(), card); err != nil {
			t.Errorf("delete the card again: %v", err)
		}
		if _, err := storage.Open(t.Context(), card); !errors.Is(err, photostore.ErrNotFound) {
			t.Errorf("open the deleted card: %v, want ErrNotFound", err)
		}
		if got := read(t, storage, large); got != "a large one" {
			t.Errorf("the large photo is %q after the card was deleted", got)
		}
	})
}

func TestStore_FileCanBeServed(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		put(t, storage, card, "0123456789")
		file, err := storage.Open(t.Context(), card)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if age := time.Since(file.Modified()); file.Size() != 10 || age < -time.Minute || age > time.Minute {
			t.Errorf("the file has %d bytes and was put %s ago, want 10 and now", file.Size(), age)
		}
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Range", "bytes=3-5")
		recorder := httptest.NewRecorder()
		http.ServeContent(recorder, request, "card.jpg", file.Modified(), file)
		if recorder.Code != http.StatusPartialContent || recorder.Body.String() != "345" {
			t.Errorf("the range is answered by %d %q, want 206 and 345", recorder.Code, recorder.Body)
		}
	})
}

func TestStore_RefusesLargeFiles(t *testing.T) {
	t.Parallel()
	const most = 8 << 20
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		put(t, storage, card, strings.Repeat("a", most))
		put(t, storage, large, strings.Repeat("a", most+1))
		if got := len(read(t, storage, card)); got != most {
			t.Errorf("%d bytes are read of the largest file, want %d", got, most)
		}
		if file, err := storage.Open(t.Context(), large); err == nil || errors.Is(err, photostore.ErrNotFound) {
			t.Errorf("a file with a byte more: %v, %v, want another error", file, err)
		}
	})
}

func TestStore_List(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		if got := list(t, storage); len(got) != 0 {
			t.Errorf("an empty storage has %v", got)
		}
		want := map[string]bool{}
		for i := range 1100 { // More than a page of S3.
			name := fmt.Sprintf("0198c0de-0000-7000-8000-%012d/card.jpg", i)
			put(t, storage, name, "x")
			want[name] = true
		}
		if diff := cmp.Diff(want, list(t, storage)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		failure := errors.New("enough")
		if err := storage.List(t.Context(), func(string, time.Time) error { return failure }); !errors.Is(err, failure) {
			t.Errorf("the error of the function becomes %v", err)
		}
		if err := storage.List(t.Context(), func(name string, _ time.Time) error { return storage.Delete(t.Context(), name) }); err != nil {
			t.Errorf("delete what is listed: %v", err)
		}
		if got := list(t, storage); len(got) != 0 {
			t.Errorf("%d files are left after all were deleted", len(got))
		}
	})
}

func list(t *testing.T, storage photostore.Lister) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := storage.List(t.Context(), func(name string, modified time.Time) error {
		if found[name] || time.Since(modified) > time.Minute {
			t.Errorf("%s is listed twice, or with the time %s", name, modified)
		}
		found[name] = true
		return nil
	})
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return found
}

func TestStore_RefusesNames(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		for _, name := range []string{"", ".", "..", "../card.jpg", "/etc/passwd", "a//b", "a/../../b", "a/"} {
			_, opened := storage.Open(t.Context(), name)
			for call, err := range map[string]error{
				"Put": storage.Put(t.Context(), name, nil), "Open": opened, "Delete": storage.Delete(t.Context(), name),
			} {
				if err == nil || errors.Is(err, photostore.ErrNotFound) {
					t.Errorf("%s(%q): %v, want another error", call, name, err)
				}
			}
		}
	})
}

func TestStore_EndsWithTheContext(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		put(t, storage, card, "a card")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, opened := storage.Open(ctx, card)
		for call, err := range map[string]error{
			"Put": storage.Put(ctx, other, nil), "Open": opened, "Delete": storage.Delete(ctx, card),
			"List": storage.List(ctx, func(string, time.Time) error { return nil }),
		} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s with a context that is done: %v", call, err)
			}
		}
	})
}

// TestStore_ReplacesAtOnce reads a file while others replace it.
func TestStore_ReplacesAtOnce(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, storage photostore.Storage) {
		t.Helper()
		values := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
		put(t, storage, card, values[0])
		var writers sync.WaitGroup
		for _, value := range values {
			writers.Go(func() {
				for range 20 {
					if err := storage.Put(t.Context(), card, []byte(value)); err != nil {
						t.Errorf("put: %v", err)
					}
				}
			})
		}
		for range 50 {
			if got := read(t, storage, card); got != values[0] && got != values[1] {
				t.Errorf("a reader sees %d bytes of both files", len(got))
			}
		}
		writers.Wait()
	})
}

func TestOpen_RefusesAddresses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"", "photos", "ftp://key:hidden@host/cats", "s3://host/cats", "s3://key@host/cats", "s3://:hidden@host/cats", "s3://key:@/cats",
		"s3://key:hidden@host", "s3://key:hidden@host/cats/folder", "s3://key:hid/den@host/cats", "s3://key:hidden@host/cats?secure=false",
		"s3://key:hidden%zz@host/cats", "file:" + file, "file:",
	} {
		_, err := photostore.Open(address)
		if err == nil {
			t.Errorf("%q is accepted", address)
		} else if strings.Contains(err.Error(), "hid") {
			t.Errorf("the error about %q has the secret: %v", address, err)
		}
	}
}

func TestFolder_LinksLeadNowhere(t *testing.T) {
	t.Parallel()
	dir, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	storage := open(t, "file:"+dir)
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "card.jpg")); err != nil {
		t.Fatal(err)
	}
	if file, err := storage.Open(t.Context(), "card.jpg"); err == nil {
		file.Close()
		t.Error("a link out of the folder is followed")
	}
}

// TestFolder_LeftBehind checks what becomes of files that are being written: the list deletes those that a crash has
// left behind.
func TestFolder_LeftBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storage := open(t, "file:"+dir)
	put(t, storage, card, "a card")
	for name, age := range map[string]time.Duration{"partial-NEW": time.Minute, "partial-OLD": 2 * time.Hour} {
		path, written := filepath.Join(dir, name), time.Now().Add(-age)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, written, written); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "lost+found"), 0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bool{card: true}, list(t, storage)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for name, want := range map[string]bool{"partial-NEW": true, "partial-OLD": false} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", name, err == nil, want)
		}
	}
}

// TestFolder_FailsAsAWhole checks that a Put that fails leaves no file.
func TestFolder_FailsAsAWhole(t *testing.T) {
	t.Parallel()
	storage := open(t, "file:"+t.TempDir())
	put(t, storage, "photo", "a file where a folder should be")
	if err := storage.Put(t.Context(), "photo/card.jpg", []byte("x")); err == nil {
		t.Error("a file is put into a file")
	}
	if diff := cmp.Diff(map[string]bool{"photo": true}, list(t, storage)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestFolder_EmptyFoldersGo checks that nothing is left of deleted photos.
func TestFolder_EmptyFoldersGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storage := open(t, "file:"+dir)
	put(t, storage, card, "a card")
	put(t, storage, large, "a large one")
	for _, name := range []string{card, large} {
		if err := storage.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("the folder has %v after all photos were deleted: %v", entries, err)
	}
}
