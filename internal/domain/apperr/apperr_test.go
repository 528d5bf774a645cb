package apperr_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

func TestFields_Err(t *testing.T) {
	t.Parallel()
	var fields apperr.Fields
	if err := fields.Err(); err != nil {
		t.Errorf("no field breaks a rule: %v, want nil", err)
	}
	fields.Add("name", "must have %d to %d characters", 1, 64)
	fields.Add("age", "must not be null")
	err := fields.Err()
	if got := apperr.CodeOf(err); got != apperr.BadUserInput {
		t.Errorf("code %q, want %q", got, apperr.BadUserInput)
	}
	if got, want := err.Error(), "name must have 1 to 64 characters; age must not be null"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

func TestCodeOf(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection refused")
	for name, test := range map[string]struct {
		err  error
		want apperr.Code
	}{
		"nil":       {nil, ""},
		"internal":  {cause, ""},
		"coded":     {apperr.ErrNotFound, apperr.NotFound},
		"wrapped":   {fmt.Errorf("load the cat: %w", apperr.NewConflict(apperr.DaysTaken, "it is taken")), apperr.Conflict},
		"has cause": {apperr.NewUnavailable(cause), apperr.Unavailable},
	} {
		if got := apperr.CodeOf(test.err); got != test.want {
			t.Errorf("%s: code %q, want %q", name, got, test.want)
		}
	}
	if !errors.Is(apperr.NewUnavailable(cause), cause) {
		t.Error("the cause of an error is lost")
	}
}
