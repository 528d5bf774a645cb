package e2e

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/infra/seed/community"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

func TestSeed_Community(t *testing.T) {
	t.Parallel()
	plan := community.NewPlan()
	options := community.Options{
		Flows: env.Kratos.SelfService, Identities: env.Kratos.Admin, API: env.URL, Progress: io.Discard,
		Wait:           env.Fosterings.Advance, // Do not wait for the servers to advance fosterings.
		CatsWithPhotos: 10,                     // The race detector makes all of them take minutes.
	}
	made, err := community.Make(t.Context(), options)
	if err != nil || !made {
		t.Fatalf("the first run reports that it has made the community: %t (%v), want true", made, err)
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
		t.Errorf("fosterings by status (-plan +made):\n%s", diff)
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
		t.Fatalf("the second run reports that it has made the community: %t (%v), want false", made, err)
	}
	if diff := cmp.Diff(before, readSeeded(t, plan)); diff != "" {
		t.Errorf("rows before and after the second run (-before +after):\n%s", diff)
	}
}

// checkFirstPerson logs in with the account that the command prints and compares what the
// API returns with the plan.
func checkFirstPerson(t *testing.T, plan community.Plan) {
	t.Helper()
	first := plan.People[0]
	token, err := env.Kratos.Login(t.Context(), first.Email, community.Password)
	if err != nil {
		t.Fatalf("log in as %s: %v", first.Email, err)
	}
	type found struct {
		Name, Bio, Town           string
		Cats, Requested, ToDecide int
	}
	want := found{Name: first.Name, Bio: first.Bio, Town: first.Location}
	for _, c := range plan.Cats {
		if c.Owner == first.Email {
			want.Cats++
		}
	}
	for _, f := range plan.Fosterings {
		if f.Participant == first.Email {
			want.Requested++
		}
		if plan.OwnerOf(f) == first.Email && f.Status == fostering.Pending {
			want.ToDecide++
		}
	}
	type page struct{ TotalCount int }
	var data struct {
		Me struct {
			Name, Bio   string
			Place       struct{ Name string }
			CatProfiles page
		}
		Requested, ToDecide page
	}
	env.Query(t, token, `{
		me { name bio place { name } catProfiles { totalCount } }
		requested: fosterings(filter: {role: PARTICIPANT}) { totalCount }
		toDecide: fosterings(filter: {role: OWNER, status: [PENDING]}) { totalCount }
	}`, nil).Decode(t, &data)
	got := found{
		Name: data.Me.Name, Bio: data.Me.Bio, Town: data.Me.Place.Name,
		Cats: data.Me.CatProfiles.TotalCount, Requested: data.Requested.TotalCount, ToDecide: data.ToDecide.TotalCount,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("data of %s (-plan +API):\n%s", first.Name, diff)
	}
}

// seeded is the number of rows that belong to the community's people, and the rows as
// text.
type seeded struct {
	People, Cats, Fosterings int
	Statuses                 map[fostering.Status]int
	Rows                     string
}

// readSeeded reads the rows of the community's people. The tables also have rows of other
// tests.
func readSeeded(t *testing.T, plan community.Plan) seeded {
	t.Helper()
	var emails []string
	for _, p := range plan.People {
		emails = append(emails, p.Email)
	}
	var found seeded
	var statuses []byte
	err := env.DB.QueryRowContext(t.Context(), `
		WITH people AS (SELECT * FROM users WHERE email = ANY($1)),
			cats AS (SELECT * FROM cat_profiles WHERE owner_id IN (SELECT id FROM people)),
			requested AS (SELECT * FROM fosterings WHERE participant_id IN (SELECT id FROM people)),
			counts AS (SELECT status, count(*) AS n FROM requested GROUP BY status)
		SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM cats), (SELECT count(*) FROM requested),
			(SELECT jsonb_object_agg(status, n) FROM counts),
			concat_ws(E'\n',
				(SELECT string_agg(people::text, E'\n' ORDER BY id) FROM people),
				(SELECT string_agg(cats::text, E'\n' ORDER BY id) FROM cats),
				(SELECT string_agg(requested::text, E'\n' ORDER BY id) FROM requested))`, pq.Array(emails)).
		Scan(&found.People, &found.Cats, &found.Fosterings, &statuses, &found.Rows)
	if err != nil {
		t.Fatalf("read the community: %v", err)
	}
	if err := json.Unmarshal(statuses, &found.Statuses); err != nil {
		t.Fatalf("read %s: %v", statuses, err)
	}
	return found
}
