package keto

import (
	"errors"
	"testing"

	"github.com/google/uuid"
)

func TestRevocation_KeepsLastSuperAdmin(t *testing.T) {
	t.Parallel()
	ada, bob := uuid.New(), uuid.New()
	for name, test := range map[string]struct {
		held  []Tuple
		super bool
		want  error
	}{
		"nobody is anything":            {nil, false, nil},
		"an admin":                      {[]Tuple{AdminRole(ada)}, false, nil},
		"an admin who is no super":      {[]Tuple{AdminRole(ada), SuperAdminRole(bob)}, true, nil},
		"a super admin as admin":        {[]Tuple{AdminRole(ada), SuperAdminRole(ada), SuperAdminRole(bob)}, false, ErrSuperAdmin},
		"one of two super admins":       {[]Tuple{SuperAdminRole(ada), SuperAdminRole(bob)}, true, nil},
		"the last super admin":          {[]Tuple{SuperAdminRole(ada), AdminRole(bob)}, true, ErrLastSuperAdmin},
		"the last super admin, doubled": {[]Tuple{SuperAdminRole(ada), SuperAdminRole(ada)}, true, ErrLastSuperAdmin},
	} {
		got, err := Revocation(test.held, ada, test.super)
		want := AdminRole(ada)
		if test.super {
			want = SuperAdminRole(ada)
		}
		if !errors.Is(err, test.want) || (err == nil && got != want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}
