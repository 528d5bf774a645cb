package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestHostile_Memory sends the most expensive queries that are accepted, sixteen at a time, to a
// server in a process of its own. Its memory stays below a limit all the time.
func TestHostile_Memory(t *testing.T) {
	t.Parallel()
	const (
		most   = 200 << 20 // bytes of resident memory
		atOnce = 16
		rounds = 2
	)
	ada := env.NewMember(t, "Ada")
	largeCats(t, ada)
	server := env.StartReplica(t, env.Program(t), withoutRateLimit(env.Config))
	page := func(first int, selection string) string {
		return fmt.Sprintf(`catProfiles(first: %d, filter: {ownerId: "%s"}) { edges { node { %s } } }`, first, ada.ID, selection)
	}
	for _, test := range []struct {
		about, query, want string
	}{
		{"the texts and photos of a hundred cats", page(100, "description specialCareInstructions photosUrls"), "OK"},
		{"a larger answer than is allowed", page(100, aliases(7, "photosUrls")), "COMPLEXITY_LIMIT_EXCEEDED"},
		{"pages of photos", aliases(6, page(100, "photosUrls")), "COMPLEXITY_LIMIT_EXCEEDED"},
		{"pages of texts", aliases(22, page(100, "description")), "COMPLEXITY_LIMIT_EXCEEDED"},
		{"pages of ids", aliases(60, page(100, "id")), "OK"},
		{"many ids of each cat", page(100, aliases(290, "id")), "OK"},
		{"many owners of each cat", page(100, aliases(145, "owner { id }")), "OK"},
		{"many names of the owner of each cat", page(100, "owner {"+aliases(290, "id")+"}"), "OK"},
		{"the cats of the owner of each cat", page(2, "owner { catProfiles(first: 100) { edges { node {"+aliases(140, "id")+"} } } }"), "OK"},
		{"counts", aliases(50, `catProfiles(filter: {search: "c"}) { totalCount }`), "OK"},
		{"wrong pages of the fosterings of each cat", page(100, aliases(110, `fosterings(after: "x") { totalCount }`)), "11000 errors"},
		{"names in the schema", "__schema { types { fields { type { fields {" + aliases(340, "name") + "} } } } }", "OK"},
	} {
		before := server.Metric(t, "process_cpu_seconds_total")
		for range rounds {
			answers := harness.Concurrently(atOnce, func(int) string { return server.Query(t, ada.Token, "{"+test.query+"}", nil).Code() })
			if answers[test.want] != atOnce {
				t.Errorf("%s: %v, want %s", test.about, answers, test.want)
			}
		}
		cpu := (server.Metric(t, "process_cpu_seconds_total") - before) / (rounds * atOnce)
		peak := server.PeakMemory(t) // Since its start.
		t.Logf("%-45s %4d MB at most so far, %4.0f ms of CPU time each", test.about, peak>>20, cpu*1000)
		if peak > most {
			t.Fatalf("%s, %d at a time: the server has had %d MB of memory, want at most %d", test.about, atOnce, peak>>20, most>>20)
		}
	}
}

// withoutRateLimit turns the limits of each caller off, so that those below them are tested.
func withoutRateLimit(c config.Config) config.Config {
	c.RateLimit.Points = 0
	return c
}

// largeCats adds a hundred cats with the longest texts and photos that are allowed, so that a
// page of them is nearly the largest answer. They are deleted at the end of the test.
func largeCats(t *testing.T, owner harness.Member) {
	t.Helper()
	photo := "https://example.org/" + strings.Repeat("x", 2028)
	env.Exec(t, `INSERT INTO cat_profiles (id, created_at, updated_at, owner_id, name, age, description, special_care_instructions, photos_urls, available)
		SELECT gen_random_uuid(), now(), now(), $1, 'Cat', 1, repeat('😺', 2000), repeat('😺', 2000),
			(SELECT jsonb_agg($2::text) FROM generate_series(1, 10)), true
		FROM generate_series(1, 100)`, owner.ID, photo)
	t.Cleanup(func() {
		if _, err := env.DB.Exec(`DELETE FROM cat_profiles WHERE owner_id = $1`, owner.ID); err != nil {
			t.Errorf("delete the large cats: %v", err)
		}
	})
}
