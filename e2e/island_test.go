package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
)

// island is a Keto and a database of a test's own, which may be paused, killed and
// filled with anything. Kratos is the one that all share.
type island struct {
	options infra.Options
	config  config.Config // of a server there
	db      *sql.DB
	keto    *keto.Client

	mu    sync.Mutex
	stack *infra.Stack // of nothing but Keto
}

func newIsland(t *testing.T) *island {
	t.Helper()
	ports, err := shared.ports.Ports()
	if err != nil {
		t.Fatal(err)
	}
	root, err := infra.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	i := &island{options: infra.Options{
		Root: root, Dir: t.TempDir(), Bin: filepath.Join(root, ".local", "bin"), Ports: ports, Disposable: true,
		PostgresURL: newDatabase(t), Kratos: shared.stack.Kratos, ActionAPIKey: shared.stack.ActionAPIKey,
	}}
	i.start(t)
	t.Cleanup(func() {
		i.signal(t, syscall.SIGCONT)
		if err := i.stack.Stop(); err != nil {
			t.Error(err)
		}
	})
	i.config = i.stack.Config()
	i.db = openDatabase(t, i.config.Postgres.URL)
	i.keto = keto.NewClient(config.Keto{PublicURL: i.config.Keto.PublicURL, AdminURL: i.config.Keto.AdminURL}, nil)
	return i
}

// start starts Keto.
func (i *island) start(t *testing.T) {
	t.Helper()
	stack, err := infra.Start(context.WithoutCancel(t.Context()), i.options)
	if err != nil {
		t.Errorf("start Keto: %v", err)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stack = stack
}

// signal sends a signal to Keto, if it is running.
func (i *island) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	found, err := exec.Command("pgrep", "-f", "^[^ ]*keto[^ ]* serve --config "+i.options.Dir).Output()
	if err != nil {
		return // It is not running.
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(found)))
	if err != nil {
		t.Errorf("find Keto's process among %q: %v", found, err)
		return
	}
	if err := syscall.Kill(pid, signal); err != nil {
		t.Errorf("send %s to Keto: %v", signal, err)
	}
}

// kill ends Keto as a crash does.
func (i *island) kill(t *testing.T) {
	t.Helper()
	i.signal(t, syscall.SIGKILL)
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.stack.Stop(); err != nil {
		t.Errorf("after Keto was killed: %v", err)
	}
}

// differences compares what Keto holds with what the rows say, without any of the
// code that keeps them in step.
func (i *island) differences(t *testing.T) []string {
	t.Helper()
	held := map[string]int{}
	for _, namespace := range []keto.Namespace{keto.CatProfile, keto.Fostering} {
		for page, err := range i.keto.Pages(t.Context(), namespace) {
			if err != nil {
				return []string{err.Error()}
			}
			for _, tuple := range page {
				held[tuple.String()]++
			}
		}
	}
	rows, err := i.db.QueryContext(t.Context(), `
		SELECT 'CatProfile:' || id || '#owners@User:' || owner_id FROM cat_profiles
		UNION ALL SELECT 'CatProfile:' || id || '#editors@Group:admin#members' FROM cat_profiles
		UNION ALL SELECT 'CatProfile:' || cat_profile_id || '#fosters@User:' || participant_id FROM fosterings WHERE status IN ('PENDING', 'APPROVED', 'ACTIVE')
		UNION ALL SELECT 'Fostering:' || id || '#catProfiles@CatProfile:' || cat_profile_id FROM fosterings
		UNION ALL SELECT 'Fostering:' || id || '#fosterUsers@User:' || participant_id FROM fosterings`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var tuple string
		if err := rows.Scan(&tuple); err != nil {
			t.Fatal(err)
		}
		switch held[tuple] {
		case 0:
			found = append(found, "missing "+tuple)
		case 1:
		default:
			found = append(found, "duplicate "+tuple)
		}
		delete(held, tuple)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for tuple := range held {
		found = append(found, "extra "+tuple)
	}
	return found
}

// count is the answer to a query for one number.
func (i *island) count(t *testing.T, query string) int {
	t.Helper()
	var n int
	if err := i.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// replica is a server in a process of its own.
type replica struct {
	address string
	command func() *exec.Cmd

	mu      sync.Mutex
	running *exec.Cmd
	output  bytes.Buffer
}

// newReplica starts a server on the island, until the end of the test.
func (i *island) newReplica(t *testing.T, binary string) *replica {
	t.Helper()
	c := i.config
	for _, port := range []*uint16{&c.Listen.Port, &c.Listen.InternalPort} {
		var err error
		if *port, err = shared.ports.Port(); err != nil {
			t.Fatal(err)
		}
	}
	r := &replica{address: publicURL(c)}
	r.command = func() *exec.Cmd {
		cmd := exec.Command(binary, "serve")
		cmd.Env = append(os.Environ(), infra.Environment(c)...)
		cmd.Stdout, cmd.Stderr = &r.output, &r.output
		return cmd
	}
	r.start(t)
	t.Cleanup(r.kill)
	return r
}

func (r *replica) start(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	r.running = r.command()
	err := r.running.Start()
	r.mu.Unlock()
	if err != nil {
		t.Errorf("start a server: %v", err)
		return
	}
	await(t, "a server to start", func() bool {
		response, err := http.Get(r.address + "/health/alive")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// kill ends the server as a crash does.
func (r *replica) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		return
	}
	_ = r.running.Process.Kill()
	_ = r.running.Wait() // It was killed.
	r.running = nil
}

// gate passes calls on to a service, unless it is told to do something else.
type gate struct {
	address string
	proxy   *httputil.ReverseProxy

	mu    sync.Mutex
	calls map[string]int // by method
	// instead, if not nil, may carry a call or do something else with it; it returns
	// whether it has.
	instead func(w http.ResponseWriter, r *http.Request, body []byte) bool
}

func newGate(t *testing.T, service string) *gate {
	t.Helper()
	target, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{proxy: httputil.NewSingleHostReverseProxy(target), calls: map[string]int{}}
	g.address = serve(t, g)
	return g
}

// ServeHTTP passes a call on.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.mu.Lock()
	g.calls[r.Method]++
	instead := g.instead
	g.mu.Unlock()
	if instead != nil && instead(w, r, body) {
		return
	}
	g.proxy.ServeHTTP(w, r)
}

func (g *gate) do(instead func(w http.ResponseWriter, r *http.Request, body []byte) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.instead = instead
}

// counted returns how many calls there were since it was last asked.
func (g *gate) counted() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	calls := g.calls
	g.calls = map[string]int{}
	return calls
}
