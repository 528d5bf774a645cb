package e2e

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// connectionLimits are how many connections Kratos, or Keto, gets: from one to more than it opens.
func connectionLimits() []int { return []int{1, 2, 3, 5, 8, 40} }

// underLoad makes calls of each kind at the same time, again and again, and counts their answers by kind.
func underLoad(t *testing.T, calls map[string]func(context.Context) string) map[string]map[string]int {
	t.Helper()
	const callers, times = 6, 15
	var mu sync.Mutex
	answers := map[string]map[string]int{}
	var running sync.WaitGroup
	for kind := range calls {
		answers[kind] = map[string]int{}
	}
	for kind, call := range calls {
		for range callers {
			running.Go(func() {
				for range times {
					answer := call(t.Context())
					mu.Lock()
					answers[kind][answer]++
					mu.Unlock()
				}
			})
		}
	}
	running.Wait()
	return answers
}

// requireNoFalseAnswers makes the calls with every number of connections. Each must be answered as the map says, or not at all.
func requireNoFalseAnswers(t *testing.T, service string, role *harness.LimitedRole, calls map[string]func(context.Context) string, want map[string]string) {
	t.Helper()
	unavailable := 0
	for _, limit := range connectionLimits() {
		role.Limit(t, limit)
		for kind, answers := range underLoad(t, calls) {
			t.Logf("%d connections, %s: %v", limit, kind, answers)
			unavailable += answers["unavailable"]
			for _, answer := range slices.Sorted(maps.Keys(answers)) {
				if answer != want[kind] && answer != "unavailable" {
					t.Errorf("with %d connections %s says of %s %q %d times, want %s or that it is unavailable", limit, service, kind, answer, answers[answer], want[kind])
				}
			}
		}
	}
	if unavailable == 0 {
		t.Errorf("%s has always had enough connections", service)
	}
	for kind, call := range calls {
		harness.Await(t, service+" to have enough connections for "+kind, func() bool { return call(t.Context()) == want[kind] })
	}
}

// TestConnections_Kratos gives Kratos too few connections to its database. It must not look as if a session had ended.
func TestConnections_Kratos(t *testing.T) {
	t.Parallel()
	role := env.NewLimitedRole(t)
	isolated := env.NewIsolatedKratosOn(t, role.URL(t, env.KratosDatabase(t)))
	ada := env.NewMember(t, "Ada")
	sessions := kratos.NewSessions(isolated.Config.Kratos, nil)
	whoami := func(credential kratos.Credential) func(context.Context) string {
		return func(ctx context.Context) string {
			_, err := sessions.Whoami(ctx, credential)
			switch {
			case err == nil:
				return "session"
			case errors.Is(err, apperr.ErrUnauthenticated):
				return "none"
			case errors.Is(err, kratos.ErrUnavailable):
				return "unavailable"
			}
			return err.Error()
		}
	}
	calls := map[string]func(context.Context) string{
		"session": whoami(kratos.Credential{Token: ada.Token}),
		"none":    whoami(kratos.Credential{Token: "ory_st_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}),
	}
	requireNoFalseAnswers(t, "Kratos", role, calls, map[string]string{"session": "session", "none": "none"})
}

// TestConnections_Keto gives Keto too few connections to its database. It must neither deny what is allowed nor allow what
// is not.
func TestConnections_Keto(t *testing.T) {
	t.Parallel()
	role := env.NewLimitedRole(t)
	stack := env.NewIsolatedStackAs(t, role)
	owner, admin, foster, stranger := env.NewMember(t, "Owner"), env.NewMember(t, "Admin"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger")
	server := env.StartServer(t, stack.Config)
	cat := harness.CatObject(server.NewCat(t, owner))
	fostering := harness.FosteringObject(owner.ID)
	if err := stack.Keto.Insert(t.Context(),
		keto.AdminRole(admin.ID),
		keto.Tuple{Object: cat, Relation: keto.Editors, Subject: keto.Admins()},
		keto.Tuple{Object: cat, Relation: keto.Fosters, Subject: keto.UserSubject(foster.ID)},
		keto.Tuple{Object: fostering, Relation: keto.CatProfiles, Subject: keto.Subject{Object: cat}},
	); err != nil {
		t.Fatal(err)
	}
	client := keto.NewClient(stack.Config.Keto, nil)
	calls, want := map[string]func(context.Context) string{}, map[string]string{}
	for _, test := range []struct {
		object     harness.Object
		permission keto.Relation
		member     harness.Member
		allowed    bool
	}{
		{keto.AdminGroup(), keto.IsMember, admin, true},
		{keto.AdminGroup(), keto.IsMember, stranger, false},
		{cat, keto.Edit, owner, true},
		{cat, keto.Edit, admin, true},
		{cat, keto.Edit, stranger, false},
		{cat, keto.Foster, stranger, true},
		{cat, keto.Foster, owner, false},
		{cat, keto.Foster, foster, false},
		{fostering, keto.Approve, owner, true},
		{fostering, keto.Cancel, admin, true},
		{fostering, keto.Approve, stranger, false},
	} {
		kind := fmt.Sprintf("%s of the %s by %s", test.permission, test.object.Namespace, test.member.Name)
		tuple := keto.Tuple{Object: test.object, Relation: test.permission, Subject: keto.UserSubject(test.member.ID)}
		want[kind] = strconv.FormatBool(test.allowed)
		calls[kind] = func(ctx context.Context) string {
			allowed, err := client.Check(ctx, tuple)
			switch {
			case errors.Is(err, keto.ErrUnavailable):
				return "unavailable"
			case err != nil:
				return err.Error()
			}
			return strconv.FormatBool(allowed)
		}
	}
	requireNoFalseAnswers(t, "Keto", role, calls, want)
}
