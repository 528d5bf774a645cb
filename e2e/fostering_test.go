package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
)

// day is a day some days from today.
func day(n int) string {
	return fostering.Day(shared.now()).AddDate(0, 0, n).Format(time.DateOnly)
}

const requestMutation = `mutation($cat: ID!, $start: Date!, $end: Date!, $message: String) {
	requestFostering(input: {catProfileId: $cat, startDate: $start, endDate: $end, message: $message}) { id status }
}`

// request requests to foster a cat.
func request(t *testing.T, who member, cat uuid.UUID, start, end string) reply {
	t.Helper()
	return ask(t, who.token, requestMutation, map[string]any{"cat": cat, "start": start, "end": end})
}

// newFostering requests to foster a cat and returns the fostering.
func newFostering(t *testing.T, who member, cat uuid.UUID, start, end string) uuid.UUID {
	t.Helper()
	var data struct {
		RequestFostering struct {
			ID     uuid.UUID
			Status string
		}
	}
	request(t, who, cat, start, end).into(t, &data)
	if data.RequestFostering.Status != "PENDING" {
		t.Fatalf("a new request is %s, want PENDING", data.RequestFostering.Status)
	}
	return data.RequestFostering.ID
}

// act calls a mutation that takes the id of a fostering, and returns the new
// status or the code of the error.
func act(t *testing.T, token, mutation string, id uuid.UUID) string {
	t.Helper()
	r := ask(t, token, `mutation($id: ID!) { `+mutation+`(id: $id) { status } }`, map[string]any{"id": id})
	if r.code() != "OK" {
		return r.code()
	}
	var data map[string]struct{ Status string }
	r.into(t, &data)
	return data[mutation].Status
}

func statusOf(t *testing.T, token string, id uuid.UUID) string {
	t.Helper()
	var data struct{ Fostering struct{ Status string } }
	ask(t, token, `query($id: ID!) { fostering(id: $id) { status } }`, map[string]any{"id": id}).into(t, &data)
	return data.Fostering.Status
}

// force brings a fostering into a state with dates that suit it, past every rule
// of ours.
func force(t *testing.T, id uuid.UUID, status fostering.Status) {
	t.Helper()
	start, end := 10, 20
	if status == fostering.Active {
		start, end = -1, 5
	}
	if _, err := shared.db.ExecContext(t.Context(),
		"UPDATE fosterings SET status = $1, start_date = $2, end_date = $3 WHERE id = $4", status, day(start), day(end), id); err != nil {
		t.Fatal(err)
	}
}

func TestTheStoryOfAFostering(t *testing.T) {
	t.Parallel()
	owner, foster, stranger := newMember(t, "Owner"), newMember(t, "Foster"), newMember(t, "Stranger")
	cat := newCat(t, owner)

	// The addresses of the others that somebody sees in a fostering.
	emails := func(who member, id uuid.UUID) string {
		var data struct {
			Fostering struct {
				Participant struct{ Email *string }
				CatProfile  struct{ Owner struct{ Email *string } }
			}
		}
		ask(t, who.token, `query($id: ID!) { fostering(id: $id) { participant { email } catProfile { owner { email } } } }`,
			map[string]any{"id": id}).into(t, &data)
		var seen strings.Builder
		for _, email := range []*string{data.Fostering.Participant.Email, data.Fostering.CatProfile.Owner.Email} {
			if email != nil && *email != who.email {
				seen.WriteString(*email)
			}
		}
		return seen.String()
	}
	canFoster := func(who member) bool {
		var data struct {
			CatProfile struct{ ViewerCanFoster bool }
		}
		ask(t, who.token, `query($id: ID!) { catProfile(id: $id) { viewerCanFoster } }`, map[string]any{"id": cat}).into(t, &data)
		return data.CatProfile.ViewerCanFoster
	}

	if !canFoster(foster) || canFoster(owner) {
		t.Errorf("before the request, the foster can foster the cat: %t, its owner: %t; want true, false", canFoster(foster), canFoster(owner))
	}
	id := newFostering(t, foster, cat, day(0), day(7))
	if canFoster(foster) {
		t.Error("somebody who has requested a cat can request it again")
	}
	if code := request(t, foster, cat, day(20), day(21)).code(); code != "FORBIDDEN" {
		t.Errorf("a second request for the same cat: %s, want FORBIDDEN", code)
	}
	if emails(owner, id) != "" || emails(foster, id) != "" {
		t.Error("a party of a pending fostering sees the other's address")
	}
	if got := act(t, owner.token, "approveFostering", id); got != "APPROVED" {
		t.Fatalf("approve: %s", got)
	}
	if emails(owner, id) != foster.email || emails(foster, id) != owner.email {
		t.Error("the parties of an approved fostering do not see each other's address")
	}
	if code := ask(t, stranger.token, `query($id: ID!) { fostering(id: $id) { id } }`, map[string]any{"id": id}).code(); code != "FORBIDDEN" {
		t.Errorf("a stranger reads the fostering: %s, want FORBIDDEN", code)
	}
	if code := request(t, stranger, cat, day(7), day(9)).code(); code != "CONFLICT" {
		t.Errorf("a request for a day that is promised: %s, want CONFLICT", code)
	}

	shared.pass(t) // Its first day has come.
	if got := statusOf(t, foster.token, id); got != "ACTIVE" {
		t.Fatalf("on its first day the fostering is %s, want ACTIVE", got)
	}
	if got := act(t, owner.token, "completeFostering", id); got != "COMPLETED" {
		t.Fatalf("complete: %s", got)
	}
	if emails(owner, id) != "" || emails(foster, id) != "" {
		t.Error("after the end a party still sees the other's address")
	}
	if !canFoster(foster) {
		t.Error("after the end the foster cannot foster the cat again")
	}
	var data struct {
		User struct{ CompletedFosterings int }
	}
	ask(t, stranger.token, `query($id: ID!) { user(id: $id) { completedFosterings } }`, map[string]any{"id": foster.id}).into(t, &data)
	if data.User.CompletedFosterings != 1 {
		t.Errorf("the foster has completed %d fosterings, want 1", data.User.CompletedFosterings)
	}
	newFostering(t, foster, cat, day(1), day(2))
}

func TestEveryTransitionByEverybodyInEveryState(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := newMember(t, "Owner"), newMember(t, "Foster"), newMember(t, "Stranger"), newAdmin(t)
	tokens := map[string]string{"owner": owner.token, "participant": foster.token, "stranger": stranger.token, "admin": admin.token, "nobody": ""}
	actors := map[string]string{ // who may, by Keto
		"approveFostering": "owner", "rejectFostering": "owner", "completeFostering": "owner", "cancelFostering": "participant",
	}
	allowed := map[string]map[fostering.Status]string{
		"approveFostering":  {fostering.Pending: "APPROVED"},
		"rejectFostering":   {fostering.Pending: "REJECTED"},
		"cancelFostering":   {fostering.Pending: "CANCELLED", fostering.Approved: "CANCELLED"},
		"completeFostering": {fostering.Active: "COMPLETED"},
	}
	states := []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Active, fostering.Completed,
	}
	for mutation, actor := range actors {
		for _, state := range states {
			t.Run(mutation+" of one that is "+string(state), func(t *testing.T) {
				t.Parallel()
				id := newFostering(t, foster, newCat(t, owner), day(10), day(20))
				force(t, id, state)
				for who, token := range tokens {
					if who == actor {
						continue
					}
					want := "FORBIDDEN"
					if who == "nobody" {
						want = "UNAUTHENTICATED"
					}
					if got := act(t, token, mutation, id); got != want {
						t.Errorf("%s by %s: %s, want %s", mutation, who, got, want)
					}
				}
				if got := statusOf(t, owner.token, id); got != string(state) {
					t.Errorf("refused attempts turn %s into %s", state, got)
				}
				want, after := allowed[mutation][state], allowed[mutation][state]
				if want == "" {
					want, after = "CONFLICT", string(state)
				}
				if got := act(t, tokens[actor], mutation, id); got != want {
					t.Errorf("%s by %s: %s, want %s", mutation, actor, got, want)
				}
				if got := statusOf(t, owner.token, id); got != after {
					t.Errorf("after it the fostering is %s, want %s", got, after)
				}
			})
		}
	}
}

func TestARequestMayBeChangedWhileItIsPending(t *testing.T) {
	t.Parallel()
	owner, foster, other := newMember(t, "Owner"), newMember(t, "Foster"), newMember(t, "Other")
	cat := newCat(t, owner)
	promised := newFostering(t, other, cat, day(30), day(40))
	if got := act(t, owner.token, "approveFostering", promised); got != "APPROVED" {
		t.Fatal(got)
	}
	id := newFostering(t, foster, cat, day(10), day(20))
	update := func(token string, input map[string]any) reply {
		return ask(t, token, `mutation($id: ID!, $input: UpdateFosteringInput!) {
			updateFostering(id: $id, input: $input) { startDate endDate message }
		}`, map[string]any{"id": id, "input": input})
	}
	for _, step := range []struct {
		about string
		token string
		input map[string]any
		want  string
	}{
		{"nothing", foster.token, map[string]any{}, "OK"},
		{"other days", foster.token, map[string]any{"startDate": day(11), "endDate": day(29)}, "OK"},
		{"the last day alone", foster.token, map[string]any{"endDate": day(12)}, "OK"},
		{"a message", foster.token, map[string]any{"message": " Hello "}, "OK"},
		{"days that are promised", foster.token, map[string]any{"endDate": day(30)}, "CONFLICT"},
		{"days the wrong way round", foster.token, map[string]any{"startDate": day(13)}, "BAD_USER_INPUT"},
		{"a day in the past", foster.token, map[string]any{"startDate": day(-1)}, "BAD_USER_INPUT"},
		{"no day", foster.token, map[string]any{"startDate": nil}, "BAD_USER_INPUT"},
		{"by the owner", owner.token, map[string]any{"message": "x"}, "FORBIDDEN"},
	} {
		if got := update(step.token, step.input).code(); got != step.want {
			t.Errorf("change of %s: %s, want %s", step.about, got, step.want)
		}
	}
	var data struct{ UpdateFostering map[string]any }
	update(foster.token, map[string]any{}).into(t, &data)
	want := map[string]any{"startDate": day(11), "endDate": day(12), "message": "Hello"}
	if diff := cmp.Diff(want, data.UpdateFostering); diff != "" {
		t.Errorf("after all changes (-want +got):\n%s", diff)
	}
	if got := act(t, owner.token, "approveFostering", id); got != "APPROVED" {
		t.Fatal(got)
	}
	if got := update(foster.token, map[string]any{"endDate": day(13)}).code(); got != "CONFLICT" {
		t.Errorf("a change after the approval: %s, want CONFLICT", got)
	}
}

func TestARequestWithBadDaysNamesTheDay(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	cat := newCat(t, owner)
	for about, test := range map[string]struct {
		start, end string
		want       []string
	}{
		"yesterday":               {day(-1), day(1), []string{"BAD_USER_INPUT startDate"}},
		"the end first":           {day(5), day(4), []string{"BAD_USER_INPUT endDate"}},
		"more than a year":        {day(5), day(371), []string{"BAD_USER_INPUT endDate"}},
		"both":                    {day(-1), day(-2), []string{"BAD_USER_INPUT startDate", "BAD_USER_INPUT endDate"}},
		"no such day":             {"2026-02-30", day(1), []string{"BAD_USER_INPUT start"}},
		"a time":                  {"2026-12-01T00:00:00Z", day(1), []string{"BAD_USER_INPUT start"}},
		"a year beyond the years": {day(1), "10000-01-01", []string{"BAD_USER_INPUT end"}},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			got := ask(t, foster.token, `mutation($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }`,
				map[string]any{"input": map[string]any{"catProfileId": cat, "startDate": test.start, "endDate": test.end}}).fields()
			for i, field := range got {
				if !strings.HasPrefix(field, test.want[min(i, len(test.want)-1)]) {
					t.Errorf("%s: %v, want %v", about, got, test.want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("%s: %v, want %v", about, got, test.want)
			}
		})
	}
}

func TestACatThatIsNotAvailableTakesNoRequests(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	cat := newCat(t, owner)
	ask(t, owner.token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {available: false}) { id } }`, map[string]any{"id": cat}).into(t, &struct{}{})
	if got := request(t, foster, cat, day(1), day(2)).code(); got != "CONFLICT" {
		t.Errorf("a request for a cat that is not available: %s, want CONFLICT", got)
	}
	if got := request(t, owner, cat, day(1), day(2)).code(); got != "FORBIDDEN" {
		t.Errorf("a request for one's own cat: %s, want FORBIDDEN", got)
	}
	if got := request(t, foster, uuid.Must(uuid.NewV7()), day(1), day(2)).code(); got != "NOT_FOUND" {
		t.Errorf("a request for a cat that does not exist: %s, want NOT_FOUND", got)
	}
}

// crowd runs n calls at once and counts their answers.
func crowd(n int, call func(i int) string) map[string]int {
	answers := make([]string, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i] = call(i) })
	}
	all.Wait()
	counts := map[string]int{}
	for _, a := range answers {
		counts[a]++
	}
	return counts
}

func TestAHundredApprovalsAtOnceMakeOnePromise(t *testing.T) {
	t.Parallel()
	const n = 100
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	cat := newCat(t, owner)
	first := newFostering(t, foster, cat, day(1), day(30))
	// The other 99 people need no sessions: they only have to be asked by.
	ids := []uuid.UUID{first}
	for range n - 1 {
		ids = append(ids, insertFostering(t, cat, day(10), day(20)))
	}
	approve := func(i int) string { return act(t, owner.token, "approveFostering", ids[i]) }
	if diff := cmp.Diff(map[string]int{"APPROVED": 1, "CONFLICT": n - 1}, crowd(n, approve)); diff != "" {
		t.Errorf("a hundred approvals (-want +got):\n%s", diff)
	}
	// Another server, as after a restart, finds it the same.
	c := shared.config
	address := startServer(t, &c)
	again := crowd(n, func(i int) string {
		return askWith(t, address, bearer(owner), `mutation($id: ID!) { approveFostering(id: $id) { id } }`, map[string]any{"id": ids[i]}).code()
	})
	if diff := cmp.Diff(map[string]int{"CONFLICT": n}, again); diff != "" {
		t.Errorf("a hundred approvals after a restart (-want +got):\n%s", diff)
	}
}

func bearer(who member) http.Header {
	return http.Header{"Authorization": {"Bearer " + who.token}}
}

// insertFostering makes somebody up who has requested a cat.
func insertFostering(t *testing.T, cat uuid.UUID, start, end string) uuid.UUID {
	t.Helper()
	somebody, id := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	for _, statement := range []struct {
		sql       string
		arguments []any
	}{
		{`INSERT INTO users (id, created_at, updated_at, name, email) VALUES ($1, now(), now(), 'Somebody', '')`, []any{somebody}},
		{
			`INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
				VALUES ($1, now(), now(), $2, $3, $4, $5, 'PENDING')`, []any{id, cat, somebody, start, end},
		},
	} {
		if _, err := shared.db.ExecContext(t.Context(), statement.sql, statement.arguments...); err != nil {
			t.Fatal(err)
		}
	}
	err := shared.keeper.Write(t.Context(), func(*ent.Tx) ([]keto.Object, error) {
		return []keto.Object{keto.ObjectOf(keto.Fostering, id), keto.ObjectOf(keto.CatProfile, cat)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAHundredRequestsAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	cat := newCat(t, owner)
	got := crowd(100, func(int) string { return request(t, foster, cat, day(1), day(2)).code() })
	if got["OK"] != 1 || got["OK"]+got["CONFLICT"]+got["FORBIDDEN"] != 100 {
		t.Errorf("a hundred requests by one person for one cat: %v, want one that stands and the others refused", got)
	}
}

func TestPostgresHasTheLastWord(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	cat := newCat(t, owner)
	one, two := insertFostering(t, cat, day(1), day(10)), insertFostering(t, cat, day(10), day(20))
	for _, test := range []struct {
		about, sql string
		arguments  []any
		want       string
	}{
		{"the first promise", `UPDATE fosterings SET status = 'APPROVED' WHERE id = $1`, []any{one}, ""},
		{"one that overlaps by a day", `UPDATE fosterings SET status = 'ACTIVE' WHERE id = $1`, []any{two}, "by_hand_fosterings_no_overlap"},
		{"one that does not", `UPDATE fosterings SET status = 'APPROVED', start_date = $2 WHERE id = $1`, []any{two, day(11)}, ""},
		{"the end before the start", `UPDATE fosterings SET end_date = $2 WHERE id = $1`, []any{two, day(5)}, "fosterings_dates"},
		{"a state that does not exist", `UPDATE fosterings SET status = 'LOST' WHERE id = $1`, []any{two}, "fosterings_status"},
		{
			"a second open one",
			`INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
				SELECT $2, now(), now(), cat_profile_id, participant_id, start_date, end_date, 'PENDING' FROM fosterings WHERE id = $1`,
			[]any{two, uuid.New()}, "by_hand_fosterings_one_open",
		},
		{"a cat that goes from under them", `DELETE FROM cat_profiles WHERE id = $1`, []any{cat}, "fosterings_cat_profiles_fosterings"},
	} {
		_, err := shared.db.ExecContext(t.Context(), test.sql, test.arguments...)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s is refused: %v", test.about, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want the constraint %s", test.about, err, test.want)
		}
	}
}

func TestDeletingACat(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	for _, state := range []fostering.Status{"", fostering.Pending, fostering.Approved, fostering.Active, fostering.Completed} {
		t.Run("with a fostering that is "+string(state), func(t *testing.T) {
			t.Parallel()
			cat := newCat(t, owner)
			var id uuid.UUID
			if state != "" {
				id = newFostering(t, foster, cat, day(10), day(20))
				force(t, id, state)
			}
			want := "OK"
			if state == fostering.Approved || state == fostering.Active {
				want = "CONFLICT"
			}
			remove := `mutation($id: ID!) { deleteCatProfile(id: $id) }`
			if got := ask(t, foster.token, remove, map[string]any{"id": cat}).code(); got != "FORBIDDEN" {
				t.Errorf("somebody else deletes the cat: %s, want FORBIDDEN", got)
			}
			if got := ask(t, owner.token, remove, map[string]any{"id": cat}).code(); got != want {
				t.Fatalf("the owner deletes the cat: %s, want %s", got, want)
			}
			if want != "OK" {
				return
			}
			if got := ask(t, owner.token, remove, map[string]any{"id": cat}).code(); got != "NOT_FOUND" {
				t.Errorf("the owner deletes the cat again: %s, want NOT_FOUND", got)
			}
			if id != uuid.Nil {
				if got := act(t, foster.token, "cancelFostering", id); got != "FORBIDDEN" {
					t.Errorf("the fostering of a cat that is gone: %s, want FORBIDDEN", got)
				}
			}
			for _, object := range []keto.Object{keto.ObjectOf(keto.CatProfile, cat), keto.ObjectOf(keto.Fostering, id)} {
				left, err := shared.keto.List(t.Context(), object)
				if err != nil {
					t.Fatal(err)
				}
				if len(left) > 0 {
					t.Errorf("tuples are left of %s: %v", object, left)
				}
			}
		})
	}
}

func TestTuplesThatAreLeftOfADeletedCatGrantNothing(t *testing.T) {
	t.Parallel()
	owner, other := newMember(t, "Owner"), newMember(t, "Other")
	ghost := uuid.Must(uuid.NewV7())
	relate(t, keto.Tuple{
		Object: keto.ObjectOf(keto.CatProfile, ghost), Relation: keto.Owners, Subject: keto.UserSubject(owner.id),
	})
	if got := ask(t, owner.token, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": ghost}).code(); got != "NOT_FOUND" {
		t.Errorf("the owner of a ghost edits it: %s, want NOT_FOUND", got)
	}
	if got := request(t, other, ghost, day(1), day(2)).code(); got != "NOT_FOUND" {
		t.Errorf("somebody fosters a ghost: %s, want NOT_FOUND", got)
	}
}

func TestTimeMovesFosteringsOnce(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	type state struct {
		status     fostering.Status
		start, end int
	}
	// Each has a cat of its own, so that the dates do not collide.
	cases := map[state]fostering.Status{
		{fostering.Pending, -1, 5}:   fostering.Cancelled,
		{fostering.Pending, 0, 5}:    fostering.Pending,
		{fostering.Pending, 1, 5}:    fostering.Pending,
		{fostering.Approved, 0, 5}:   fostering.Active,
		{fostering.Approved, 0, 0}:   fostering.Active,
		{fostering.Approved, -3, 5}:  fostering.Active,
		{fostering.Approved, -9, -1}: fostering.Completed,
		{fostering.Approved, 1, 5}:   fostering.Approved,
		{fostering.Active, -3, 0}:    fostering.Active,
		{fostering.Active, -3, -1}:   fostering.Completed,
		{fostering.Rejected, -9, -1}: fostering.Rejected,
	}
	ids := map[uuid.UUID]state{}
	for s := range cases {
		id := insertFostering(t, newCat(t, owner), day(1), day(2))
		if _, err := shared.db.ExecContext(t.Context(), "UPDATE fosterings SET status = $1, start_date = $2, end_date = $3 WHERE id = $4",
			s.status, day(s.start), day(s.end), id); err != nil {
			t.Fatal(err)
		}
		ids[id] = s
	}
	// Several replicas at once.
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { shared.pass(t) })
	}
	all.Wait()
	for id, s := range ids {
		if got, want := statusOf(t, owner.token, id), string(cases[s]); got != want {
			t.Errorf("%+v becomes %s, want %s", s, got, want)
		}
	}
}

func TestTimeOpensTheWayForANewRequest(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	cat := newCat(t, owner)
	id := newFostering(t, foster, cat, day(1), day(2))
	if _, err := shared.db.ExecContext(t.Context(), "UPDATE fosterings SET start_date = $1 WHERE id = $2", day(-1), id); err != nil {
		t.Fatal(err)
	}
	shared.pass(t)
	newFostering(t, foster, cat, day(1), day(2))
}

func TestATravelledClockDecidesWhatIsPast(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	// With a database of its own: what is due in 2042 is not due for others.
	c := shared.config
	c.Postgres.URL = newDatabase(t)
	address := startServerAt(t, &c, func() time.Time { return time.Date(2042, 7, 1, 23, 59, 59, 0, time.FixedZone("", -3600)) })
	var data struct {
		CreateCatProfile struct{ ID uuid.UUID }
	}
	askWith(t, address, bearer(owner), `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, nil).into(t, &data)
	cat := data.CreateCatProfile.ID
	// It is 2042-07-02 in UTC.
	for _, step := range []struct{ start, want string }{{"2042-07-01", "BAD_USER_INPUT"}, {"2042-07-02", "OK"}} {
		got := askWith(t, address, bearer(foster), requestMutation, map[string]any{"cat": cat, "start": step.start, "end": "2042-07-09"}).code()
		if got != step.want {
			t.Errorf("a request for %s in 2042: %s, want %s", step.start, got, step.want)
		}
	}
}

func TestFosteringsOfOnesOwn(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := newMember(t, "Owner"), newMember(t, "Foster"), newMember(t, "Stranger"), newAdmin(t)
	cats := []uuid.UUID{newCat(t, owner), newCat(t, owner)}
	a := newFostering(t, foster, cats[0], day(9), day(10))
	b := newFostering(t, foster, cats[1], day(5), day(6))
	d := newFostering(t, stranger, cats[0], day(20), day(21))
	own := newFostering(t, owner, newCat(t, foster), day(1), day(2))
	if got := act(t, owner.token, "rejectFostering", b); got != "REJECTED" {
		t.Fatal(got)
	}
	list := func(who member, from string) []uuid.UUID {
		var data map[string]struct {
			TotalCount int
			Edges      []struct{ Node struct{ ID uuid.UUID } }
		}
		ask(t, who.token, `{ fosterings`+from+` { totalCount edges { node { id } } } }`, nil).into(t, &data)
		var ids []uuid.UUID
		for _, edge := range data["fosterings"].Edges {
			ids = append(ids, edge.Node.ID)
		}
		if data["fosterings"].TotalCount != len(ids) {
			t.Errorf("fosterings%s has totalCount %d and %d edges", from, data["fosterings"].TotalCount, len(ids))
		}
		return ids
	}
	for _, test := range []struct {
		who  member
		from string
		want []uuid.UUID
	}{
		{owner, "", []uuid.UUID{own, d, b, a}},
		{owner, "(filter: {role: OWNER})", []uuid.UUID{d, b, a}},
		{owner, "(filter: {role: PARTICIPANT})", []uuid.UUID{own}},
		{owner, "(filter: {status: [REJECTED]})", []uuid.UUID{b}},
		{owner, "(filter: {status: [REJECTED, PENDING], role: OWNER})", []uuid.UUID{d, b, a}},
		{owner, fmt.Sprintf("(filter: {catProfileId: %q})", cats[0]), []uuid.UUID{d, a}},
		{owner, "(orderBy: {field: START_DATE})", []uuid.UUID{own, b, a, d}},
		{owner, "(orderBy: {field: START_DATE, direction: DESC})", []uuid.UUID{d, a, b, own}},
		{owner, "(orderBy: {field: CREATED_AT})", []uuid.UUID{a, b, d, own}},
		{foster, "", []uuid.UUID{own, b, a}},
		{stranger, "", []uuid.UUID{d}},
		{admin, "", nil},
	} {
		if got := list(test.who, test.from); !slices.Equal(got, test.want) {
			t.Errorf("fosterings%s of %s: %v, want %v", test.from, test.who.name, got, test.want)
		}
	}

	// Through the cat and through the participant everybody sees what concerns them.
	nested := func(who member) (ofCat, ofUser []uuid.UUID) {
		var data struct {
			CatProfile, User struct {
				Fosterings struct {
					TotalCount int
					Edges      []struct{ Node struct{ ID uuid.UUID } }
				}
			}
		}
		ask(t, who.token, `query($cat: ID!, $user: ID!) {
			catProfile(id: $cat) { fosterings { totalCount edges { node { id } } } }
			user(id: $user) { fosterings { totalCount edges { node { id } } } }
		}`, map[string]any{"cat": cats[0], "user": foster.id}).into(t, &data)
		for _, edge := range data.CatProfile.Fosterings.Edges {
			ofCat = append(ofCat, edge.Node.ID)
		}
		for _, edge := range data.User.Fosterings.Edges {
			ofUser = append(ofUser, edge.Node.ID)
		}
		if data.CatProfile.Fosterings.TotalCount != len(ofCat) || data.User.Fosterings.TotalCount != len(ofUser) {
			t.Errorf("nested counts seen by %s are %d and %d, want %d and %d", who.name,
				data.CatProfile.Fosterings.TotalCount, data.User.Fosterings.TotalCount, len(ofCat), len(ofUser))
		}
		return ofCat, ofUser
	}
	// What somebody does not see takes no place on their pages: the newest fostering
	// of the cat is the stranger's.
	for who, want := range map[string]uuid.UUID{foster.token: a, stranger.token: d, owner.token: d} {
		var data struct {
			CatProfile struct {
				Fosterings struct {
					Edges    []struct{ Node struct{ ID uuid.UUID } }
					PageInfo struct{ HasNextPage bool }
				}
			}
		}
		ask(t, who, `query($cat: ID!) { catProfile(id: $cat) { fosterings(first: 1) { edges { node { id } } pageInfo { hasNextPage } } } }`,
			map[string]any{"cat": cats[0]}).into(t, &data)
		got := data.CatProfile.Fosterings
		if len(got.Edges) != 1 || got.Edges[0].Node.ID != want || got.PageInfo.HasNextPage != (who == owner.token) {
			t.Errorf("the first fostering on a page of one: %+v, want %s", got, want)
		}
	}
	for _, test := range []struct {
		who           member
		ofCat, ofUser []uuid.UUID
	}{
		{owner, []uuid.UUID{d, a}, []uuid.UUID{b, a}},
		{admin, []uuid.UUID{d, a}, []uuid.UUID{b, a}},
		{foster, []uuid.UUID{a}, []uuid.UUID{b, a}},
		{stranger, []uuid.UUID{d}, nil},
	} {
		ofCat, ofUser := nested(test.who)
		if !slices.Equal(ofCat, test.ofCat) || !slices.Equal(ofUser, test.ofUser) {
			t.Errorf("%s sees of the cat %v and of the participant %v, want %v and %v", test.who.name, ofCat, ofUser, test.ofCat, test.ofUser)
		}
	}
}
