package fostering_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

func TestReference_RequireOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	long := now.AddDate(0, 0, -limits.ContactDays)
	lately := long.Add(time.Minute)
	completed := func(endedAt *time.Time) fostering.Reference {
		return fostering.Reference{Status: fostering.Completed, EndedAt: endedAt}
	}
	twice, left := completed(&now), completed(&now)
	twice.Written, left.Left = true, true
	for about, test := range map[string]struct {
		reference fostering.Reference
		want      apperr.Reason
	}{
		"an end of just now":              {completed(&now), ""},
		"an end of 14 days less a minute": {completed(&lately), ""},
		"an end of 14 days":               {completed(&long), apperr.ReferenceClosed},
		"an end that is not known":        {completed(nil), apperr.ReferenceClosed},
		"a second one":                    {twice, apperr.ReferenceWritten},
		"a former member":                 {left, apperr.ReferenceClosed},
		"a request":                       {fostering.Reference{Status: fostering.Pending}, apperr.StatusChanged},
		"a fostering to come":             {fostering.Reference{Status: fostering.Approved}, apperr.StatusChanged},
		"a fostering under way":           {fostering.Reference{Status: fostering.Active}, apperr.StatusChanged},
		"a rejection":                     {fostering.Reference{Status: fostering.Rejected, EndedAt: &now}, apperr.StatusChanged},
		"a cancellation":                  {fostering.Reference{Status: fostering.Cancelled, EndedAt: &now}, apperr.StatusChanged},
		"a request that nobody answered":  {fostering.Reference{Status: fostering.Expired, EndedAt: &now}, apperr.StatusChanged},
	} {
		if err := test.reference.RequireOpen(now); apperr.ReasonOf(err) != test.want || (test.want == "") != (err == nil) {
			t.Errorf("a reference about %s: %v, want the reason %q", about, err, test.want)
		}
	}
}

func TestIsLate(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	before := func(days int) time.Time { return first.AddDate(0, 0, -days) }
	for about, test := range map[string]struct {
		status fostering.Status
		act    fostering.Act
		want   bool
	}{
		"the owner, two days before":         {fostering.Approved, fostering.Act{Action: fostering.Cancel, By: fostering.Owner, Today: before(2)}, true},
		"the participant, on the first day":  {fostering.Approved, fostering.Act{Action: fostering.Cancel, By: fostering.Participant, Today: before(0)}, true},
		"the participant, three days before": {fostering.Approved, fostering.Act{Action: fostering.Cancel, By: fostering.Participant, Today: before(limits.LateDays)}, false},
		"an admin, a day before":             {fostering.Approved, fostering.Act{Action: fostering.Cancel, By: fostering.Admin, Today: before(1)}, false},
		"nobody, a day before":               {fostering.Approved, fostering.Act{Action: fostering.Cancel, By: fostering.System, Today: before(1)}, false},
		"a request, a day before":            {fostering.Pending, fostering.Act{Action: fostering.Cancel, By: fostering.Participant, Today: before(1)}, false},
		"the end of a fostering":             {fostering.Active, fostering.Act{Action: fostering.Complete, By: fostering.Owner, Today: before(-1)}, false},
	} {
		if got := fostering.IsLate(fostering.Fostering{Status: test.status, Start: first}, test.act); got != test.want {
			t.Errorf("a cancellation (%s) is late: %t, want %t", about, got, test.want)
		}
	}
}
