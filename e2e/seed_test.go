package e2e

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/infra/seed/community"
	"github.com/catfoster/catfoster/internal/fostering"
)

func TestTheSeededCommunity(t *testing.T) {
	t.Parallel()
	plan := community.NewPlan()
	options := community.Options{
		Kratos: shared.kratos, API: publicURL(shared.config), Now: shared.now, Progress: io.Discard,
		Wait: shared.schedule.Pass, // Time passes at once.
	}
	made, err := community.Make(t.Context(), options)
	if err != nil || !made {
		t.Fatalf("the first run makes the community: %t (%v), want true", made, err)
	}

	before := readSeeded(t, plan)
	if before.People != 36 || before.Cats != 200 || before.Fosterings != 120 {
		t.Errorf("%d people, %d cats and %d fosterings, want 36, 200 and 120", before.People, before.Cats, before.Fosterings)
	}
	want := map[fostering.Status]int{}
	for _, f := range plan.Fosterings {
		want[f.Status]++
	}
	if diff := cmp.Diff(want, before.Statuses); diff != "" {
		t.Errorf("fosterings by state (-plan +made):\n%s", diff)
	}
	for _, status := range []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Active, fostering.Completed,
	} {
		if before.Statuses[status] == 0 {
			t.Errorf("no fostering is %s", status)
		}
	}
	checkFirstPerson(t, plan)

	made, err = community.Make(t.Context(), options)
	if err != nil || made {
		t.Fatalf("the second run makes the community: %t (%v), want false", made, err)
	}
	if diff := cmp.Diff(before, readSeeded(t, plan)); diff != "" {
		t.Errorf("the second run changes something (-before +after):\n%s", diff)
	}
}

// checkFirstPerson logs in as visitors are told to, and compares what they find
// with the plan.
func checkFirstPerson(t *testing.T, plan community.Plan) {
	t.Helper()
	first := plan.People[0]
	token, err := shared.kratos.Login(t.Context(), first.Email, community.Password)
	if err != nil {
		t.Fatalf("log in as %s: %v", first.Email, err)
	}
	type found struct {
		Name, Bio, Location    string
		Cats, Made, ToBeJudged int
	}
	want := found{Name: first.Name, Bio: first.Bio, Location: first.Location, Cats: first.Cats}
	for _, f := range plan.Fosterings {
		if f.Participant == 0 {
			want.Made++
		}
		if plan.Cats[f.Cat].Owner == 0 && f.Status == fostering.Pending {
			want.ToBeJudged++
		}
	}
	type page struct{ TotalCount int }
	var data struct {
		Me struct {
			Name, Bio, Location string
			CatProfiles         page
		}
		Made, ToBeJudged page
	}
	ask(t, token, `{
		me { name bio location catProfiles { totalCount } }
		made: fosterings(filter: {role: PARTICIPANT}) { totalCount }
		toBeJudged: fosterings(filter: {role: OWNER, status: [PENDING]}) { totalCount }
	}`, nil).into(t, &data)
	got := found{
		Name: data.Me.Name, Bio: data.Me.Bio, Location: data.Me.Location,
		Cats: data.Me.CatProfiles.TotalCount, Made: data.Made.TotalCount, ToBeJudged: data.ToBeJudged.TotalCount,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what %s sees (-plan +API):\n%s", first.Name, diff)
	}
}

// seeded is what there is of the community's people: how many rows, and all that
// they say.
type seeded struct {
	People, Cats, Fosterings int
	Statuses                 map[fostering.Status]int
	Rows                     string
}

// readSeeded reads the rows of the community's people; other tests have theirs in
// the same tables.
func readSeeded(t *testing.T, plan community.Plan) seeded {
	t.Helper()
	var emails []string
	for _, p := range plan.People {
		emails = append(emails, p.Email)
	}
	var found seeded
	var statuses []byte
	err := shared.db.QueryRowContext(t.Context(), `
		WITH people AS (SELECT * FROM users WHERE email = ANY($1)),
			cats AS (SELECT * FROM cat_profiles WHERE owner_id IN (SELECT id FROM people)),
			theirs AS (SELECT * FROM fosterings WHERE participant_id IN (SELECT id FROM people)),
			counts AS (SELECT status, count(*) AS n FROM theirs GROUP BY status)
		SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM cats), (SELECT count(*) FROM theirs),
			(SELECT jsonb_object_agg(status, n) FROM counts),
			concat_ws(E'\n',
				(SELECT string_agg(people::text, E'\n' ORDER BY id) FROM people),
				(SELECT string_agg(cats::text, E'\n' ORDER BY id) FROM cats),
				(SELECT string_agg(theirs::text, E'\n' ORDER BY id) FROM theirs))`, pq.Array(emails)).
		Scan(&found.People, &found.Cats, &found.Fosterings, &statuses, &found.Rows)
	if err != nil {
		t.Fatalf("read the community: %v", err)
	}
	if err := json.Unmarshal(statuses, &found.Statuses); err != nil {
		t.Fatalf("read %s: %v", statuses, err)
	}
	return found
}
