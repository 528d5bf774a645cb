package usecase

import (
	"errors"
	"fmt"
	"testing"

	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/fostering"
)

func TestConflictOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want apperr.Code
	}{
		"overlapping promise": {&pq.Error{Code: "23P01", Constraint: "by_hand_fosterings_no_overlap"}, apperr.Conflict},
		"second open request": {&pq.Error{Code: "23505", Constraint: "by_hand_fosterings_one_open"}, apperr.Conflict},
		"another constraint":  {&pq.Error{Code: "23514", Constraint: "fosterings_dates"}, ""},
		"any other error":     {errors.New("boom"), ""},
	} {
		if got := apperr.CodeOf(conflictOf(fmt.Errorf("insert: %w", test.err))); got != test.want {
			t.Errorf("%s: code %q, want %q", name, got, test.want)
		}
	}
}

func TestTransition_WrongStateIsConflict(t *testing.T) {
	t.Parallel()
	_, err := transition(nil, &ent.Fostering{Status: fostering.Active}, fostering.Approve)
	if apperr.CodeOf(err) != apperr.Conflict || err.Error() != "a fostering that is ACTIVE cannot be approved" {
		t.Errorf("approve an active fostering: %v, want a conflict", err)
	}
}
