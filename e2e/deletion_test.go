package e2e

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
)

const deleteAccount = `mutation { deleteAccount }`

// everythingOf collects what is left of somebody, as text.
func everythingOf(t *testing.T, id uuid.UUID) string {
	t.Helper()
	var row string
	err := shared.db.QueryRowContext(t.Context(), `
		SELECT to_jsonb(u)::text
			|| coalesce((SELECT string_agg(to_jsonb(c)::text, '') FROM cat_profiles c WHERE owner_id = u.id), '')
			|| coalesce((SELECT string_agg(to_jsonb(f)::text, '') FROM fosterings f WHERE participant_id = u.id), '')
		FROM users u WHERE id = $1`, id).Scan(&row)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestADeletedAccountLeavesNothingPersonalBehind(t *testing.T) {
	t.Parallel()
	ada, bob := newMember(t, "Ada Unmistakable"), newMember(t, "Bob")
	relate(t, keto.AdminRole(ada.id))
	ask(t, ada.token, `mutation { updateProfile(input: {bio: "Unmistakable life", location: "Unmistakable"}) { id } }`, nil).into(t, &struct{}{})
	cat := newCat(t, ada)
	onHerCat := newFostering(t, bob, cat, day(1), day(2))
	bobsCat, bobsOtherCat := newCat(t, bob), newCat(t, bob)
	request(t, ada, bobsCat, day(1), day(2)).into(t, &struct{}{})
	var history struct{ RequestFostering struct{ ID uuid.UUID } }
	ask(t, ada.token, requestMutation, map[string]any{"cat": bobsOtherCat, "start": day(1), "end": day(2), "message": "Unmistakable words"}).into(t, &history)
	force(t, history.RequestFostering.ID, fostering.Completed)

	var data struct{ DeleteAccount bool }
	ask(t, ada.token, deleteAccount, nil).into(t, &data)
	if !data.DeleteAccount {
		t.Error("deleteAccount is false")
	}

	if code := ask(t, ada.token, `{ me { id } }`, nil).code(); code != "UNAUTHENTICATED" {
		t.Errorf("with her old session she is %s, want UNAUTHENTICATED", code)
	}
	if got := tryLogin(t, ada.email, password).problems(); got != "form 4000006" {
		t.Errorf("a login: %q, want 4000006", got)
	}
	if _, err := shared.identities.WithAddress(t.Context(), ada.email); !errors.Is(err, account.ErrNoIdentity) {
		t.Errorf("Kratos still knows her: %v", err)
	}
	left := everythingOf(t, ada.id)
	for _, personal := range []string{"Unmistakable", ada.email} {
		if strings.Contains(left, personal) {
			t.Errorf("%q is left in %s", personal, left)
		}
	}
	for _, object := range []keto.Object{keto.ObjectOf(keto.CatProfile, cat), keto.ObjectOf(keto.Fostering, onHerCat)} {
		if tuples, err := shared.keto.List(t.Context(), object); err != nil || len(tuples) > 0 {
			t.Errorf("Keto still holds %v: %v", tuples, err)
		}
	}
	if held, err := shared.keto.List(t.Context(), keto.AdminGroup()); err != nil || slices.Contains(held, keto.AdminRole(ada.id)) {
		t.Errorf("she is still an admin: %v", err)
	}

	// What the others see.
	var others struct {
		User, CatProfile *struct{ ID string }
		Fosterings       struct {
			Edges []struct {
				Node struct {
					Status      string
					Message     *string
					CatProfile  struct{ ID uuid.UUID }
					Participant seen
				}
			}
		}
	}
	ask(t, bob.token, `query($user: ID!, $cat: ID!) {
		user(id: $user) { id } catProfile(id: $cat) { id }
		fosterings { edges { node { status message catProfile { id } participant { name email } } } }
	}`, map[string]any{"user": ada.id, "cat": cat}).into(t, &others)
	if others.User != nil || others.CatProfile != nil {
		t.Errorf("Bob still sees %+v and %+v", others.User, others.CatProfile)
	}
	status := map[uuid.UUID]string{}
	for _, edge := range others.Fosterings.Edges {
		status[edge.Node.CatProfile.ID] = edge.Node.Status
		if p := edge.Node.Participant; p.Name != "Former member" || p.Email != nil || edge.Node.Message != nil {
			t.Errorf("in his history Bob sees %+v with message %v", p, edge.Node.Message)
		}
	}
	if status[bobsCat] != "CANCELLED" || status[bobsOtherCat] != "COMPLETED" || len(status) != 2 {
		t.Errorf("Bob's fosterings are %v", status)
	}
	var free struct {
		CatProfile struct{ ViewerCanFoster bool }
	}
	ask(t, newMember(t, "Eve").token, `query($cat: ID!) { catProfile(id: $cat) { viewerCanFoster } }`, map[string]any{"cat": bobsCat}).into(t, &free)
	if !free.CatProfile.ViewerCanFoster {
		t.Error("the cat that she had asked for takes no requests any more")
	}

	// The same person may come back, and begins anew.
	id, err := shared.kratos.Register(t.Context(), ada.email, "Ada again", password)
	if err != nil || id == ada.id.String() {
		t.Errorf("she signs up again as user %s: %v", id, err)
	}
}

func TestAnAccountThatSomebodyCountsOnIsNotDeleted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status fostering.Status
		owner  string // what the owner of the cat gets
		foster string // what the participant gets
	}{
		"requested": {fostering.Pending, "OK", "OK"},
		"promised":  {fostering.Approved, "CONFLICT", "CONFLICT"},
		"going on":  {fostering.Active, "CONFLICT", "CONFLICT"},
		"over":      {fostering.Completed, "OK", "OK"},
		"refused":   {fostering.Rejected, "OK", "OK"},
		"withdrawn": {fostering.Cancelled, "OK", "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
			cat := newCat(t, owner)
			force(t, newFostering(t, foster, cat, day(1), day(2)), test.status)
			if got := ask(t, foster.token, deleteAccount, nil).code(); got != test.foster {
				t.Errorf("the participant of a fostering that is %s: %s, want %s", name, got, test.foster)
			}
			if got := ask(t, owner.token, deleteAccount, nil).code(); got != test.owner {
				t.Errorf("the owner of a cat whose fostering is %s: %s, want %s", name, got, test.owner)
			}
			if test.owner == "CONFLICT" {
				if got := look(t, owner, owner.id); got.Name != "Owner" || *got.Email != owner.email {
					t.Errorf("after the refusal she is %+v", got)
				}
			}
		})
	}
}

func TestAnAccountIsDeletedByARecentLoginOnly(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	age := shared.config.Kratos.PrivilegedSessionMaxAge
	for _, test := range []struct {
		later time.Duration
		want  string
	}{{age + time.Minute, "FORBIDDEN"}, {age - time.Minute, "OK"}} {
		c := shared.config
		server := startServerAt(t, &c, func() time.Time { return time.Now().Add(test.later) })
		got := askWith(t, server, http.Header{"X-Session-Token": {ada.token}}, deleteAccount, nil)
		if got.code() != test.want {
			t.Errorf("%s after the login: %s, want %s", test.later, got.code(), test.want)
		}
		if test.want == "FORBIDDEN" && got.Errors[0].Extensions.RedirectTo != shared.stack.Kratos.PublicURL+"/self-service/login/browser?refresh=true" {
			t.Errorf("the error leads to %q", got.Errors[0].Extensions.RedirectTo)
		}
	}
}

func TestADeletionThatFailsInTheMiddleIsFinishedLater(t *testing.T) {
	t.Parallel()
	dead, err := shared.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "http://127.0.0.1:" + itoa(dead)
	for name, change := range map[string]func(*config.Config){
		"Kratos is away":                 func(c *config.Config) { c.Kratos.AdminURL = nowhere },
		"Keto is away":                   func(c *config.Config) { c.Keto.PublicURL, c.Keto.AdminURL = nowhere, nowhere },
		"everything is there, as always": func(*config.Config) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := newMember(t, "Ada")
			cat := newCat(t, ada)
			relate(t, keto.AdminRole(ada.id))
			identity, err := shared.identities.WithAddress(t.Context(), ada.email)
			if err != nil {
				t.Fatal(err)
			}
			c := shared.config
			change(&c)
			header := http.Header{"X-Session-Token": {ada.token}}
			if got := askWith(t, startServer(t, &c), header, deleteAccount, nil).code(); got != "OK" {
				t.Fatalf("deleteAccount: %s", got)
			}
			if got := ask(t, ada.token, `{ me { id } }`, nil).code(); got != "UNAUTHENTICATED" {
				t.Errorf("with her old session she is %s, want UNAUTHENTICATED", got)
			}
			// The janitor of another server may have finished it by now.
			if got := tryLogin(t, ada.email, password).problems(); got != "identifier 9000004" && got != "form 4000006" {
				t.Errorf("a login: %q, want 9000004 or 4000006", got)
			}
			// Old news must not bring her back.
			key := shared.config.Webhooks.ActionAPIKey
			for _, hook := range []string{"registered", "settings"} {
				if status, answer := callHook(t, hook, &key, news(identity.ID)); status != http.StatusNoContent {
					t.Errorf("%s about a deleted account: %d %s", hook, status, answer)
				}
			}
			if status, answer := callHook(t, "login", &key, news(identity.ID)); status != http.StatusBadRequest || !strings.Contains(answer, "9000004") {
				t.Errorf("login to a deleted account: %d %s", status, answer)
			}

			sweep(t, 0)
			if _, err := shared.identities.Get(t.Context(), identity.ID); !errors.Is(err, account.ErrNoIdentity) {
				t.Errorf("Kratos still knows her: %v", err)
			}
			if held, err := shared.keto.List(t.Context(), keto.AdminGroup()); err != nil || slices.Contains(held, keto.AdminRole(ada.id)) {
				t.Errorf("she is still an admin: %v", err)
			}
			await(t, "Keto to forget her cat", func() bool {
				tuples, err := shared.keto.List(t.Context(), keto.ObjectOf(keto.CatProfile, cat))
				return err == nil && len(tuples) == 0
			})
			if row := everythingOf(t, ada.id); strings.Contains(row, ada.email) || strings.Contains(row, `"forgotten_at": null`) {
				t.Errorf("her row is %s", row)
			}
		})
	}
}

func TestPeopleWhoKnowEachOtherLeaveAtOnce(t *testing.T) {
	t.Parallel()
	people := []member{newMember(t, "Ada"), newMember(t, "Bob"), newMember(t, "Eve")}
	for _, owner := range people {
		for range 2 {
			cat := newCat(t, owner)
			for _, foster := range people {
				if foster.id != owner.id {
					force(t, newFostering(t, foster, cat, day(1), day(2)), fostering.Completed)
				}
			}
		}
	}
	got := crowd(len(people), func(n int) string { return ask(t, people[n].token, deleteAccount, nil).code() })
	if got["OK"] != len(people) {
		t.Errorf("of %d people who leave at once: %v, want all OK", len(people), got)
	}
}

func TestNothingIsAddedToAnAccountWhileItIsDeleted(t *testing.T) {
	t.Parallel()
	ada, bob := newMember(t, "Ada"), newMember(t, "Bob")
	cat := newCat(t, bob)
	var all sync.WaitGroup
	codes := make(chan string, 64)
	for n := range 24 {
		all.Go(func() {
			switch n % 4 {
			case 0:
				codes <- "delete " + ask(t, ada.token, deleteAccount, nil).code()
			case 1:
				codes <- "request " + request(t, ada, cat, day(1), day(2)).code()
			case 2:
				codes <- "profile " + ask(t, ada.token, `mutation { updateProfile(input: {bio: "Still here"}) { id } }`, nil).code()
			default:
				codes <- "create " + ask(t, ada.token, `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, nil).code()
			}
		})
	}
	all.Wait()
	close(codes)
	count := map[string]int{}
	for code := range codes {
		count[code]++
		if kind, code, _ := strings.Cut(code, " "); !slices.Contains([]string{"OK", "UNAUTHENTICATED"}, code) && kind != "request" {
			t.Errorf("%s: %s, want OK or UNAUTHENTICATED", kind, code)
		}
	}
	if count["delete OK"] != 1 {
		t.Errorf("of the deletions %d succeeded, want 1: %v", count["delete OK"], count)
	}
	if cats, err := shared.client.CatProfile.Query().Where(catprofile.OwnerID(ada.id)).Count(t.Context()); err != nil || cats != 0 {
		t.Errorf("the deleted account owns %d cats: %v", cats, err)
	}
	if row := everythingOf(t, ada.id); strings.Contains(row, "Still here") || strings.Contains(row, "PENDING") {
		t.Errorf("her row is %s", row)
	}
}
