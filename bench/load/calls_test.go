package main

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/lib/pq" // Registers the driver postgres.

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// message returns a message of a client to Postgres.
func message(kind byte, content string) string {
	return string(kind) + length(content)
}

// length returns the content after its length.
func length(content string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(4+len(content)))) + content
}

func TestCopyStatements_Counts(t *testing.T) {
	t.Parallel()
	start := length("\x00\x03\x00\x00user\x00catfoster\x00\x00")
	for _, test := range []struct {
		name, sent string
		want       int64
	}{
		{"a start", start, 0},
		{"a statement that is prepared", start + message('P', "s\x00SELECT 1\x00\x00\x00") + message('D', "Ss\x00") + message('S', ""), 0},
		{"one that is executed", start + message('B', "\x00s\x00") + message('E', "\x00\x00\x00\x00\x00") + message('S', ""), 1},
		{"two queries", start + message('Q', "SELECT 1\x00") + message('Q', "UPDATE users SET name = 'COMMIT'\x00"), 2},
		{"a transaction", start + message('Q', "BEGIN\x00") + message('Q', "SELECT 1\x00") + message('Q', "COMMIT\x00"), 1},
		{"other ends", start + message('Q', "begin read only;\x00") + message('Q', "ROLLBACK\x00") + message('Q', ";\x00"), 1},
		{"a long query", start + message('Q', strings.Repeat("SELECT 1 ", 10_000)+"\x00"), 1},
		{"an E in a parameter", start + message('B', message('E', "")+message('Q', "SELECT 1\x00")), 0},
	} {
		var count atomic.Int64
		var received bytes.Buffer
		err := copyStatements(&received, strings.NewReader(test.sent), &count)
		if !errors.Is(err, io.EOF) || received.String() != test.sent {
			t.Errorf("%s: %v, and Postgres received %q of %q", test.name, err, received.String(), test.sent)
		}
		if count.Load() != test.want {
			t.Errorf("%s: counted %d statements, want %d", test.name, count.Load(), test.want)
		}
	}
}

func TestCounter_CountsWhatPasses(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.String())
	}))
	t.Cleanup(service.Close)
	database := dbtest.New(t)
	var c config.Config
	c.Kratos.PublicURL, c.Kratos.AdminURL = service.URL+"/kratos", service.URL+"/kratos-admin"
	c.Keto.PublicURL, c.Keto.AdminURL = service.URL+"/keto", service.URL+"/keto-admin"
	c.Postgres.URL = database.Config.URL
	counter, through, err := newCounter(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for path, base := range map[string]string{
		"/kratos": through.Kratos.PublicURL, "/kratos-admin": through.Kratos.AdminURL,
		"/keto": through.Keto.PublicURL, "/keto-admin": through.Keto.AdminURL,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/x?y=z", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := service.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if string(body) != path+"/x?y=z" {
			t.Errorf("the service at %s received %s", path, body)
		}
	}
	db, err := sql.Open("postgres", through.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"SELECT count(*) FROM users", "SELECT count(*) FROM users WHERE name = $1"} {
		arguments := make([]any, strings.Count(query, "$"))
		for i := range arguments {
			arguments[i] = "Ada"
		}
		var users int
		if err := db.QueryRowContext(t.Context(), query, arguments...).Scan(&users); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
	if got, want := counter.calls(), (calls{sql: 2, kratos: 2, keto: 2}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if err := counter.close(); err != nil {
		t.Error(err)
	}
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("the counter still passes statements on after it was closed")
	}
	_ = db.Close()
}
