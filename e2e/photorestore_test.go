package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/photo"
)

// TestRestore_PhotosOrDatabaseFromYesterday restores the folder of photos or the database of the API alone, from a copy
// that is older than the other.
func TestRestore_PhotosOrDatabaseFromYesterday(t *testing.T) {
	t.Parallel()
	stack, program := env.NewOwnStack(t), env.Program(t)
	folder := strings.TrimPrefix(stack.Config.Photos.Storage, "file:")
	copies := t.TempDir()
	save := func(name string) {
		t.Helper()
		stack.Stop(t)
		stack.Dump(t, name)
		if err := os.CopyFS(filepath.Join(copies, name), os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
	}
	ada := stack.NewMember(t, "Ada")
	kept := stack.Server.NewPhoto(t, ada)
	save("old")
	stack.Start(t)
	added := stack.Server.NewPhoto(t, ada)
	stack.Exec(t, `UPDATE photos SET stored_at = stored_at - interval '1 hour'`) // No file of a photo of this minute is missing yet.
	save("new")

	for _, test := range []struct {
		about, database, photos string
		want                    map[uuid.UUID]int // the status of each photo
		differences             string            // what verify finds of the photo that was added
	}{
		{"both of today", "new", "new", map[uuid.UUID]int{kept: http.StatusOK, added: http.StatusOK}, ""},
		{"the photos of yesterday", "new", "old", map[uuid.UUID]int{kept: http.StatusOK, added: http.StatusNotFound}, "missing "},
		{"the database of yesterday", "old", "new", map[uuid.UUID]int{kept: http.StatusOK, added: http.StatusNotFound}, "extra "},
	} {
		stack.Stop(t)
		stack.Restore(t, "", test.database)
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(folder, os.DirFS(filepath.Join(copies, test.photos))); err != nil {
			t.Fatal(err)
		}
		stack.Start(t)
		token := stack.Login(t, ada.Email)
		for id, want := range test.want {
			if got := photoStatus(t, stack.Server, token, id); got != want {
				t.Errorf("%s: the photo %s has the status %d, want %d", test.about, id, got, want)
			}
		}
		output, same := program.Run(t, stack.Config, "photos", "verify")
		if same != (test.differences == "") {
			t.Errorf("%s: verify finds no difference: %t: %s", test.about, same, output)
		}
		for _, size := range photo.Sizes() {
			if line := test.differences + photo.Name(added, size); test.differences != "" && !strings.Contains(output, line) {
				t.Errorf("%s: verify does not say %q: %s", test.about, line, output)
			}
		}
		if strings.Contains(output, kept.String()) {
			t.Errorf("%s: verify complains about the older photo: %s", test.about, output)
		}
		stack.Server.NewPhoto(t, harness.Member{Token: token})
	}
}

// photoStatus asks for a photo as its uploader.
func photoStatus(t *testing.T, server *harness.Server, token string, id uuid.UUID) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+photo.Path+photo.Name(id, photo.Card), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Session-Token", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}
