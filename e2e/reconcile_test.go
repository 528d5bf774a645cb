package e2e

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

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
	ok                                         bool   // whether it has succeeded
	took                                       string // the duration as it was printed
	memory                                     int    // peak of the resident set, in kilobytes
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
	r.took = found[3]
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

// insertCats writes a user, unless it exists, and cats to the database, and no tuples to
// Keto.
func insertCats(t *testing.T, stack *harness.IsolatedStack, owner harness.Member, cats int) {
	t.Helper()
	stack.Exec(t, `INSERT INTO users (id, created_at, updated_at, name, email, email_verified, identity_id)
		VALUES ($1, now(), now(), $2, $3, true, $4) ON CONFLICT DO NOTHING`,
		owner.ID, owner.Name, owner.Email, env.Identity(t, owner.Email).ID)
	stack.Exec(t, `INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
		SELECT gen_random_uuid(), now() - interval '1 day', now() - interval '1 day', 'Cat ' || n, 1, 'One of many.', '[]', $1 FROM generate_series(1, $2) n`,
		owner.ID, cats)
}

// insertTuples writes the tuples of the newest cats to Keto's tables, which is much faster than its
// API. They are like those of the oldest cat.
func insertTuples(t *testing.T, stack *harness.IsolatedStack, cats int) {
	t.Helper()
	address, err := url.Parse(stack.Config.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path += "_keto"
	db, err := sql.Open("postgres", address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var network uuid.UUID
	if err := db.QueryRowContext(t.Context(), `SELECT nid FROM keto_relation_tuples LIMIT 1`).Scan(&network); err != nil {
		t.Fatal(err)
	}
	ids, err := database.Select[string](t.Context(), stack.DB, `(SELECT id FROM cat_profiles ORDER BY created_at LIMIT 1)
		UNION ALL (SELECT id FROM cat_profiles ORDER BY created_at DESC LIMIT $1)`, cats)
	if err != nil {
		t.Fatal(err)
	}
	objects := make([]string, len(ids))
	for i, id := range ids {
		objects[i] = uuid.NewSHA1(network, []byte(id)).String()
	}
	for _, statement := range []string{
		`INSERT INTO keto_uuid_mappings (id, string_representation) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT DO NOTHING`,
		`INSERT INTO keto_relation_tuples (shard_id, nid, namespace, object, relation,
			subject_id, subject_set_namespace, subject_set_object, subject_set_relation, commit_time)
		SELECT gen_random_uuid(), nid, namespace, given.object, relation,
			subject_id, subject_set_namespace, subject_set_object, subject_set_relation, now()
		FROM keto_relation_tuples AS held, unnest($1::uuid[], $2::text[]) AS given (object, id)
		WHERE held.object = ($1::uuid[])[1] AND given.object <> held.object`,
	} {
		if _, err := db.ExecContext(t.Context(), statement, pq.Array(objects), pq.Array(ids)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReconcile_HundredThousandCats counts the calls to Keto, which grow with the number of pages
// and of objects that differ, and measures the memory, which hardly grows with the number of cats:
// most of it is for the program itself. The first thousand cats have no tuples, as in a Keto that
// has lost everything; of the others some have none.
func TestReconcile_HundredThousandCats(t *testing.T) {
	t.Parallel()
	stack, ada, program := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.Program(t)
	read, write := harness.NewProxy(t, stack.Config.Keto.PublicURL), harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c := stack.Config
	c.Keto.PublicURL, c.Keto.AdminURL = read.URL, write.URL
	const readPage, writePage = 1000, 500 // tuples
	const comparedPage = 250              // objects
	const maxMemory = 64 << 10            // kilobytes
	if err := projection.NewSyncer(database.NewClient(stack.DB, nil), stack.Keto, slog.New(slog.DiscardHandler)).SyncModerators(t.Context()); err != nil {
		t.Fatal(err)
	}
	const groups, ofGroups = 2, 2 // objects and tuples
	total := 0
	for _, step := range []struct{ cats, differ int }{{1_000, 1_000}, {99_000, 1_000}} {
		insertCats(t, stack, ada, step.cats)
		if step.differ < step.cats {
			insertTuples(t, stack, step.cats-step.differ)
		}
		total += step.cats
		before := 2 * (total - step.differ)
		for _, test := range []struct {
			about         string
			arguments     []string
			tuples, wrong int
			ok            bool
			reads, writes int
		}{
			{"a dry run", []string{"--dry-run"}, before, 2 * step.differ, false, before/readPage + step.differ, 0},
			{"a repair", nil, before, 2 * step.differ, true, before/readPage + step.differ, 2*step.differ/writePage + total/comparedPage},
			{"a dry run after the repair", []string{"--dry-run"}, 2 * total, 0, true, 2 * total / readPage, 0},
		} {
			got := reconcile(t, program, c, test.arguments...)
			about := fmt.Sprintf("%s of %d cats", test.about, total)
			if got.objects != total+groups ||
				got.tuples != test.tuples+ofGroups || got.missing != test.wrong || got.extra+got.duplicate != 0 || got.ok != test.ok {
				t.Errorf("%s finds %+v, want %+v", about, got, test)
			}
			reads, writes := read.TakeCalls()["GET"], write.TakeCalls()["PATCH"]
			// Pages are not always full because objects with tuples are between those without.
			// A few calls check Keto itself.
			if reads > test.reads+5 || writes > test.writes+1 {
				t.Errorf("%s makes %d reads and %d writes, want about %d and %d", about, reads, writes, test.reads, test.writes)
			}
			t.Logf("%s: %d reads, %d writes, %d kB, %s", about, reads, writes, got.memory, got.took)
			if got.memory > maxMemory {
				t.Errorf("%s uses %d kB, want at most %d", about, got.memory, maxMemory)
			}
		}
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
	change := func(projection.Report) {
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
