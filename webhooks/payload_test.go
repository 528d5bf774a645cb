package webhooks

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/account"
)

func FuzzPayloads(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{}`, `[]`, `"x"`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","email":"ada@example.org","name":"Ada"}`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","email":"ada@example.org","name":"\u0000\ud800"}`,
		`{"flowId":"00000000-0000-0000-0000-000000000000"}`,
		`{"identityId":"5b29c75c-d48f-4e03-9afe-c8495f2b812c","confirms":true}`,
		`{"identityId":"5b29c75c-d48f-4e03-9afe-c8495f2b812c"} {}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		signUp, err := read[signUp](bytes.NewReader(body))
		if err != nil && signUp.FlowID != uuid.Nil {
			t.Error("a sign-up that is refused is returned")
		}
		if err == nil && signUp.FlowID == uuid.Nil {
			t.Error("a sign-up without a flow is taken")
		}
		traits := account.Traits{Email: signUp.Email, Name: signUp.Name}
		if len(traits.Problems()) == 0 && strings.ContainsRune(traits.Email+traits.Name, 0) {
			t.Error("text that cannot be stored is taken")
		}
		news, err := read[news](bytes.NewReader(body))
		if err != nil && (news.IdentityID != uuid.Nil || news.Confirms) {
			t.Error("news that are refused are returned")
		}
		if err == nil && news.IdentityID == uuid.Nil {
			t.Error("news about nobody are taken")
		}
	})
}
