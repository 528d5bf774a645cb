package e2e

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// actor sends random mutations, one after the other. When it may have deleted its account
// it signs up again.
type actor struct {
	*chaos
	account *accountEntry
	random  *rand.Rand
}

// signUp gives the actor a new account, which the servers know from its first request.
func (a *actor) signUp(t *testing.T, name string) {
	t.Helper()
	a.account = &accountEntry{Member: env.NewMember(t, name), role: adminRole{member: true}}
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.ledger.accounts = append(a.ledger.accounts, a.account)
}

// again returns an actor with the same account, which acts beside this one. part is that of its random numbers.
func (a *actor) again(part int) *actor {
	return &actor{chaos: a.chaos, account: a.account, random: a.chaos.random(part)}
}

// unknown is the code of a response that was lost, so that the result is not known.
const unknown = "UNKNOWN"

// maybe returns whether a mutation with this response may have been executed although it
// was not acknowledged.
func maybe(code string) bool {
	return code == unknown || code == "UNAVAILABLE" || code == "INTERNAL_SERVER_ERROR"
}

// send sends a mutation to a random server, which may be killed meanwhile.
func (a *actor) send(t *testing.T, query string, variables map[string]any) (code string, data map[string]json.RawMessage) {
	t.Helper()
	response, err := a.replica().TryQuery(t.Context(), a.account.Token, query, variables)
	for errors.Is(err, syscall.ECONNREFUSED) && t.Context().Err() == nil { // It was not sent: the server is not running.
		a.retryLater(t)
		response, err = a.replica().TryQuery(t.Context(), a.account.Token, query, variables)
	}
	if err != nil {
		return unknown, nil
	}
	if code = response.Code(); code == "OK" {
		a.ledger.mu.Lock()
		a.account.known = true
		a.ledger.mu.Unlock()
		_ = json.Unmarshal(response.Data, &data) // The caller fails the test if the data is missing.
	}
	return code, data
}

// replica returns a random server that is not frozen, as a load balancer does.
func (a *actor) replica() *harness.Replica {
	first := a.random.IntN(len(a.replicas))
	for i := range a.replicas {
		if r := a.replicas[(first+i)%len(a.replicas)]; !r.Frozen() {
			return r
		}
	}
	return a.replicas[first]
}

// step sends one random mutation and records the response.
func (a *actor) step(t *testing.T) {
	t.Helper()
	mutation, code := a.mutate(t)
	a.ledger.respond(mutation, code)
	if code == unknown || code == "UNAVAILABLE" {
		a.retryLater(t)
	}
}

// retryLater waits before the next mutation, as a frontend does. It bounds the number of
// mutations that fail while a service is unreachable.
func (a *actor) retryLater(t *testing.T) {
	t.Helper()
	select {
	case <-t.Context().Done():
	case <-time.After(50 * time.Millisecond):
	}
}

// mutate sends one random mutation and returns its name and the code of the response.
func (a *actor) mutate(t *testing.T) (mutation, code string) {
	t.Helper()
	rare := a.random.IntN(100)
	switch {
	case a.account.superAdmin && rare < 50:
		return a.changeRole(t)
	case !a.account.superAdmin && rare == 0:
		return "deleteAccount", a.deleteAccount(t)
	case !a.account.superAdmin && rare == 1:
		return "grantAdmin by a member", a.grantToSelf(t)
	}
	cat, f := a.chooseObjects()
	choice := a.random.IntN(100)
	switch {
	case cat == nil || choice < 20:
		return "createCatProfile", a.create(t)
	case choice < 40:
		return "updateCatProfile", a.update(t, cat)
	case choice < 47:
		return "deleteCatProfile", a.delete(t, cat)
	case f == nil || choice < 70:
		return "requestFostering", a.request(t, cat)
	}
	mutation = []string{"approveFostering", "rejectFostering", "cancelFostering", "updateFostering"}[a.random.IntN(4)]
	return mutation, a.move(t, mutation, f)
}

// chooseObjects returns a random cat and a random fostering, nil if there is none. Those
// that concern the actor are more likely than others, and so are cats that several actors
// use at the same time.
func (a *actor) chooseObjects() (cat *catEntry, f *fosteringEntry) {
	l := a.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.cats) > 0 {
		cat = l.cats[a.random.IntN(len(l.cats))]
		if recent := len(l.cats) - 8; recent > 0 && a.random.IntN(3) == 0 { // Make conflicts likely.
			cat = l.cats[recent+a.random.IntN(8)]
		}
		if mine := slices.IndexFunc(l.cats, func(c *catEntry) bool { return c.owner == a.account && !c.deleting }); mine >= 0 && a.random.IntN(3) == 0 {
			cat = l.cats[mine]
		}
	}
	if len(l.fosterings) > 0 {
		f = l.fosterings[a.random.IntN(len(l.fosterings))]
		concerns := func(f *fosteringEntry) bool { return f.participant == a.account || f.cat.owner == a.account }
		if a.random.IntN(3) > 0 {
			for range 20 {
				if concerns(f) {
					break
				}
				f = l.fosterings[a.random.IntN(len(l.fosterings))]
			}
		}
	}
	return cat, f
}

// asAdmin begins a mutation that needs the role of an admin. The returned function
// reports whether the actor may have had the role at any time since then; the caller
// holds the lock of the ledger.
func (a *actor) asAdmin() (hadRole func() bool) {
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	before := a.account.role
	return func() bool {
		return before.mayAct || a.account.role.mayAct || a.account.role.grants > before.grants
	}
}

func (a *actor) create(t *testing.T) string {
	t.Helper()
	name := uuid.NewString()
	code, data := a.send(t, `mutation($name: String!) { createCatProfile(input: {name: $name, age: 1, description: "xxx"}) { id } }`, map[string]any{"name": name})
	if code == "OK" {
		var made struct{ ID uuid.UUID }
		if err := json.Unmarshal(data["createCatProfile"], &made); err != nil {
			t.Error(err)
		}
		a.ledger.mu.Lock()
		defer a.ledger.mu.Unlock()
		a.ledger.cats = append(a.ledger.cats, &catEntry{id: made.ID, owner: a.account, names: []string{name}})
	}
	return code
}

func (a *actor) update(t *testing.T, cat *catEntry) string {
	t.Helper()
	name, variables := uuid.NewString(), map[string]any{"id": cat.id}
	query := `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`
	mine := cat.owner == a.account
	if mine { // Only the owner changes the name, so that the changes have an order.
		query, variables["name"] = `mutation($id: ID!, $name: String!) { updateCatProfile(id: $id, input: {name: $name}) { id } }`, name
	}
	hadRole := a.asAdmin()
	code, _ := a.send(t, query, variables)
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.ledger.requireAllowed(code, mine || hadRole(), a.account, "update another member's cat")
	switch {
	case mine && code == "OK":
		cat.names = []string{name}
	case mine && maybe(code):
		cat.names = append(cat.names, name)
	}
	return code
}

func (a *actor) delete(t *testing.T, cat *catEntry) string {
	t.Helper()
	mine := cat.owner == a.account
	hadRole := a.asAdmin()
	a.ledger.mu.Lock()
	// A grant may make the mutation possible while it is on its way.
	cat.deleting = cat.deleting || mine || a.account.role.mayAct
	a.ledger.mu.Unlock()
	code, _ := a.send(t, harness.DeleteCatMutation, map[string]any{"id": cat.id})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	allowed := mine || hadRole()
	a.ledger.requireAllowed(code, allowed, a.account, "delete another member's cat")
	cat.deleting = cat.deleting || allowed && (code == "OK" || maybe(code))
	cat.deleted = cat.deleted || code == "OK"
	return code
}

func (a *actor) request(t *testing.T, cat *catEntry) string {
	t.Helper()
	first := 1 + a.random.IntN(200)
	code, data := a.send(t, harness.RequestFosteringMutation, map[string]any{"cat": cat.id, "start": env.Day(first), "end": env.Day(first + a.random.IntN(20))})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.ledger.requireAllowed(code, cat.owner != a.account, a.account, "foster their own cat")
	if code == "OK" {
		var made struct{ ID uuid.UUID }
		if err := json.Unmarshal(data["requestFostering"], &made); err != nil {
			t.Error(err)
		}
		a.ledger.fosterings = append(a.ledger.fosterings, &fosteringEntry{id: made.ID, cat: cat, participant: a.account, status: fostering.Pending})
	}
	return code
}

func (a *actor) move(t *testing.T, mutation string, f *fosteringEntry) string {
	t.Helper()
	query := `mutation($id: ID!) { ` + mutation + `(id: $id) { status } }`
	if mutation == "updateFostering" {
		query = `mutation($id: ID!) { updateFostering(id: $id, input: {message: "Please"}) { status } }`
	}
	hadRole := a.asAdmin()
	code, data := a.send(t, query, map[string]any{"id": f.id})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	ofOwner, ofParticipant := f.cat.owner == a.account, f.participant == a.account
	switch mutation {
	case "approveFostering", "rejectFostering":
		a.ledger.requireAllowed(code, ofOwner, a.account, "call "+mutation+" for another member's cat")
	case "cancelFostering":
		a.ledger.requireAllowed(code, ofOwner || ofParticipant || hadRole(), a.account, "call "+mutation+" for other members' fostering")
	default:
		a.ledger.requireAllowed(code, ofParticipant, a.account, "call "+mutation+" for another member's fostering")
	}
	if code == "OK" {
		var moved struct{ Status fostering.Status }
		if err := json.Unmarshal(data[mutation], &moved); err != nil {
			t.Error(err)
		}
		// Responses may arrive in another order than the changes were made. A fostering
		// never returns to an earlier status.
		if reachable(f.status, moved.Status) {
			f.status = moved.Status
		}
	}
	return code
}

// The mutations of roles and accounts.
const (
	grantAdminMutation  = `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`
	revokeAdminMutation = `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`
)

// changeRole grants the role of an admin to a random account or revokes it. Only the
// super admin does, so that the changes have an order.
func (a *actor) changeRole(t *testing.T) (mutation, code string) {
	t.Helper()
	if pending, err := a.stack.RolesPending(t.Context()); err == nil && !pending {
		a.ledger.settleRevocations()
	}
	a.ledger.mu.Lock()
	target := a.ledger.accounts[a.random.IntN(len(a.ledger.accounts))]
	before := target.role
	revoke := before.admin && a.random.IntN(3) > 0
	if revoke {
		target.role.member = true
	} else {
		target.role.admin, target.role.mayAct = true, true
		target.role.grants++
	}
	a.ledger.mu.Unlock()

	query := grantAdminMutation
	mutation = "grantAdmin"
	if revoke {
		query, mutation = revokeAdminMutation, "revokeAdmin"
	}
	code, _ = a.send(t, query, map[string]any{"id": target.ID})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	switch {
	case maybe(code): // Both roles are possible.
	case code != "OK":
		grants := target.role.grants
		target.role = before
		target.role.grants = grants
	case revoke:
		a.ledger.requireAllowed(code, !target.superAdmin, a.account, "revoke the role of the last super admin")
		target.role.admin, target.role.member = false, true
	default:
		target.role.admin, target.role.member = true, false
	}
	return mutation, code
}

// grantToSelf tries to become an admin, which only super admins may do.
func (a *actor) grantToSelf(t *testing.T) string {
	t.Helper()
	code, _ := a.send(t, grantAdminMutation, map[string]any{"id": a.account.ID})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.ledger.requireAllowed(code, false, a.account, "grant roles")
	return code
}

// deleteAccount deletes the actor's account and signs up again, unless it was certainly
// not deleted.
func (a *actor) deleteAccount(t *testing.T) string {
	t.Helper()
	old := a.account
	a.ledger.mu.Lock()
	old.deleting = true
	a.ledger.mu.Unlock()
	code, _ := a.send(t, harness.DeleteAccountMutation, nil)
	a.ledger.mu.Lock()
	old.deleting, old.deleted = code == "OK" || maybe(code), code == "OK"
	a.ledger.mu.Unlock()
	if code == "OK" {
		if code, _ := a.send(t, `mutation { updateProfile(input: {bio: "Still here"}) { id } }`, nil); code == "OK" {
			a.ledger.violate(forbidden, "user %s was allowed to change the profile of a deleted account", old.ID)
		}
	}
	if old.deleting {
		a.signUp(t, old.Name)
	}
	return code
}
