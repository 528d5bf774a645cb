package e2e

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/keto"
)

const (
	newCatMutation    = `mutation { createCatProfile(input: {name: "Godard", age: 3, description: "Shy at first."}) { id } }`
	renameCatMutation = `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`
)

// createCat creates a cat on a server.
func createCat(t *testing.T, server string, owner member) uuid.UUID {
	t.Helper()
	var data struct {
		CreateCatProfile struct{ ID uuid.UUID }
	}
	askAs(t, server, owner, newCatMutation, nil).into(t, &data)
	return data.CreateCatProfile.ID
}

func askAs(t *testing.T, server string, who member, query string, variables map[string]any) reply {
	t.Helper()
	return askWith(t, server, http.Header{"X-Session-Token": {who.token}}, query, variables)
}

// metric reads a metric of a server from its internal listener.
func metric(t *testing.T, internal, name string) float64 {
	t.Helper()
	response, err := http.Get(internal + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(string(text))
	if found == nil {
		t.Fatalf("there is no metric %s: %s", name, text)
	}
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestWritingWhileKetoIsAway(t *testing.T) {
	t.Parallel()
	i, ada, bob := newIsland(t), newMember(t, "Ada"), newMember(t, "Bob")
	c := i.config
	server := startServer(t, &c)
	old := createCat(t, server, ada)
	variables := map[string]any{"id": old}

	i.kill(t)
	young := createCat(t, server, ada)
	for query, want := range map[string]string{
		renameCatMutation: "UNAVAILABLE",
		`mutation($id: ID!) { deleteCatProfile(id: $id) }`:             "UNAVAILABLE",
		`query($id: ID!) { catProfile(id: $id) { viewerCanEdit } }`:    "UNAVAILABLE",
		`query($id: ID!) { catProfile(id: $id) { name } me { name } }`: "OK",
	} {
		for _, who := range []member{ada, bob} {
			if got := askAs(t, server, who, query, variables).code(); got != want {
				t.Errorf("while Keto is away %s by %s: %s, want %s", query, who.name, got, want)
			}
		}
	}

	// That it is away is found out once, not by every request.
	began, asked := time.Now(), 0
	const requests = 60
	for range requests {
		asked += shared.calls.of(askAs(t, server, ada, renameCatMutation, variables)).Keto
	}
	if most := 3 + int(time.Since(began)/time.Second) + 1; asked > most {
		t.Errorf("while Keto is away %d requests have called it %d times, want at most %d", requests, asked, most)
	}
	if waiting := metric(t, internalURL(c), "catfoster_outbox_entries"); waiting != 1 {
		t.Errorf("while Keto is away %v objects are waiting, want 1", waiting)
	}
	if away := metric(t, internalURL(c), "catfoster_circuit_breakers_open"); away == 0 {
		t.Error("the metrics do not tell that Keto is away")
	}

	i.start(t)
	await(t, "what was written to become effective", func() bool {
		return askAs(t, server, ada, renameCatMutation, map[string]any{"id": young}).code() == "OK"
	})
	if got := askAs(t, server, bob, renameCatMutation, map[string]any{"id": young}).code(); got != "FORBIDDEN" {
		t.Errorf("when Keto is back somebody else: %s, want FORBIDDEN", got)
	}
	await(t, "nothing to be left", func() bool { return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 })
	if found := i.differences(t); len(found) > 0 {
		t.Errorf("Keto is not in step: %v", found)
	}
	for name, least := range map[string]float64{"catfoster_syncs_total": 2, "catfoster_sync_failures_total": 1} {
		if got := metric(t, internalURL(c), name); got < least {
			t.Errorf("%s is %v, want at least %v", name, got, least)
		}
	}
}

// stuck is a service that takes calls and never answers.
func stuck(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "http://" + listener.Addr().String()
}

func TestNoTransactionIsOpenWhileAServiceIsAsked(t *testing.T) {
	t.Parallel()
	i := newIsland(t)
	ada, bob, eve := newMember(t, "Ada"), newMember(t, "Bob"), newMember(t, "Eve")
	normal, noKratos, noAdmin := i.config, i.config, i.config
	noKratos.Kratos.PublicURL, noAdmin.Kratos.AdminURL = stuck(t), stuck(t)
	server, deaf, adminless := startServer(t, &normal), startServer(t, &noKratos), startServer(t, &noAdmin)
	cat, other := createCat(t, server, ada), createCat(t, server, ada)
	var asked struct{ RequestFostering struct{ ID uuid.UUID } }
	askAs(t, server, bob, requestMutation, map[string]any{"cat": other, "start": day(1), "end": day(2)}).into(t, &asked)
	fostering := map[string]any{"id": asked.RequestFostering.ID}

	i.signal(t, syscall.SIGSTOP)
	done := make(chan string)
	calls := []func() string{
		func() string { return "create: " + askAs(t, server, ada, newCatMutation, nil).code() },
		func() string {
			return "rename: " + askAs(t, server, ada, renameCatMutation, map[string]any{"id": cat}).code()
		},
		func() string {
			return "delete: " + askAs(t, server, ada, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": cat}).code()
		},
		func() string {
			return "request: " + askAs(t, server, eve, requestMutation, map[string]any{"cat": other, "start": day(1), "end": day(2)}).code()
		},
		func() string {
			return "approve: " + askAs(t, server, ada, `mutation($id: ID!) { approveFostering(id: $id) { id } }`, fostering).code()
		},
		func() string {
			return "read: " + askAs(t, server, bob, `query($id: ID!) { fostering(id: $id) { id } }`, fostering).code()
		},
		func() string {
			return "all: " + askAs(t, server, ada, `{ catProfiles { edges { node { viewerCanEdit } } } }`, nil).code()
		},
		func() string { return "leave: " + askAs(t, adminless, eve, deleteAccount, nil).code() },
		func() string { return "me: " + askAs(t, deaf, bob, newCatMutation, nil).code() },
	}
	for _, call := range calls {
		go func() { done <- call() }()
	}
	open := `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
		AND xact_start IS NOT NULL AND now() - state_change > interval '700 milliseconds'`
	answers, looks := map[string]bool{}, 0
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for len(answers) < len(calls) {
		select {
		case answer := <-done:
			answers[answer] = true
		case <-tick.C:
			looks++
			if n := i.count(t, open); n != 0 {
				t.Fatalf("%d transactions are open while Keto and Kratos do not answer", n)
			}
		}
	}
	if looks < 20 {
		t.Errorf("nothing has waited for Keto: it was looked %d times only", looks)
	}
	for _, want := range []string{
		"create: OK", "rename: UNAVAILABLE", "delete: UNAVAILABLE", "request: UNAVAILABLE", "approve: UNAVAILABLE",
		"read: UNAVAILABLE", "all: UNAVAILABLE", "leave: OK", "me: UNAVAILABLE",
	} {
		if strings.HasPrefix(want, "all") {
			continue // One error for each cat.
		}
		if !answers[want] {
			t.Errorf("want %s; the answers are %v", want, answers)
		}
	}
	if away := metric(t, internalURL(normal), "catfoster_circuit_breakers_open"); away == 0 {
		t.Error("a Keto that takes calls and does not answer is not noticed")
	}
	i.signal(t, syscall.SIGCONT)
	await(t, "Keto to be in step", func() bool {
		return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 && len(i.differences(t)) == 0
	})
}

func TestACrashBetweenCommitAndSyncIsRepairedByAnotherProcess(t *testing.T) {
	t.Parallel()
	i, ada, binary := newIsland(t), newMember(t, "Ada"), buildProgram(t)
	first, second := i.newReplica(t, binary), i.newReplica(t, binary)
	createCat(t, first.address, ada)

	i.signal(t, syscall.SIGSTOP)
	go func() { // The answer never comes: that is the crash.
		body := bytes.NewBufferString(`{"query": ` + strconv.Quote(newCatMutation) + `}`)
		request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, first.address+"/graphql", body)
		if err != nil {
			return
		}
		request.Header = http.Header{"X-Session-Token": {ada.token}, "Content-Type": {"application/json"}}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	await(t, "the commit", func() bool { return i.count(t, `SELECT count(*) FROM cat_profiles`) == 2 })
	if marks := i.count(t, `SELECT count(*) FROM outbox_entries WHERE claim IS NOT NULL`); marks != 1 {
		t.Errorf("after the commit %d marks are claimed, want 1", marks)
	}
	first.kill()
	i.signal(t, syscall.SIGCONT)

	var cat uuid.UUID
	if err := i.db.QueryRowContext(t.Context(), `SELECT object_id FROM outbox_entries`).Scan(&cat); err != nil {
		t.Fatal(err)
	}
	await(t, "the other process to repair it", func() bool {
		return askAs(t, second.address, ada, renameCatMutation, map[string]any{"id": cat}).code() == "OK"
	})
	await(t, "nothing to be left", func() bool { return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 })
	if found := i.differences(t); len(found) > 0 {
		t.Errorf("Keto is not in step: %v", found)
	}
}

func TestAMarkThatKeepsFailingHoldsUpNobody(t *testing.T) {
	t.Parallel()
	i, ada := newIsland(t), newMember(t, "Ada")
	c := i.config
	server := startServer(t, &c)
	const hopeless = 30
	for range hopeless {
		if _, err := i.db.ExecContext(t.Context(), `INSERT INTO outbox_entries (id, created_at, updated_at, namespace, object_id, due_at)
			VALUES (gen_random_uuid(), now(), now(), 'Nonsense', gen_random_uuid(), now())`); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "the failures to be visible", func() bool { return metric(t, internalURL(c), "catfoster_outbox_failing_entries") == hopeless })
	if failures := i.count(t, `SELECT count(*) FROM outbox_entries WHERE last_error LIKE '%no entity is registered%'`); failures != hopeless {
		t.Errorf("the reason of %d failures is kept, want %d", failures, hopeless)
	}
	i.kill(t)
	cat := createCat(t, server, ada)
	i.start(t)
	await(t, "the others to be synced", func() bool {
		return askAs(t, server, ada, renameCatMutation, map[string]any{"id": cat}).code() == "OK"
	})
	if age := metric(t, internalURL(c), "catfoster_outbox_oldest_seconds"); age <= 0 {
		t.Errorf("the oldest mark is %v seconds old", age)
	}
}

func TestAServerThatKetoDoesNotAnswerLeavesTheWorkToOthers(t *testing.T) {
	t.Parallel()
	i, ada := newIsland(t), newMember(t, "Ada")
	dead, err := shared.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	well, lost := i.config, i.config
	lost.Keto.PublicURL = "http://127.0.0.1:" + itoa(dead)
	lost.Keto.AdminURL = lost.Keto.PublicURL
	healthy, broken := startServer(t, &well), startServer(t, &lost)
	for range 5 {
		cat := createCat(t, broken, ada)
		await(t, "the healthy server to sync it", func() bool {
			return askAs(t, healthy, ada, renameCatMutation, map[string]any{"id": cat}).code() == "OK"
		})
	}
	await(t, "nothing to be left", func() bool { return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 })
	if done := metric(t, internalURL(lost), "catfoster_syncs_total"); done != 0 {
		t.Errorf("the broken server has synced %v objects", done)
	}
	if tries := metric(t, internalURL(lost), "catfoster_sync_failures_total"); tries != 5 {
		t.Errorf("the broken server has tried %v times, want once for each of its own five", tries)
	}
}

func TestWhatArrivesLateAtKetoDoesNotStay(t *testing.T) {
	t.Parallel()
	i, ada, bob := newIsland(t), newMember(t, "Ada"), newMember(t, "Bob")
	gate := newGate(t, i.config.Keto.AdminURL)
	c := i.config
	c.Keto.AdminURL = gate.address
	server := startServer(t, &c)
	cat := createCat(t, server, ada)

	// A write that Keto gets when its sender has long given up.
	late := make(chan []byte, 1)
	gate.do(func(_ http.ResponseWriter, r *http.Request, body []byte) bool {
		if !strings.Contains(string(body), "fosters") {
			return false
		}
		select {
		case late <- body:
			<-r.Context().Done()
			return true
		default:
			return false
		}
	})
	var data struct{ RequestFostering struct{ ID uuid.UUID } }
	askAs(t, server, bob, requestMutation, map[string]any{"cat": cat, "start": day(1), "end": day(2)}).into(t, &data)
	foster := keto.Tuple{Object: keto.ObjectOf(keto.CatProfile, cat), Relation: keto.Fosters, Subject: keto.UserSubject(bob.id)}
	await(t, "the worker to write it again", func() bool {
		allowed, err := i.keto.Check(t.Context(), foster)
		return err == nil && allowed
	})
	if got := askAs(t, server, bob, `mutation($id: ID!) { cancelFostering(id: $id) { id } }`, map[string]any{"id": data.RequestFostering.ID}).code(); got != "OK" {
		t.Fatalf("cancel: %s", got)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, i.config.Keto.AdminURL+"/admin/relation-tuples", bytes.NewReader(<-late))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if allowed, err := i.keto.Check(t.Context(), foster); err != nil || !allowed || response.StatusCode != http.StatusNoContent {
		t.Fatalf("the late write does nothing: %s, %t, %v", response.Status, allowed, err)
	}
	await(t, "Keto to be in step", func() bool {
		return i.count(t, `SELECT count(*) FROM outbox_entries`) == 0 && len(i.differences(t)) == 0
	})
}

func TestAChangeDuringASyncIsNotForgotten(t *testing.T) {
	t.Parallel()
	i, ada, bob, eve := newIsland(t), newMember(t, "Ada"), newMember(t, "Bob"), newMember(t, "Eve")
	gate := newGate(t, i.config.Keto.AdminURL)
	c := i.config
	c.Keto.AdminURL = gate.address
	server := startServer(t, &c)
	cat := createCat(t, server, ada)

	// Bob's request is about to be written to Keto while Eve's is committed.
	writing, committed := make(chan struct{}), make(chan struct{})
	var once sync.Once
	gate.do(func(_ http.ResponseWriter, _ *http.Request, body []byte) bool {
		if strings.Contains(string(body), "fosters") {
			once.Do(func() { close(writing); <-committed })
		}
		return false
	})
	answers := make(chan string, 2)
	ask := func(who member) {
		answers <- askAs(t, server, who, requestMutation, map[string]any{"cat": cat, "start": day(1), "end": day(2)}).code()
	}
	go ask(bob)
	<-writing
	go ask(eve)
	await(t, "the second commit", func() bool { return i.count(t, `SELECT count(*) FROM fosterings`) == 2 })
	close(committed)
	for range 2 {
		if got := <-answers; got != "OK" {
			t.Errorf("a request: %s", got)
		}
	}
	// The answers waited for the sync, so nobody has to wait any more.
	if found := i.differences(t); len(found) > 0 {
		t.Errorf("Keto is not in step: %v", found)
	}
	if marks := i.count(t, `SELECT count(*) FROM outbox_entries`); marks != 0 {
		t.Errorf("%d marks are left", marks)
	}
}

func TestTheRowsDisappearanceIsEnough(t *testing.T) {
	t.Parallel()
	i, ada, bob := newIsland(t), newMember(t, "Ada"), newMember(t, "Bob")
	c := i.config
	server := startServer(t, &c)
	cat := createCat(t, server, ada)
	var data struct{ RequestFostering struct{ ID uuid.UUID } }
	askAs(t, server, bob, requestMutation, map[string]any{"cat": cat, "start": day(1), "end": day(2)}).into(t, &data)
	for _, statement := range []string{`DELETE FROM fosterings`, `DELETE FROM cat_profiles`} {
		if _, err := i.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if left := len(i.differences(t)); left != 5 {
		t.Fatalf("Keto holds %d tuples of what is gone, want 5", left)
	}
	for query, test := range map[string]struct {
		who  member
		id   uuid.UUID
		want string
	}{
		renameCatMutation: {ada, cat, "NOT_FOUND"},
		`mutation($id: ID!) { deleteCatProfile(id: $id) }`:        {ada, cat, "NOT_FOUND"},
		`mutation($id: ID!) { approveFostering(id: $id) { id } }`: {ada, data.RequestFostering.ID, "FORBIDDEN"},
		`mutation($id: ID!) { cancelFostering(id: $id) { id } }`:  {bob, data.RequestFostering.ID, "FORBIDDEN"},
		`query($id: ID!) { fostering(id: $id) { id } }`:           {bob, data.RequestFostering.ID, "FORBIDDEN"},
	} {
		if got := askAs(t, server, test.who, query, map[string]any{"id": test.id}).code(); got != test.want {
			t.Errorf("%s about something that is gone: %s, want %s", query, got, test.want)
		}
	}
	if got := askAs(t, server, bob, requestMutation, map[string]any{"cat": cat, "start": day(1), "end": day(2)}).code(); got != "NOT_FOUND" {
		t.Errorf("a request for a cat that is gone: %s, want NOT_FOUND", got)
	}
}
