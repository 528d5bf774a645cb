package e2e

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// reconciled is what one run of the command has reported and used.
type reconciled struct {
	objects, tuples, missing, extra, duplicate int
	output                                     string
	ok                                         bool // whether it has succeeded
	took                                       time.Duration
	memory                                     int // peak of the resident set, in kilobytes
}

// reconcile runs the command.
func reconcile(t *testing.T, program harness.Program, c config.Config, arguments ...string) reconciled {
	t.Helper()
	cmd := program.Command(t.Context(), c, append([]string{"reconcile"}, arguments...)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	memory := make(chan int)
	go func() { memory <- watchMemory(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	close(ended)
	r := reconciled{output: output.String(), ok: err == nil, memory: <-memory}
	found := regexp.MustCompile(`Compared (\d+) objects with (\d+) tuples in (\S+): (\d+) missing, (\d+) extra, (\d+) duplicate\.`).FindStringSubmatch(r.output)
	if found == nil {
		t.Fatalf("reconcile %v prints %s", arguments, r.output)
	}
	if r.took, err = time.ParseDuration(found[3]); err != nil {
		t.Fatal(err)
	}
	found = slices.Delete(found, 3, 4)
	for n, into := range []*int{&r.objects, &r.tuples, &r.missing, &r.extra, &r.duplicate} {
		if *into, err = strconv.Atoi(found[n+1]); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// watchMemory returns the peak of a process's resident set until it ended, in kilobytes;
// 0 on systems without /proc. The peak that wait reports includes the memory of the
// process that started this one, before it executed the program.
func watchMemory(pid int, ended <-chan struct{}) (peak int) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // The process may have ended.
		if found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); found != nil {
			if n, err := strconv.Atoi(string(found[1])); err == nil {
				peak = max(peak, n)
			}
		}
		select {
		case <-ended:
			return peak
		case <-tick.C:
		}
	}
}

func TestReconcile_FindsAndRepairsDifferences(t *testing.T) {
	t.Parallel()
	stack, ada, bob, program := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.Program(t)
	c := stack.Config
	server := env.StartServer(t, c)
	var cats []uuid.UUID
	for range 5 {
		cats = append(cats, server.NewCat(t, ada))
	}
	server.NewFostering(t, bob, cats[0], env.Day(1), env.Day(2))
	if got := reconcile(t, program, c, "--dry-run"); !got.ok || got.objects != 8 || got.tuples != 15 {
		t.Fatalf("before the damage reconcile finds %+v, want 8 objects, the two groups among them, with 15 tuples and no difference", got)
	}

	damage(t, stack, ada, bob, cats)
	want := reconciled{objects: 11, tuples: 21, missing: 1, extra: 5, duplicate: 1}
	check := func(about string, got reconciled, ok bool, text string) {
		t.Helper()
		if got.objects != want.objects || got.tuples != want.tuples || got.missing != want.missing || got.extra != want.extra || got.duplicate != want.duplicate ||
			got.ok != ok || !strings.Contains(got.output, text) {
			t.Errorf("%s: %+v, want %+v, success %t and output with %q", about, got, want, ok, text)
		}
	}
	check("a dry run", reconcile(t, program, c, "--dry-run"), false, "catfoster: the relation tuples differ from the database")
	if found := stack.Differences(t); len(found) == 0 {
		t.Error("the dry run has changed tuples")
	}
	check("a repair", reconcile(t, program, c), true, "Repaired all of it.")
	if found := stack.Differences(t); len(found) > 0 {
		t.Errorf("differences after the repair: %v", found)
	}
	want = reconciled{objects: 8, tuples: 15}
	check("a dry run after the repair", reconcile(t, program, c, "--dry-run"), true, "0 missing, 0 extra, 0 duplicate")
	if pending := stack.Pending(t); pending != 0 {
		t.Errorf("%d outbox entries are left, want none", pending)
	}

	stack.KillKeto(t)
	if output, ok := program.Run(t, c, "reconcile"); ok || !strings.Contains(output, "no answer from Ory Keto") {
		t.Errorf("without Keto reconcile prints %q and succeeds: %t, want an error", output, ok)
	}
	stack.StartKeto(t)
}

// damage makes one tuple of the second cat missing, adds five tuples that follow from no
// row, and one that is there already.
func damage(t *testing.T, stack *harness.IsolatedStack, owner, other harness.Member, cats []uuid.UUID) {
	t.Helper()
	plainSubject := harness.OwnerOf(cats[2], owner.ID)
	plainSubject.Subject = keto.Subject{Object: harness.Object{ID: owner.ID.String()}} // no subject set
	invalidID := harness.OwnerOf(uuid.Nil, other.ID)
	invalidID.Object.ID = "stray"
	upperCase := harness.Tuple{
		Object:   harness.Object{Namespace: keto.Fostering, ID: strings.ToUpper(cats[0].String())},
		Relation: keto.FosterUsers, Subject: keto.UserSubject(other.ID),
	}
	duplicate := harness.OwnerOf(cats[3], owner.ID)
	for _, err := range []error{
		stack.Keto.Delete(t.Context(), harness.OwnerOf(cats[1], owner.ID)),
		stack.Keto.Write(t.Context(), []harness.Tuple{
			harness.OwnerOf(cats[2], other.ID),
			plainSubject,
			harness.OwnerOf(uuid.New(), other.ID), // no such cat
			invalidID,
			upperCase,
			duplicate,
		}, nil),
		stack.Keto.Write(t.Context(), []harness.Tuple{duplicate}, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// insertUser writes the user of a member to the database, unless it exists.
func insertUser(t *testing.T, stack *harness.IsolatedStack, m harness.Member) {
	t.Helper()
	stack.Exec(t, `INSERT INTO users (id, created_at, updated_at, name, email, email_verified, identity_id)
		VALUES ($1, now(), now(), $2, $3, true, $4) ON CONFLICT DO NOTHING`, m.ID, m.Name, m.Email, env.Identity(t, m.Email).ID)
}

// insertCats writes cats and their owner to the database, and no tuples to Keto.
func insertCats(t *testing.T, stack *harness.IsolatedStack, owner harness.Member, cats int) {
	t.Helper()
	insertUser(t, stack, owner)
	stack.Exec(t, `INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
		SELECT gen_random_uuid(), now() - interval '1 day', now() - interval '1 day', 'Cat ' || n, 1, 'One of many.', '[]', $1 FROM generate_series(1, $2) n`,
		owner.ID, cats)
}

// TestReconcile_ManyCats compares cats that have no tuples, as in a Keto that has lost everything, and cats whose tuples are
// all wrong. It counts the calls to Keto, which grow with the number of pages and of objects that differ, and measures the
// memory, which hardly grows with the number of cats: most of it is for the program itself.
//
// The environment variable CATFOSTER_RECONCILE_CATS has another number of cats: `make bench-reconcile`. Then it also says what
// each run takes, and fails if that is more than three minutes for 100,000 cats that differ, or one minute for as many that do not.
func TestReconcile_ManyCats(t *testing.T) {
	t.Parallel()
	const few = 2_500 // more than two pages
	cats := int(environmentNumber(t, "CATFOSTER_RECONCILE_CATS", few))
	stack, ada, bob, program := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.Program(t)
	read, write := harness.NewProxy(t, stack.Config.Keto.PublicURL), harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c, measured := stack.Config, cats != few
	if !measured { // The proxies take time too.
		c.Keto.PublicURL, c.Keto.AdminURL = read.URL, write.URL
	}
	if err := projection.NewSyncer(database.NewClient(stack.DB, nil), stack.Keto, slog.New(slog.DiscardHandler)).SyncModerators(t.Context()); err != nil {
		t.Fatal(err)
	}
	insertUser(t, stack, bob)
	const ofCat = 2               // tuples: its owner, and the admins
	const groups, ofGroups = 2, 2 // objects and tuples
	for _, step := range []struct {
		about                         string
		prepare                       func()
		tuples, missing, extra, calls int // calls that write the tuples of as many cats as are written together
	}{
		{"cats without tuples", func() { insertCats(t, stack, ada, cats) }, 0, ofCat * cats, 0, 1},
		{"cats with another owner", func() { stack.Exec(t, `UPDATE cat_profiles SET owner_id = $1`, bob.ID) }, ofCat * cats, cats, cats, 2},
	} {
		step.prepare()
		for _, run := range []struct {
			about                  string
			arguments              []string
			tuples, missing, extra int
			ok                     bool
			writes                 int
			most                   time.Duration // for 100,000 cats
		}{
			{"a dry run", []string{"--dry-run"}, step.tuples, step.missing, step.extra, false, 0, 3 * time.Minute},
			{"a repair", nil, step.tuples, step.missing, step.extra, true, step.calls * ((cats + 49) / 50), 3 * time.Minute},
			{"a dry run after the repair", []string{"--dry-run"}, ofCat * cats, 0, 0, true, 0, time.Minute},
			{"a repair after the repair", nil, ofCat * cats, 0, 0, true, 0, time.Minute},
		} {
			got := reconcile(t, program, c, run.arguments...)
			about := fmt.Sprintf("%s of %d %s", run.about, cats, step.about)
			if got.objects != cats+groups || got.tuples != run.tuples+ofGroups ||
				got.missing != run.missing || got.extra != run.extra || got.duplicate != 0 || got.ok != run.ok {
				t.Errorf("%s finds %+v, want %+v", about, got, run)
			}
			const maxMemory = 64 << 10 // kilobytes
			if got.memory > maxMemory {
				t.Errorf("%s uses %d kB, want at most %d", about, got.memory, maxMemory)
			}
			if measured {
				t.Logf("%s: %s, %d kB", about, got.took, got.memory)
				if most := run.most * time.Duration(cats) / 100_000; got.took > most {
					t.Errorf("%s takes %s, want at most %s", about, got.took, most)
				}
				if lines := strings.Count(got.output, "level=INFO"); lines < int(got.took/(10*time.Second))-1 {
					t.Errorf("%s takes %s and says %d times how far it is, want that every ten seconds:\n%s", about, got.took, lines, got.output)
				}
				continue
			}
			reads, writes := read.TakeCalls()["GET"], write.TakeCalls()["PATCH"]
			most := run.tuples/1000 + 8 // A thousand tuples are read at a time. A few calls check Keto itself.
			if run.missing > 0 {
				most += cats // All of them are looked at again.
			}
			if reads > most || writes != run.writes {
				t.Errorf("%s makes %d reads and %d writes, want at most %d and %d", about, reads, writes, most, run.writes)
			}
		}
	}
	if found := stack.Differences(t); len(found) > 0 {
		t.Errorf("%d differences after the repair, the first is %s", len(found), found[0])
	}
}

// TestReconcile_Interrupted ends a repair while it writes to Keto. What it has begun is finished, and the next run does the rest.
func TestReconcile_Interrupted(t *testing.T) {
	t.Parallel()
	stack, ada, program := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.Program(t)
	write := harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c := stack.Config
	c.Keto.AdminURL = write.URL
	const cats = 1_000
	insertCats(t, stack, ada, cats)

	cmd := program.Command(t.Context(), c, "reconcile")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	var once sync.Once
	started := make(chan struct{})
	write.Intercept(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.Method == http.MethodPatch {
			once.Do(func() {
				<-started
				if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
					t.Errorf("end the command: %v", err)
				}
			})
		}
		return false
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.Contains(output.String(), "catfoster: interrupted") {
		t.Errorf("a command that is interrupted: %v, it prints %s", err, output.String())
	}
	// On a busy machine Keto may not answer in time, which an entry remembers.
	if n := stack.Count(t, `SELECT count(*) FROM outbox_entries WHERE last_error IS NULL OR last_error LIKE '%context canceled%'`); n != 0 {
		t.Errorf("%d objects wait in the outbox after the interruption, want none", n)
	}
	const ofCat = 2
	if left := len(stack.Differences(t)); left == 0 || left >= cats*ofCat {
		t.Errorf("%d tuples differ after the interruption, want some of %d", left, cats*ofCat)
	}
	harness.Await(t, "a run that Keto answers in time", func() bool { return reconcile(t, program, c).ok })
	if found := stack.Differences(t); len(found) > 0 {
		t.Errorf("%d differences after the repair, the first is %s", len(found), found[0])
	}
}

// TestReconcile_ChangesMeanwhile changes rows after a dry run has read Keto. None of the
// changes is a difference.
func TestReconcile_ChangesMeanwhile(t *testing.T) {
	t.Parallel()
	stack, ada, bob := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	server := env.StartServer(t, stack.Config)
	deleted, requested := server.NewCat(t, ada), server.NewCat(t, ada)

	changed := false
	change := func(projection.Progress) {
		if changed {
			return
		}
		changed = true
		delayed := server.NewCat(t, ada)
		// Its commit came late: the time in the row is from before the run.
		stack.Exec(t, `UPDATE cat_profiles SET updated_at = now() - interval '30 seconds' WHERE id = $1`, delayed)
		server.NewFostering(t, bob, requested, env.Day(1), env.Day(2))
		server.Query(t, ada.Token, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": deleted}).RequireOK(t)
	}
	syncer := projection.NewSyncer(database.NewClient(stack.DB, nil), stack.Keto, slog.New(slog.DiscardHandler))
	report, err := syncer.Reconcile(t.Context(), stack.DB, true, change)
	if err != nil {
		t.Fatal(err)
	}
	if !changed {
		t.Fatal("nothing was changed during the run")
	}
	if report.Differences() != 0 {
		t.Errorf("a dry run finds %+v, want no difference", report)
	}
}

// TestReconcile_AdminRoles repairs a Keto that was restored from an old backup: it has an
// admin whose role was revoked, and lacks one whose role was granted.
func TestReconcile_AdminRoles(t *testing.T) {
	t.Parallel()
	stack, former, current := env.NewIsolatedStack(t), env.NewMember(t, "Former"), env.NewMember(t, "Current")
	server := env.StartServer(t, stack.Config)
	program := env.Program(t)
	for _, arguments := range [][]string{
		{"admin", "grant", "--super", current.Email}, {"admin", "grant", "--super", former.Email},
		{"admin", "revoke", "--super", former.Email}, {"admin", "revoke", former.Email},
	} {
		if output, ok := program.Run(t, stack.Config, arguments...); !ok {
			t.Fatalf("%v: %s", arguments, output)
		}
	}
	if err := stack.Keto.Write(t.Context(), []harness.Tuple{harness.Membership(former.ID), harness.Ownership(former.ID)},
		[]harness.Tuple{harness.Membership(current.ID), harness.Ownership(current.ID)}); err != nil {
		t.Fatal(err)
	}
	grant := func(by harness.Member) string {
		return server.Query(t, by.Token, `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`, map[string]any{"id": current.ID}).Code()
	}
	// Who is an admin sees the roles of others.
	var before struct{ User struct{ IsAdmin *bool } }
	server.Query(t, former.Token, `query($id: ID!) { user(id: $id) { isAdmin } }`, map[string]any{"id": current.ID}).Decode(t, &before)
	if before.User.IsAdmin == nil {
		t.Fatal("the restored tuples have no effect")
	}
	if output, ok := program.Run(t, stack.Config, "reconcile"); !ok {
		t.Fatal(output)
	}
	if got := grant(former); got != "FORBIDDEN" {
		t.Errorf("grantAdmin by the former super admin: %s, want FORBIDDEN", got)
	}
	if got := grant(current); got != "OK" {
		t.Errorf("grantAdmin by the super admin: %s, want OK", got)
	}
}
