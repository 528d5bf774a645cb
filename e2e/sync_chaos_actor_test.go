package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/fostering"
)

// ledger records the responses that the actors have got, to compare them with the database.
type ledger struct {
	mu         sync.Mutex
	cats       []*catEntry
	fosterings []*fosteringEntry
	responses  map[string]int
	violations []string
}

type catEntry struct {
	id    uuid.UUID
	owner int // an actor
	// names are the names that it may have: the last that was acknowledged, and those that
	// were sent after that without a response.
	names []string
	// deleting is whether a delete was sent, deleted whether one was acknowledged.
	deleting, deleted bool
}

type fosteringEntry struct {
	id          uuid.UUID
	cat         *catEntry
	participant int
	status      fostering.Status // the last that was acknowledged
}

// actor is a member who sends random mutations.
type actor struct {
	harness.Member
	number   int
	admin    bool
	replicas []*harness.Replica
	random   *rand.Rand
	ledger   *ledger
}

// unknown is the code of a response that was lost, so that the result is not known.
const unknown = "UNKNOWN"

// send sends a mutation to a random server, which may have been killed.
func (a *actor) send(t *testing.T, query string, variables map[string]any) (code string, data map[string]json.RawMessage) {
	t.Helper()
	replica := a.replicas[a.random.IntN(len(a.replicas))]
	response, err := replica.TryQuery(t.Context(), a.Token, query, variables)
	if err != nil {
		return unknown, nil
	}
	if code = response.Code(); code == "OK" {
		_ = json.Unmarshal(response.Data, &data) // The caller fails the test if the data is missing.
	}
	return code, data
}

// step sends one random mutation and records the response.
func (a *actor) step(t *testing.T) {
	t.Helper()
	l := a.ledger
	l.mu.Lock()
	var cat *catEntry
	var f *fosteringEntry
	if len(l.cats) > 0 {
		cat = l.cats[a.random.IntN(len(l.cats))]
		if recent := len(l.cats) - 8; recent > 0 && a.random.IntN(3) == 0 { // Make conflicts likely.
			cat = l.cats[recent+a.random.IntN(8)]
		}
		if mine := slices.IndexFunc(l.cats, func(c *catEntry) bool { return c.owner == a.number && !c.deleting }); mine >= 0 && a.random.IntN(3) == 0 {
			cat = l.cats[mine]
		}
	}
	if len(l.fosterings) > 0 {
		f = l.fosterings[a.random.IntN(len(l.fosterings))]
		concerns := func(f *fosteringEntry) bool { return f.participant == a.number || f.cat.owner == a.number }
		if a.random.IntN(3) > 0 {
			for range 20 {
				if concerns(f) {
					break
				}
				f = l.fosterings[a.random.IntN(len(l.fosterings))]
			}
		}
	}
	l.mu.Unlock()

	choice := a.random.IntN(100)
	var kind, code string
	switch {
	case cat == nil || choice < 20:
		kind, code = "create", a.create(t)
	case choice < 40:
		kind, code = "update", a.update(t, cat)
	case choice < 47:
		kind, code = "delete", a.delete(t, cat)
	case f == nil || choice < 70:
		kind, code = "request", a.request(t, cat)
	default:
		kind = []string{"approveFostering", "rejectFostering", "cancelFostering", "updateFostering"}[a.random.IntN(4)]
		code = a.move(t, kind, f)
	}
	if code == unknown || code == "UNAVAILABLE" {
		// Retry later, as a frontend does. It bounds the number of mutations that fail
		// while nothing is reachable.
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.responses[kind+" "+code]++
	if code == "INTERNAL_SERVER_ERROR" || code == "UNAUTHENTICATED" || strings.HasSuffix(code, "errors") {
		l.violations = append(l.violations, fmt.Sprintf("the response to %s is %s", kind, code))
	}
}

// checkAllowed records a violation if a mutation succeeded that the permission model
// forbids.
func (a *actor) checkAllowed(code string, allowed bool, action string) {
	if code == "OK" && !allowed {
		a.ledger.violations = append(a.ledger.violations, fmt.Sprintf("actor %d was allowed to %s", a.number, action))
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
		a.ledger.cats = append(a.ledger.cats, &catEntry{id: made.ID, owner: a.number, names: []string{name}})
	}
	return code
}

func (a *actor) update(t *testing.T, cat *catEntry) string {
	t.Helper()
	name, variables := uuid.NewString(), map[string]any{"id": cat.id}
	query := `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`
	mine := cat.owner == a.number
	if mine { // Only the owner changes the name, so that the changes have an order.
		query, variables["name"] = `mutation($id: ID!, $name: String!) { updateCatProfile(id: $id, input: {name: $name}) { id } }`, name
	}
	code, _ := a.send(t, query, variables)
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.checkAllowed(code, mine || a.admin, "update another member's cat")
	switch {
	case mine && code == "OK":
		cat.names = []string{name}
	case mine && code == unknown || mine && code == "UNAVAILABLE":
		cat.names = append(cat.names, name)
	}
	return code
}

func (a *actor) delete(t *testing.T, cat *catEntry) string {
	t.Helper()
	a.ledger.mu.Lock()
	cat.deleting = cat.deleting || cat.owner == a.number || a.admin
	a.ledger.mu.Unlock()
	code, _ := a.send(t, harness.DeleteCatMutation, map[string]any{"id": cat.id})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.checkAllowed(code, cat.owner == a.number || a.admin, "delete another member's cat")
	cat.deleted = cat.deleted || code == "OK"
	return code
}

func (a *actor) request(t *testing.T, cat *catEntry) string {
	t.Helper()
	first := 1 + a.random.IntN(200)
	code, data := a.send(t, harness.RequestFosteringMutation, map[string]any{"cat": cat.id, "start": env.Day(first), "end": env.Day(first + a.random.IntN(20))})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.checkAllowed(code, cat.owner != a.number, "foster their own cat")
	if code == "OK" {
		var made struct{ ID uuid.UUID }
		if err := json.Unmarshal(data["requestFostering"], &made); err != nil {
			t.Error(err)
		}
		a.ledger.fosterings = append(a.ledger.fosterings, &fosteringEntry{id: made.ID, cat: cat, participant: a.number, status: fostering.Pending})
	}
	return code
}

func (a *actor) move(t *testing.T, mutation string, f *fosteringEntry) string {
	t.Helper()
	query := `mutation($id: ID!) { ` + mutation + `(id: $id) { status } }`
	if mutation == "updateFostering" {
		query = `mutation($id: ID!) { updateFostering(id: $id, input: {message: "Please"}) { status } }`
	}
	code, data := a.send(t, query, map[string]any{"id": f.id})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	if mutation == "approveFostering" || mutation == "rejectFostering" {
		a.checkAllowed(code, f.cat.owner == a.number, "call "+mutation+" for another member's cat")
	} else {
		a.checkAllowed(code, f.participant == a.number, "call "+mutation+" for another member's fostering")
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

// reachable returns whether a fostering can get from one status to another.
func reachable(from, to fostering.Status) bool {
	if from == to {
		return true
	}
	for _, action := range []fostering.Action{fostering.Approve, fostering.Reject, fostering.Cancel, fostering.Activate, fostering.Complete} {
		if next, err := fostering.Next(from, action); err == nil && reachable(next, to) {
			return true
		}
	}
	return false
}

// check compares the responses with the rows.
func (l *ledger) check(t *testing.T, stack *harness.IsolatedStack) {
	t.Helper()
	for _, violation := range l.violations {
		t.Error(violation)
	}
	names := map[uuid.UUID]string{}
	statuses := map[uuid.UUID]fostering.Status{}
	read := func(query string, row func(scan func(...any) error) error) {
		rows, err := stack.DB.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	read(`SELECT id, name FROM cat_profiles`, func(scan func(...any) error) error {
		var id uuid.UUID
		var name string
		err := scan(&id, &name)
		names[id] = name
		return err
	})
	read(`SELECT id, status FROM fosterings`, func(scan func(...any) error) error {
		var id uuid.UUID
		var status fostering.Status
		err := scan(&id, &status)
		statuses[id] = status
		return err
	})
	for _, cat := range l.cats {
		name, there := names[cat.id]
		switch {
		case cat.deleted && there:
			t.Errorf("cat %s was deleted and still exists", cat.id)
		case !cat.deleting && !there:
			t.Errorf("cat %s is lost", cat.id)
		case there && !slices.Contains(cat.names, name):
			t.Errorf("cat %s has the name %s, want one of %v", cat.id, name, cat.names)
		}
	}
	for _, f := range l.fosterings {
		status, there := statuses[f.id]
		switch {
		case !f.cat.deleting && !there:
			t.Errorf("fostering %s is lost", f.id)
		case there && !reachable(f.status, status):
			t.Errorf("fostering %s was acknowledged as %s and is %s", f.id, f.status, status)
		}
	}
}
