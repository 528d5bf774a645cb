package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
)

// reconciled is what the command has printed, and cost.
type reconciled struct {
	objects, tuples, missing, extra, duplicate int
	output                                     string
	ok                                         bool
	took                                       string
	memory                                     int // the most that the process has used, in kilobytes
}

// reconcile runs the command on the island.
func (i *island) reconcile(t *testing.T, binary string, c config.Config, arguments ...string) reconciled {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"reconcile"}, arguments...)...)
	cmd.Env = append(os.Environ(), infra.Environment(c)...)
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

// watchMemory returns the most memory that a process has used until it ended, in
// kilobytes; 0 where the system does not tell. What wait tells counts the memory of
// the program that has started it.
func watchMemory(pid int, ended <-chan struct{}) (most int) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // Gone, or another system.
		if found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); found != nil {
			if n, err := strconv.Atoi(string(found[1])); err == nil {
				most = max(most, n)
			}
		}
		select {
		case <-ended:
			return most
		case <-tick.C:
		}
	}
}

func TestReconcileFindsAndRepairsEverything(t *testing.T) {
	t.Parallel()
	i, ada, bob, binary := newIsland(t), newMember(t, "Ada"), newMember(t, "Bob"), buildProgram(t)
	c := i.config
	server := startServer(t, &c)
	var cats []uuid.UUID
	for range 5 {
		cats = append(cats, createCat(t, server, ada))
	}
	askAs(t, server, bob, requestMutation, map[string]any{"cat": cats[0], "start": day(1), "end": day(2)}).into(t, &struct{}{})
	if got := i.reconcile(t, binary, c, "--dry-run"); !got.ok || got.objects != 6 || got.tuples != 13 {
		t.Fatalf("at first reconcile finds %+v", got)
	}

	cat := func(n int) keto.Object { return keto.ObjectOf(keto.CatProfile, cats[n]) }
	ghost := keto.ObjectOf(keto.CatProfile, uuid.New())
	right := keto.Tuple{Object: cat(3), Relation: keto.Owners, Subject: keto.UserSubject(ada.id)}
	damage := func() {
		for _, err := range []error{
			i.keto.Delete(t.Context(), keto.Tuple{Object: cat(1), Relation: keto.Owners, Subject: keto.UserSubject(ada.id)}),
			i.keto.Write(t.Context(), []keto.Tuple{
				{Object: cat(2), Relation: keto.Owners, Subject: keto.UserSubject(bob.id)},
				{Object: cat(2), Relation: keto.Owners, Subject: keto.Subject{Object: keto.Object{ID: ada.id.String()}}}, // a plain subject id
				{Object: ghost, Relation: keto.Owners, Subject: keto.UserSubject(bob.id)},
				{Object: keto.Object{Namespace: keto.CatProfile, ID: "stray"}, Relation: keto.Owners, Subject: keto.UserSubject(bob.id)},
				{Object: keto.Object{Namespace: keto.Fostering, ID: strings.ToUpper(cats[0].String())}, Relation: keto.FosterUsers, Subject: keto.UserSubject(bob.id)},
				right,
			}, nil),
			i.keto.Write(t.Context(), []keto.Tuple{right}, nil),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	damage()
	want := reconciled{objects: 9, tuples: 19, missing: 1, extra: 5, duplicate: 1}
	check := func(about string, got reconciled, ok bool, text string) {
		t.Helper()
		if got.objects != want.objects || got.tuples != want.tuples || got.missing != want.missing || got.extra != want.extra || got.duplicate != want.duplicate ||
			got.ok != ok || !strings.Contains(got.output, text) {
			t.Errorf("%s: %+v; want %+v, success: %t, %q", about, got, want, ok, text)
		}
	}
	check("a dry run", i.reconcile(t, binary, c, "--dry-run"), false, "catfoster: the permissions are not in step with the database")
	if found := i.differences(t); len(found) == 0 {
		t.Error("the dry run has repaired something")
	}
	check("a repair", i.reconcile(t, binary, c), true, "Repaired all of it.")
	if found := i.differences(t); len(found) > 0 {
		t.Errorf("after the repair Keto is not in step: %v", found)
	}
	want = reconciled{objects: 6, tuples: 13}
	check("a dry run after the repair", i.reconcile(t, binary, c, "--dry-run"), true, "0 missing, 0 extra, 0 duplicate")
	if marks := i.count(t, `SELECT count(*) FROM outbox_entries`); marks != 0 {
		t.Errorf("%d marks are left", marks)
	}

	i.kill(t)
	cmd := exec.CommandContext(t.Context(), binary, "reconcile")
	cmd.Env = append(os.Environ(), infra.Environment(c)...)
	if output, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(output), "the permission service cannot be reached") {
		t.Errorf("without Keto reconcile prints %s: %v", output, err)
	}
	i.start(t)
}

// fill makes many cats with their fosterings, of which Keto knows nothing.
func (i *island) fill(t *testing.T, owner member, cats int) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO users (id, created_at, updated_at, name, email, identity_id)
			SELECT $1, now(), now(), 'Owner', '', gen_random_uuid() WHERE $2 > 0 ON CONFLICT DO NOTHING`,
		`INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
			SELECT gen_random_uuid(), now() - interval '1 day', now() - interval '1 day', 'Cat ' || n, 1, 'One of many.', '[]', $1 FROM generate_series(1, $2) n`,
	} {
		if _, err := i.db.ExecContext(t.Context(), statement, owner.id, cats); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAHundredThousandCatsAreReconciledPageByPage counts the calls to Keto, which
// grow with the pages, and measures the memory, which hardly grows at all: 28 MB for
// a thousand cats and 31 MB for a hundred times as many, most of it the program.
func TestAHundredThousandCatsAreReconciledPageByPage(t *testing.T) {
	t.Parallel()
	i, ada, binary := newIsland(t), newMember(t, "Ada"), buildProgram(t)
	read, write := newGate(t, i.config.Keto.PublicURL), newGate(t, i.config.Keto.AdminURL)
	c := i.config
	c.Keto.PublicURL, c.Keto.AdminURL = read.address, write.address
	const readPage, writePage = 1000, 500 // tuples
	const most = 64 << 10                 // kilobytes
	total := 0
	for _, cats := range []int{1_000, 99_000} {
		i.fill(t, ada, cats)
		before := 2 * total
		total += cats
		for _, test := range []struct {
			about         string
			arguments     []string
			tuples, wrong int
			ok            bool
			reads, writes int
		}{
			{"a dry run", []string{"--dry-run"}, before, 2 * cats, false, before / readPage, 0},
			{"a repair", nil, before, 2 * cats, true, before / readPage, 2 * cats / writePage},
			{"a dry run after it", []string{"--dry-run"}, 2 * total, 0, true, 2 * total / readPage, 0},
		} {
			got := i.reconcile(t, binary, c, test.arguments...)
			about := fmt.Sprintf("%s of %d cats", test.about, total)
			if got.objects != total || got.tuples != test.tuples || got.missing != test.wrong || got.extra+got.duplicate != 0 || got.ok != test.ok {
				t.Errorf("%s finds %+v", about, got)
			}
			reads, writes := read.counted()["GET"], write.counted()["PATCH"]
			// Pages are not always full: objects that had tuples lie between those that had
			// none. A few calls find out about Keto itself.
			if reads > test.reads+5 || writes > test.writes+total/500+1 {
				t.Errorf("%s takes %d reads and %d writes, want about %d and %d", about, reads, writes, test.reads, test.writes)
			}
			t.Logf("%s: %d reads, %d writes, %d kB, %s", about, reads, writes, got.memory, got.took)
			if got.memory > most {
				t.Errorf("%s takes %d kB, want at most %d", about, got.memory, most)
			}
		}
	}
}
