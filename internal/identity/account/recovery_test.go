package account

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestUsers_Recover(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	keepsFactors := []string{"DELETE /sessions", "PUT ", "PATCH ", "DELETE /sessions"}
	losesFactors := []string{
		"DELETE /sessions", "PUT ", "DELETE /credentials/totp", "DELETE /credentials/lookup_secret", "DELETE /credentials/webauthn",
		"PATCH ", "DELETE /sessions",
	}
	for name, test := range map[string]struct {
		confirmed func(current string) string // empty: none
		vouched   func(current string) string
		want      []string // the changes in Kratos, in their order, which are made twice
	}{
		"an address that was never confirmed":      {want: losesFactors},
		"a confirmed address":                      {confirmed: strings.Clone, want: keepsFactors},
		"a confirmed address in other letters":     {confirmed: strings.ToUpper, want: keepsFactors},
		"another address was confirmed":            {confirmed: func(a string) string { return "x" + a }, want: losesFactors},
		"an operator has verified the address":     {vouched: strings.Clone, want: keepsFactors},
		"an operator has verified another address": {vouched: func(a string) string { return "x" + a }, want: losesFactors},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			identity := newIdentity("Ada")
			row := createUser(t, db.Client, identity)
			if test.confirmed != nil {
				row = row.Update().SetConfirmedEmail(test.confirmed(identity.Email)).SaveX(t.Context())
			}
			if test.vouched != nil {
				identity.VouchedEmail = test.vouched(identity.Email)
			}
			fake := newFakeKratos(t, identity)
			var mu sync.Mutex
			var got []string
			fake.before = func(call string) {
				mu.Lock()
				defer mu.Unlock()
				if !strings.HasPrefix(call, "GET") {
					got = append(got, strings.Replace(call, identity.ID.String(), "", 1))
				}
			}
			begun := time.Now()
			if err := fake.users(db.Client).Recover(t.Context(), identity.ID); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(slices.Concat(test.want, test.want), got); diff != "" {
				t.Errorf("changes in Kratos (-want +got):\n%s", diff)
			}
			row = db.Client.User.GetX(t.Context(), row.ID)
			if row.ConfirmedEmail == nil || *row.ConfirmedEmail != identity.Email {
				t.Errorf("the confirmed address is %v, want %s", row.ConfirmedEmail, identity.Email)
			}
			if !IsStale(row, begun) || IsStale(row, time.Now().Add(time.Second)) {
				t.Errorf("forms from before %v are stale, want those from before the recovery", row.RecoveredAt)
			}
		})
	}
}

func TestMayLogIn(t *testing.T) {
	t.Parallel()
	const current = "ada@example.org"
	other, same := "bob@example.org", current
	for name, test := range map[string]struct {
		identity  kratos.Identity
		confirmed *string
		want      bool
	}{
		"not verified":                           {kratos.Identity{Verifiable: true}, nil, false},
		"confirmed before, but not verified now": {kratos.Identity{Verifiable: true}, &same, false},
		"verified in Kratos alone":               {kratos.Identity{Verifiable: true, Verified: true}, nil, false},
		"another address was confirmed":          {kratos.Identity{Verifiable: true, Verified: true}, &other, false},
		"confirmed":                              {kratos.Identity{Verifiable: true, Verified: true}, &same, true},
		"verified by an operator":                {kratos.Identity{Verifiable: true, Verified: true, VouchedEmail: current}, nil, true},
		"another one verified by an operator":    {kratos.Identity{Verifiable: true, Verified: true, VouchedEmail: other}, nil, false},
		"a schema without verification":          {kratos.Identity{Verified: true}, nil, true},
	} {
		test.identity.Email = current
		if got := MayLogIn(&ent.User{ConfirmedEmail: test.confirmed}, test.identity); got != test.want {
			t.Errorf("%s: may log in: %t, want %t", name, got, test.want)
		}
	}
}

func TestIsStale(t *testing.T) {
	t.Parallel()
	recovered := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		recovered *time.Time
		opened    time.Time
		want      bool
	}{
		"never recovered":               {nil, recovered, false},
		"opened before":                 {&recovered, recovered.Add(-time.Hour), true},
		"opened at the same time":       {&recovered, recovered, true},
		"opened after":                  {&recovered, recovered.Add(time.Microsecond), false},
		"an older Kratos configuration": {&recovered, time.Time{}, false},
	} {
		if got := IsStale(&ent.User{RecoveredAt: test.recovered}, test.opened); got != test.want {
			t.Errorf("%s: stale: %t, want %t", name, got, test.want)
		}
	}
}
