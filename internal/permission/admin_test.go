package permission

import (
	"errors"
	"testing"

	"github.com/google/uuid"
)

func TestTheLastSuperAdminStays(t *testing.T) {
	t.Parallel()
	ada, bob := uuid.New(), uuid.New()
	for name, test := range map[string]struct {
		held  []Tuple
		super bool
		want  error
	}{
		"nobody is anything":            {nil, false, nil},
		"an admin":                      {[]Tuple{Membership(ada)}, false, nil},
		"an admin who is no super":      {[]Tuple{Membership(ada), Ownership(bob)}, true, nil},
		"a super admin as admin":        {[]Tuple{Membership(ada), Ownership(ada), Ownership(bob)}, false, ErrSuperAdmin},
		"one of two super admins":       {[]Tuple{Ownership(ada), Ownership(bob)}, true, nil},
		"the last super admin":          {[]Tuple{Ownership(ada), Membership(bob)}, true, ErrLastSuperAdmin},
		"the last super admin, doubled": {[]Tuple{Ownership(ada), Ownership(ada)}, true, ErrLastSuperAdmin},
	} {
		got, err := Revocation(test.held, ada, test.super)
		want := Membership(ada)
		if test.super {
			want = Ownership(ada)
		}
		if !errors.Is(err, test.want) || (err == nil && got != want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}
