package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

const updateCarePlan = `mutation($id: ID!, $input: CarePlanInput!) { updateCarePlan(catProfileId: $id, input: $input) {
	id carePlan { feeding medication vet mayAuthorizeTreatment emergencyContact habits }
} }`

// carePlan is what a viewer reads of a care plan.
type carePlan struct {
	Feeding, Vet          *string
	MayAuthorizeTreatment *bool
}

// carePlanOf returns the care plan that a viewer reads, or nil.
func carePlanOf(t *testing.T, viewer harness.Member, cat uuid.UUID) *carePlan {
	t.Helper()
	var data struct{ CatProfile struct{ CarePlan *carePlan } }
	env.Query(t, viewer.Token, `query($id: ID!) { catProfile(id: $id) { carePlan { feeding vet mayAuthorizeTreatment } } }`, map[string]any{"id": cat}).Decode(t, &data)
	return data.CatProfile.CarePlan
}

// TestCarePlan_WhoReadsIt has each status of a fostering, and each kind of viewer.
func TestCarePlan_WhoReadsIt(t *testing.T) {
	t.Parallel()
	const ended = `UPDATE fosterings SET status = $2, ended_by = 'OWNER', ended_at = $3 WHERE id = $1`
	end := func(status fostering.Status, days int) func(*testing.T, uuid.UUID) {
		return func(t *testing.T, id uuid.UUID) {
			t.Helper()
			env.Exec(t, ended, id, status, env.Now().AddDate(0, 0, -days))
		}
	}
	move := func(status fostering.Status) func(*testing.T, uuid.UUID) {
		return func(t *testing.T, id uuid.UUID) {
			t.Helper()
			env.SetStatus(t, id, status)
		}
	}
	for name, test := range map[string]struct {
		prepare func(*testing.T, uuid.UUID)
		reads   bool // whether the participant does
	}{
		"pending":               {func(*testing.T, uuid.UUID) {}, false},
		"approved":              {move(fostering.Approved), true},
		"active":                {move(fostering.Active), true},
		"completed today":       {end(fostering.Completed, 0), true},
		"completed for 13 days": {end(fostering.Completed, limits.ContactDays-1), true},
		"completed for 14 days": {end(fostering.Completed, limits.ContactDays), false},
		"cancelled":             {end(fostering.Cancelled, 0), false},
		"rejected":              {end(fostering.Rejected, 0), false},
		"expired":               {end(fostering.Expired, 0), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
			cat, other := env.NewCat(t, owner), env.NewCat(t, owner)
			for _, id := range []uuid.UUID{cat, other} {
				env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": id, "input": map[string]any{"feeding": "Twice a day."}}).RequireOK(t)
			}
			test.prepare(t, env.NewFostering(t, participant, cat, env.Day(1), env.Day(2)))
			for viewer, want := range map[harness.Member]bool{
				owner: true, participant: test.reads, env.NewMember(t, "Stranger"): false, env.NewAdmin(t): false,
			} {
				if got := carePlanOf(t, viewer, cat); got != nil != want {
					t.Errorf("%s reads %v, want to read it: %t", viewer.Name, got, want)
				}
			}
			if got := carePlanOf(t, participant, other); got != nil {
				t.Errorf("the participant reads the plan of another cat: %v", got)
			}
		})
	}
}

// TestCarePlan_Edit changes, clears and refuses fields.
func TestCarePlan_Edit(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)
	if got := carePlanOf(t, owner, cat); got != nil {
		t.Errorf("before there is a plan the owner reads %v", got)
	}
	update := func(input map[string]any) harness.Response {
		t.Helper()
		return env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": input})
	}
	update(map[string]any{}).RequireOK(t)
	update(map[string]any{"feeding": "", "vet": nil, "mayAuthorizeTreatment": nil}).RequireOK(t) // As the form does, left empty.
	if got := carePlanOf(t, owner, cat); got != nil {
		t.Errorf("after nothing was said the owner reads %v", got)
	}
	update(map[string]any{"feeding": " Twice a day. ", "vet": "Dr. Hund", "mayAuthorizeTreatment": false}).RequireOK(t)
	update(map[string]any{"vet": nil}).RequireOK(t)
	got := carePlanOf(t, owner, cat)
	if got == nil || got.Feeding == nil || *got.Feeding != "Twice a day." || got.Vet != nil || got.MayAuthorizeTreatment == nil || *got.MayAuthorizeTreatment {
		t.Errorf("the plan is %+v", got)
	}
	refused := update(map[string]any{"habits": strings.Repeat("x", limits.MaxText+1), "vet": "a\x00b"})
	if len(refused.Errors) != 2 || refused.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
		t.Errorf("two texts that break a rule: %v", refused.Errors)
	}
}

// TestCarePlan_Heard tells those to whom the cat is promised of a change, and nobody of what changes nothing.
func TestCarePlan_Heard(t *testing.T) {
	t.Parallel()
	owner, promised, pending := env.NewMember(t, "Owner"), env.NewMember(t, "Promised"), env.NewMember(t, "Pending")
	cat := env.NewCat(t, owner)
	// Not tomorrow, which a pass of the server tells too.
	id := env.NewFostering(t, promised, cat, env.Day(3), env.Day(4))
	env.NewFostering(t, pending, cat, env.Day(5), env.Day(6))
	env.Approve(t, owner, id)
	for range 2 {
		env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": map[string]any{"vet": "Dr. Hund"}}).RequireOK(t)
	}
	if got := kindsOf(t, promised.Token); got != "FOSTERING_APPROVED CARE_PLAN_CHANGED" {
		t.Errorf("the foster hears %q", got)
	}
	if got := kindsOf(t, pending.Token); got != "" {
		t.Errorf("whoever has only asked hears %q", got)
	}
	if got := kindsOf(t, owner.Token); strings.Contains(got, "CARE_PLAN") {
		t.Errorf("the owner hears %q", got)
	}
}

// TestCarePlan_Erased deletes the cat, and the account of its owner. A fostering keeps the cat, but not its plan.
func TestCarePlan_Erased(t *testing.T) {
	t.Parallel()
	for name, erase := range map[string]func(*testing.T, harness.Member, uuid.UUID){
		"the cat": func(t *testing.T, owner harness.Member, cat uuid.UUID) {
			t.Helper()
			env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
		},
		"the account": func(t *testing.T, owner harness.Member, _ uuid.UUID) {
			t.Helper()
			env.Query(t, owner.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner := env.NewMember(t, "Owner")
			cat := env.NewCat(t, owner)
			env.NewFostering(t, env.NewMember(t, "Participant"), cat, env.Day(1), env.Day(2))
			env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": map[string]any{"vet": "Dr. Hund"}}).RequireOK(t)
			erase(t, owner, cat)
			var left int
			if err := env.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM care_plans WHERE cat_profile_id = $1`, cat).Scan(&left); err != nil || left != 0 {
				t.Errorf("%d plans are left, %v", left, err)
			}
		})
	}
}
