package webhooks

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/account"
)

func FuzzPayload(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{}`, `[]`, `"x"`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","email":"ada@example.org","name":"Ada"}`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","email":"ada@example.org","name":"\u0000\ud800"}`,
		`{"flowId":"00000000-0000-0000-0000-000000000000"}`,
		`{"identityId":"5b29c75c-d48f-4e03-9afe-c8495f2b812c","confirms":true}`,
		`{"identityId":"5b29c75c-d48f-4e03-9afe-c8495f2b812c","flowIssuedAt":"2026-11-29T08:00:00.123456Z"}`,
		`{"identityId":"5b29c75c-d48f-4e03-9afe-c8495f2b812c"} {}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		signUp, err := decode[signUp](bytes.NewReader(body))
		if err != nil && signUp.FlowID != uuid.Nil {
			t.Error("a sign-up is returned together with an error")
		}
		if err == nil && signUp.FlowID == uuid.Nil {
			t.Error("a sign-up without a flow is accepted")
		}
		if len(account.CheckTraits(signUp.Email, signUp.Name)) == 0 && strings.ContainsRune(signUp.Email+signUp.Name, 0) {
			t.Error("text that Postgres cannot store is accepted")
		}
		ref, err := decode[identityRef](bytes.NewReader(body))
		if err != nil && (ref.IdentityID != uuid.Nil || ref.Confirms) {
			t.Error("a reference is returned together with an error")
		}
		if err == nil && ref.IdentityID == uuid.Nil {
			t.Error("a reference to no identity is accepted")
		}
	})
}
