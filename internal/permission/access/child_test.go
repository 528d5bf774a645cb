package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestRequire_Child asks about messages that hang on fosterings, which are secret, and about
// photos that hang on cats, which everybody may see. Keto allows what concerns one fostering and
// one cat.
func TestRequire_Child(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).Client
	owner := db.User.Create().SetName("Ada").SetEmail("ada@example.org").SaveX(t.Context())
	newCat := func() *ent.CatProfile {
		return db.CatProfile.Create().SetOwnerID(owner.ID).SetName("Godard").SetAge(3).SetDescription("Shy at first.").
			SaveX(t.Context())
	}
	newFostering := func(cat *ent.CatProfile) uuid.UUID {
		day := time.Now().UTC().Truncate(24 * time.Hour)
		return db.Fostering.Create().SetCatProfileID(cat.ID).SetParticipantID(owner.ID).SetStartDate(day).SetEndDate(day).
			SaveX(t.Context()).ID
	}
	cat, otherCat := newCat(), newCat()
	fostering, otherFostering := newFostering(cat), newFostering(otherCat)
	allowed := []string{keto.ObjectOf(keto.Fostering, fostering).String(), keto.ObjectOf(keto.CatProfile, cat.ID).String()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		object := r.URL.Query().Get("namespace") + ":" + r.URL.Query().Get("object")
		if strings.HasPrefix(object, "Message:") || strings.HasPrefix(object, "Photo:") {
			t.Errorf("Keto is asked about %s", object)
		}
		_, _ = fmt.Fprintf(w, `{"allowed": %t, "relation_tuples": []}`, slices.Contains(allowed, object))
	}))
	t.Cleanup(server.Close)
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()

	id, parents := map[string]uuid.UUID{}, map[uuid.UUID]uuid.UUID{}
	for name, parent := range map[string]uuid.UUID{
		"message": fostering, "other message": otherFostering, "message of nothing": uuid.New(),
		"photo": cat.ID, "other photo": otherCat.ID,
	} {
		id[name] = uuid.New()
		parents[id[name]] = parent
	}
	fault := errors.New("a fault")
	parentOf := func(_ context.Context, _ *ent.Client, id uuid.UUID) (uuid.UUID, error) {
		if id == uuid.Max {
			return uuid.Nil, fault
		}
		if parent, ok := parents[id]; ok {
			return parent, nil
		}
		return uuid.Nil, &ent.NotFoundError{}
	}
	for name, test := range map[string]struct {
		keto   string
		object keto.Object
		want   error
	}{
		"parent allowed":                      {server.URL, keto.ObjectOf("Message", id["message"]), nil},
		"secret parent denied":                {server.URL, keto.ObjectOf("Message", id["other message"]), apperr.ErrForbidden},
		"secret parent absent":                {server.URL, keto.ObjectOf("Message", id["message of nothing"]), apperr.ErrForbidden},
		"child of a secret parent absent":     {server.URL, keto.ObjectOf("Message", uuid.New()), apperr.ErrForbidden},
		"public parent allowed":               {server.URL, keto.ObjectOf("Photo", id["photo"]), nil},
		"public parent denied":                {server.URL, keto.ObjectOf("Photo", id["other photo"]), apperr.ErrForbidden},
		"child of a public parent absent":     {server.URL, keto.ObjectOf("Photo", uuid.New()), apperr.ErrNotFound},
		"id of the parent":                    {server.URL, keto.ObjectOf("Message", fostering), apperr.ErrForbidden},
		"id that is no UUID":                  {server.URL, keto.Object{Namespace: "Message", ID: "any"}, apperr.ErrForbidden},
		"parent not found because of a fault": {server.URL, keto.ObjectOf("Message", uuid.Max), fault},
		// Without Keto nobody learns whether something secret exists.
		"Keto unavailable":                             {down.URL, keto.ObjectOf("Message", id["message"]), keto.ErrUnavailable},
		"Keto unavailable, parent absent":              {down.URL, keto.ObjectOf("Message", id["message of nothing"]), keto.ErrUnavailable},
		"Keto unavailable, child absent":               {down.URL, keto.ObjectOf("Message", uuid.New()), keto.ErrUnavailable},
		"Keto unavailable, secret object absent":       {down.URL, keto.ObjectOf(keto.Fostering, uuid.New()), keto.ErrUnavailable},
		"Keto unavailable, public object absent":       {down.URL, keto.ObjectOf(keto.CatProfile, uuid.New()), apperr.ErrNotFound},
		"Keto unavailable, child of a public one gone": {down.URL, keto.ObjectOf("Photo", uuid.New()), apperr.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checker := NewChecker(db, keto.NewClient(config.Keto{PublicURL: test.keto, AdminURL: test.keto}, nil))
			checker.children = map[keto.Namespace]projection.Child{
				"Message": {Parent: keto.Fostering, ParentOf: parentOf}, "Photo": {Parent: keto.CatProfile, ParentOf: parentOf},
			}
			if err := checker.Require(t.Context(), owner.ID, keto.Edit, test.object); !errors.Is(err, test.want) {
				t.Errorf("the error is %v, want %v", err, test.want)
			}
		})
	}
}
