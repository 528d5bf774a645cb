package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// ledger is what the actors of the chaos have been told, and may believe.
type ledger struct {
	mu         sync.Mutex
	cats       []*catEntry
	fosterings []*fosteringEntry
	answers    map[string]int
	violations []string
}

type catEntry struct {
	id    uuid.UUID
	owner int // an actor
	// names it may have: the last that was acknowledged, and those that were sent
	// after that without an answer.
	names []string
	// deleted is whether a delete was acknowledged; leaving whether one was sent.
	deleted, leaving bool
}

type fosteringEntry struct {
	id          uuid.UUID
	cat         *catEntry
	participant int
	// status is the last that was acknowledged.
	status fostering.Status
}

// actor is one of those who change things at random.
type actor struct {
	member
	number   int
	admin    bool
	replicas []*replica
	random   *rand.Rand
	ledger   *ledger
}

// unknown is the code of an answer that never came.
const unknown = "UNKNOWN"

// send sends a mutation to some server; the server may be gone.
func (a *actor) send(t *testing.T, query string, variables map[string]any) (code string, data map[string]json.RawMessage) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Error(err)
	}
	address := a.replicas[a.random.IntN(len(a.replicas))].address
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return unknown, nil
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Session-Token", a.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return unknown, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	var answer reply
	if err != nil || json.Unmarshal(text, &answer) != nil {
		return unknown, nil
	}
	if code = answer.code(); code == "OK" {
		_ = json.Unmarshal(answer.Data, &data) // Of no use if it is none.
	}
	return code, data
}

// step does one thing and writes down what came of it.
func (a *actor) step(t *testing.T) {
	t.Helper()
	l := a.ledger
	l.mu.Lock()
	var cat *catEntry
	var f *fosteringEntry
	if len(l.cats) > 0 {
		cat = l.cats[a.random.IntN(len(l.cats))]
		if recent := len(l.cats) - 8; recent > 0 && a.random.IntN(3) == 0 { // Many at once.
			cat = l.cats[recent+a.random.IntN(8)]
		}
		if mine := slices.IndexFunc(l.cats, func(c *catEntry) bool { return c.owner == a.number && !c.leaving }); mine >= 0 && a.random.IntN(3) == 0 {
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

	what := a.random.IntN(100)
	var kind, code string
	switch {
	case cat == nil || what < 20:
		kind, code = "create", a.create(t)
	case what < 40:
		kind, code = "rename", a.rename(t, cat)
	case what < 47:
		kind, code = "delete", a.delete(t, cat)
	case f == nil || what < 70:
		kind, code = "request", a.request(t, cat)
	default:
		kind = []string{"approveFostering", "rejectFostering", "cancelFostering", "updateFostering"}[a.random.IntN(4)]
		code = a.move(t, kind, f)
	}
	if code == unknown || code == "UNAVAILABLE" {
		time.Sleep(50 * time.Millisecond) // As somebody who tries again.
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[kind+" "+code]++
	if code == "INTERNAL_SERVER_ERROR" || code == "UNAUTHENTICATED" || strings.HasSuffix(code, "errors") {
		l.violations = append(l.violations, fmt.Sprintf("%s is answered with %s", kind, code))
	}
}

// allowed writes down a violation if something was done that the model forbids.
func (a *actor) allowed(code string, may bool, what string) {
	if code == "OK" && !may {
		a.ledger.violations = append(a.ledger.violations, fmt.Sprintf("actor %d may %s", a.number, what))
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

func (a *actor) rename(t *testing.T, cat *catEntry) string {
	t.Helper()
	name, variables := uuid.NewString(), map[string]any{"id": cat.id}
	query := `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`
	mine := cat.owner == a.number
	if mine { // Only one actor changes the name, one change after the other.
		query, variables["name"] = `mutation($id: ID!, $name: String!) { updateCatProfile(id: $id, input: {name: $name}) { id } }`, name
	}
	code, _ := a.send(t, query, variables)
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.allowed(code, mine || a.admin, "change a cat of another's")
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
	cat.leaving = cat.leaving || cat.owner == a.number || a.admin
	a.ledger.mu.Unlock()
	code, _ := a.send(t, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": cat.id})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.allowed(code, cat.owner == a.number || a.admin, "delete a cat of another's")
	cat.deleted = cat.deleted || code == "OK"
	return code
}

func (a *actor) request(t *testing.T, cat *catEntry) string {
	t.Helper()
	first := 1 + a.random.IntN(200)
	code, data := a.send(t, requestMutation, map[string]any{"cat": cat.id, "start": day(first), "end": day(first + a.random.IntN(20))})
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	a.allowed(code, cat.owner != a.number, "foster their own cat")
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
		a.allowed(code, f.cat.owner == a.number, mutation+" of a cat of another's")
	} else {
		a.allowed(code, f.participant == a.number, mutation+" of another's")
	}
	if code == "OK" {
		var moved struct{ Status fostering.Status }
		if err := json.Unmarshal(data[mutation], &moved); err != nil {
			t.Error(err)
		}
		// Answers may overtake each other: a state is left and never comes back.
		if reachable(f.status, moved.Status) {
			f.status = moved.Status
		}
	}
	return code
}

// reachable says whether a fostering may get from one state to another.
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

// TestChaos has twenty actors change things at random while Keto is paused, killed
// and restarted, servers are killed, and reconciliations run, and then looks for
// what must never have happened.
func TestChaos(t *testing.T) {
	t.Parallel()
	const actors, mutations = 20, 2000
	seed := uint64(time.Now().UnixNano())
	t.Logf("the chaos is number %d", seed)
	i, binary := newIsland(t), buildProgram(t)
	replicas := []*replica{i.newReplica(t, binary), i.newReplica(t, binary)}
	l := &ledger{answers: map[string]int{}}
	everybody := make([]*actor, actors)
	for n := range everybody {
		everybody[n] = &actor{
			member: newMember(t, fmt.Sprintf("Actor %d", n)), number: n, admin: n == 0, replicas: replicas, ledger: l,
			random: rand.New(rand.NewPCG(seed, uint64(n))),
		}
	}
	if err := i.keto.Insert(t.Context(), keto.AdminRole(everybody[0].id)); err != nil {
		t.Fatal(err)
	}

	var left atomic.Int64
	left.Store(mutations)
	over := make(chan struct{})
	var acting, raging sync.WaitGroup
	for _, a := range everybody {
		acting.Go(func() {
			for left.Add(-1) >= 0 {
				a.step(t)
			}
		})
	}
	raging.Go(func() { i.rage(t, rand.New(rand.NewPCG(seed, actors)), replicas, over) })
	raging.Go(func() { i.reconcileUntil(t, over) })
	acting.Wait()
	close(over)
	raging.Wait()

	await(t, "the worker to drain what is left", func() bool { return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 })
	if found := i.differences(t); len(found) > 0 {
		t.Errorf("Keto is not in step: %d differences, such as %v", len(found), found[:min(len(found), 10)])
	}
	l.check(t, i)
	t.Logf("%d cats, %d fosterings, answers %v", len(l.cats), len(l.fosterings), l.answers)
}

// rage pauses and kills things until it is over, and leaves everything running.
func (i *island) rage(t *testing.T, random *rand.Rand, replicas []*replica, over <-chan struct{}) {
	t.Helper()
	pause := func(most time.Duration) bool {
		select {
		case <-over:
			return false
		case <-time.After(time.Duration(random.Int64N(int64(most)))):
			return true
		}
	}
	for pause(4 * time.Second) {
		victim := replicas[random.IntN(len(replicas))]
		switch random.IntN(4) {
		case 0, 1:
			i.signal(t, syscall.SIGSTOP)
			pause(3 * time.Second)
			if random.IntN(2) == 0 { // While it holds calls that it has not answered.
				victim.kill()
				victim.start(t)
			}
			i.signal(t, syscall.SIGCONT)
		case 2:
			i.kill(t)
			pause(time.Second)
			i.start(t)
		default:
			victim.kill()
			pause(300 * time.Millisecond)
			victim.start(t)
		}
	}
}

// reconcileUntil reconciles again and again, which must do no harm.
func (i *island) reconcileUntil(t *testing.T, over <-chan struct{}) {
	t.Helper()
	client := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, i.db)))
	keeper := projection.NewSyncer(client, i.keto, slog.New(slog.DiscardHandler))
	for {
		select {
		case <-over:
			return
		case <-time.After(500 * time.Millisecond):
			// It fails whenever Keto is away.
			_, _ = keeper.Reconcile(t.Context(), i.db, false, func(projection.Report) {})
		}
	}
}

// check compares what the actors were told with what the rows say.
func (l *ledger) check(t *testing.T, i *island) {
	t.Helper()
	for _, violation := range l.violations {
		t.Error(violation)
	}
	names := map[uuid.UUID]string{}
	statuses := map[uuid.UUID]fostering.Status{}
	read := func(query string, row func(scan func(...any) error) error) {
		rows, err := i.db.QueryContext(t.Context(), query)
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
			t.Errorf("cat %s was deleted and is there", cat.id)
		case !cat.leaving && !there:
			t.Errorf("cat %s is lost", cat.id)
		case there && !slices.Contains(cat.names, name):
			t.Errorf("cat %s is called %s, want one of %v", cat.id, name, cat.names)
		}
	}
	for _, f := range l.fosterings {
		status, there := statuses[f.id]
		switch {
		case !f.cat.leaving && !there:
			t.Errorf("fostering %s is lost", f.id)
		case there && !reachable(f.status, status):
			t.Errorf("fostering %s was acknowledged to be %s and is %s", f.id, f.status, status)
		}
	}
}
