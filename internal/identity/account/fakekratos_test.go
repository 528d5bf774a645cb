package account

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// fakeKratos answers like the admin API of Kratos, for tests that need to count, delay or
// refuse calls. The end-to-end tests use a real one.
type fakeKratos struct {
	admin *kratos.Admin
	// unavailable makes it answer every call with 503. Set it before the first call.
	unavailable bool

	mu         sync.Mutex
	identities map[uuid.UUID]kratos.Identity
	// calls counts the calls by method and subject: an id, an email address, or "page".
	calls map[string]int
	// before is called before a call is answered, unless it is nil.
	before func(call string)
}

func newFakeKratos(t *testing.T, identities ...kratos.Identity) *fakeKratos {
	t.Helper()
	f := &fakeKratos{identities: map[uuid.UUID]kratos.Identity{}, calls: map[string]int{}}
	for _, identity := range identities {
		f.identities[identity.ID] = identity
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.admin = kratos.NewAdmin(config.Kratos{AdminURL: server.URL}, nil)
	return f
}

func (f *fakeKratos) users(db *ent.Client) *Users {
	return NewUsers(db, f.admin, slog.New(slog.DiscardHandler))
}

// count returns how many calls there were.
func (f *fakeKratos) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[call]
}

// put replaces an identity.
func (f *fakeKratos) put(identity kratos.Identity) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.identities[identity.ID] = identity
}

// remove removes an identity.
func (f *fakeKratos) remove(id uuid.UUID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.identities, id)
}

func (f *fakeKratos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	subject := strings.Trim(strings.TrimPrefix(r.URL.Path, "/admin/identities"), "/")
	query := r.URL.Query()
	switch {
	case subject != "":
	case query.Has("credentials_identifier"):
		subject = query.Get("credentials_identifier")
	default:
		subject = "page"
	}
	call := r.Method + " " + subject
	f.mu.Lock()
	f.calls[call]++
	before := f.before
	f.mu.Unlock()
	if before != nil {
		before(call)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	id, err := uuid.Parse(subject)
	switch identity, found := f.identities[id]; {
	case f.unavailable:
		w.WriteHeader(http.StatusServiceUnavailable)
	case err == nil && !found:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		delete(f.identities, id)
		w.WriteHeader(http.StatusNoContent)
	case err == nil:
		respond(w, kratosJSON(identity))
	case subject == "page":
		f.respondPage(w, query.Get("page_token"), query.Get("page_size"))
	default:
		matching := []any{}
		for _, identity := range f.identities {
			if identity.Email == subject {
				matching = append(matching, kratosJSON(identity))
			}
		}
		respond(w, matching)
	}
}

// respondPage sends the identities after the token, ordered by id, and a link to the next
// page.
func (f *fakeKratos) respondPage(w http.ResponseWriter, token, size string) {
	limit, _ := strconv.Atoi(size) // Zero, which the tests notice.
	page := []any{}
	var last uuid.UUID
	ids := make([]uuid.UUID, 0, len(f.identities))
	for id := range f.identities {
		if id.String() > token {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	for _, id := range ids[:min(limit, len(ids))] {
		page = append(page, kratosJSON(f.identities[id]))
		last = id
	}
	if limit < len(ids) {
		w.Header().Set("Link", fmt.Sprintf(
			`</admin/identities?page_size=%d&page_token=first>; rel="first",</admin/identities?page_size=%d&page_token=%s>; rel="next"`, limit, limit, last))
	}
	respond(w, page)
}

// kratosJSON returns an identity as Kratos's admin API encodes it.
func kratosJSON(i kratos.Identity) map[string]any {
	return map[string]any{
		"id": i.ID, "schema_id": "member", "schema_url": "",
		"traits":          map[string]any{"email": i.Email, "name": i.Name},
		"metadata_public": map[string]any{"id": i.UserID},
		"metadata_admin":  map[string]any{"vouched_email": i.VouchedEmail},
		"credentials":     map[string]any{"password": map[string]any{"updated_at": time.Now()}},
		"verifiable_addresses": []any{map[string]any{
			"value": i.Email, "verified": i.Verified, "via": "email", "status": "sent",
		}},
	}
}

func respond(w http.ResponseWriter, body any) {
	_ = json.NewEncoder(w).Encode(body) // It fails if the client no longer waits.
}
