package community

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestPlan_Size(t *testing.T) {
	t.Parallel()
	plan := NewPlan()
	got := []int{len(plan.People), len(plan.Cats), len(plan.Fosterings)}
	if want := []int{36, 200, 120}; !slices.Equal(got, want) {
		t.Errorf("people, cats and fosterings: %d, want %d", got, want)
	}
	emails, names := map[string]bool{}, map[string]bool{}
	for _, p := range plan.People {
		emails[p.Email] = true
	}
	for _, c := range plan.Cats {
		names[c.Name] = true
	}
	if len(emails) != len(plan.People) || len(names) != len(plan.Cats) {
		t.Errorf("%d unique addresses and %d unique cat names, want %d and %d", len(emails), len(names), len(plan.People), len(plan.Cats))
	}
}

func TestPlan_FirstPersonHasVariedFosterings(t *testing.T) {
	t.Parallel()
	plan := NewPlan()
	received, made := map[fostering.Status]int{}, map[fostering.Status]int{}
	for _, f := range plan.Fosterings {
		if plan.OwnerOf(f) == plan.People[0].Email {
			received[f.Status]++
		}
		if f.Participant == plan.People[0].Email {
			made[f.Status]++
		}
	}
	if received[fostering.Pending] == 0 || len(received) < 3 || len(made) < 2 {
		t.Errorf("fosterings of the first person's cats by status: %v, those by the first person: %v; want a pending one and several statuses", received, made)
	}
}

func TestPlan_FollowsRulesOfAPI(t *testing.T) {
	t.Parallel()
	plan := NewPlan()
	people, cats := map[string]bool{}, map[string]Cat{}
	for _, p := range plan.People {
		people[p.Email] = true
		if problems := names.Check("name", p.Name); problems != nil {
			t.Errorf("%s: %v", p.Name, problems)
		}
	}
	for _, c := range plan.Cats {
		cats[c.Name] = c
		if problems := names.Check("name", c.Name); problems != nil {
			t.Errorf("%s: %v", c.Name, problems)
		}
		if !people[c.Owner] {
			t.Errorf("%s, the owner of %s, is nobody", c.Owner, c.Name)
		}
		if n := utf8.RuneCountInString(c.Name); n < 1 || n > 64 || strings.TrimSpace(c.Name) != c.Name || c.Age < 0 || c.Age > 40 || c.Photos > 10 {
			t.Errorf("the API does not allow the cat %+v", c)
		}
		today := time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)
		if born := today.AddDate(0, 0, -c.Born); c.Born > 0 && (facts.Age(born, today) != c.Age || facts.CheckBirth("born", born, today) != nil) {
			t.Errorf("%s has the age %d, and was born %d days ago", c.Name, c.Age, c.Born)
		}
		if problems := facts.CheckVaccination("vaccinated", today.AddDate(0, 0, c.Vaccinated), today); problems != nil {
			t.Errorf("%s: %v", c.Name, problems)
		}
	}
	requested, owned, pending := map[[2]string]bool{}, map[string]int{}, map[string]int{}
	quotas := config.Defaults[config.Quotas]()
	for _, c := range plan.Cats {
		if owned[c.Owner]++; owned[c.Owner] > quotas.Cats {
			t.Errorf("%s has %d cats, and may have %d", c.Owner, owned[c.Owner], quotas.Cats)
		}
	}
	for i, f := range plan.Fosterings {
		// All requests are sent before the first decision.
		if pending[f.Participant]++; pending[f.Participant] > quotas.PendingRequests {
			t.Errorf("%s has %d pending requests, and may have %d", f.Participant, pending[f.Participant], quotas.PendingRequests)
		}
		cat := cats[f.Cat]
		if cat.Name == "" || !people[f.Participant] {
			t.Errorf("the cat or the participant of %+v does not exist", f)
		}
		if !cat.Available || cat.Owner == f.Participant || f.Start < 0 || f.End < f.Start || f.End > f.Start+limits.MaxFosteringDays {
			t.Errorf("the API does not allow the fostering %+v of the cat %+v", f, cat)
		}
		if requested[[2]string{f.Cat, f.Participant}] {
			t.Errorf("%s requests %s twice", f.Participant, f.Cat)
		}
		requested[[2]string{f.Cat, f.Participant}] = true
		if strings.Contains(f.Message, "{") {
			t.Errorf("the message contains a placeholder: %s", f.Message)
		}
		for _, other := range plan.Fosterings[:i] {
			if f.Promised && other.Promised && f.Cat == other.Cat && f.Start <= other.End && other.Start <= f.End {
				t.Errorf("%s is promised twice: %+v and %+v", f.Cat, other, f)
			}
		}
	}
}
