package harness

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// CallWebhook calls a webhook of the server as Kratos does, and returns the status and
// the body of the response. webhook is registration, registered, login or settings.
func (s *Server) CallWebhook(t *testing.T, webhook, body string) (status int, text string) {
	t.Helper()
	return s.CallWebhookWithHeader(t, webhook, http.Header{"X-Ory-Api-Key": {s.Config.Webhooks.ActionAPIKeys[0]}}, body)
}

// CallWebhookWithHeader calls a webhook with any header. See CallWebhook.
func (s *Server) CallWebhookWithHeader(t *testing.T, webhook string, header http.Header, body string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		s.InternalURL+"/webhooks/kratos/"+webhook, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	return Send(t, request)
}

// SignUpPayload is what Kratos sends to the webhook registration.
func SignUpPayload(flow uuid.UUID, email, name string) string {
	body, _ := json.Marshal(map[string]any{"flowId": flow, "email": email, "name": name}) // Strings can be encoded.
	return string(body)
}

// IdentityPayload is what Kratos sends to the other webhooks.
func IdentityPayload(identity uuid.UUID) string {
	return fmt.Sprintf(`{"identityId": %q}`, identity)
}
