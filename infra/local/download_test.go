package local

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"
)

// TestPostgres_DownloadedOnce replaces the Maven repository by a server that has this
// machine's own Postgres. On a machine without Postgres it has nothing to serve; there the
// other tests download Postgres from the real repository.
func TestPostgres_DownloadedOnce(t *testing.T) {
	t.Parallel()
	installed := findPostgres(os.Getenv("PATH"), packageDirs())
	if installed == "" {
		return
	}
	archive := packPostgres(t, installed)
	sum := sha256.Sum256(archive)
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, ".jar"):
			_, _ = w.Write(archive)
		case strings.HasSuffix(r.URL.Path, ".jar.sha256"):
			_, _ = io.WriteString(w, hex.EncodeToString(sum[:]))
		default:
			http.NotFound(w, r)
		}
	}))
	defer repository.Close()

	options, err := testOptions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	// Postgres may run as another user, who may not enter t.TempDir.
	if options.Bin, err = os.MkdirTemp("", "catfoster-bin-"); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(options.Bin)
	if err := os.Chmod(options.Bin, 0o755); err != nil {
		t.Fatal(err)
	}
	options.DownloadPostgres, options.PostgresRepository = true, repository.URL
	stack, err := StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if err := ping(t.Context(), stack.PostgresURL); err != nil {
		t.Error(err)
	}
	if err := stack.Stop(); err != nil {
		t.Error(err)
	}

	// The programs exist now, so nothing is downloaded: the repository is closed.
	repository.Close()
	stack, err = StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if err := stack.Stop(); err != nil {
		t.Error(err)
	}
}

// packPostgres returns the programs of Postgres in the format that the embedded-postgres
// library downloads: a jar that contains a tar.xz.
func packPostgres(t *testing.T, bin string) []byte {
	t.Helper()
	var packed, jar bytes.Buffer
	compressed, err := xz.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	files := tar.NewWriter(compressed)
	program, err := filepath.EvalSymlinks(filepath.Join(bin, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	// These files are enough for initdb. The depth of the libraries depends on the package.
	prefix := filepath.Dir(filepath.Dir(program))
	names := []string{"bin/postgres", "bin/initdb", "bin/pg_ctl"}
	for _, pattern := range []string{"lib/dict_snowball.*", "lib/*/dict_snowball.*", "lib/plpgsql.*", "lib/*/plpgsql.*"} {
		libraries, err := fs.Glob(os.DirFS(prefix), pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, libraries...)
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(prefix, name))
		if err != nil {
			t.Fatal(err)
		}
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}
		if err := files.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	archive := zip.NewWriter(&jar)
	entry, err := archive.Create("postgres.txz")
	if err != nil {
		t.Fatal(err)
	}
	for _, finish := range []func() error{
		files.Close, compressed.Close,
		func() error { _, err := packed.WriteTo(entry); return err },
		archive.Close,
	} {
		if err := finish(); err != nil {
			t.Fatal(err)
		}
	}
	return jar.Bytes()
}
