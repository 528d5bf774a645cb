package webhooks

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
)

func FuzzReadPayload(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{}`, `[]`, `{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d"}`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","identity":{"id":"5b29c75c-d48f-4e03-9afe-c8495f2b812c","state":"active",` +
			`"userId":"01a20aa9-47d2-7c52-b249-a018a98ff251","traits":{"email":"ada@example.org","name":"Ada"},"verified":[true,false]},"loggedIn":true}`,
		`{"flowId":"01a20aa9-4834-78d1-85a4-c970aafaa07d","identity":{"id":"5b29c75c-d48f-4e03-9afe-c8495f2b812c","verified":[],"traits":{"name":"\u0000"}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := readPayload(bytes.NewReader(body))
		if err != nil {
			if (p.FlowID != uuid.UUID{}) {
				t.Error("a payload that is refused is returned")
			}
			return
		}
		if p.FlowID == uuid.Nil {
			t.Error("a payload without a flow is taken")
		}
		identity, err := p.identity()
		if err != nil {
			return
		}
		if identity.ID == uuid.Nil {
			t.Error("an identity without an id is taken")
		}
		for _, verified := range p.Identity.Verified {
			if identity.Verified && !verified {
				t.Error("an unverified address counts as verified")
			}
		}
		if bytes.ContainsRune([]byte(identity.Name+identity.Email), 0) {
			t.Error("text that cannot be stored is taken")
		}
	})
}
