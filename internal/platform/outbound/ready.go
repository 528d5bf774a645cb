package outbound

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// stayOnServer follows redirects on one server alone, as from Kratos's admin API to its path
// /admin. Calls that carry a session follow none: a server that is elsewhere does not work for them.
func stayOnServer(next *http.Request, via []*http.Request) error {
	if first := via[0].URL; next.URL.Scheme != first.Scheme || next.URL.Host != first.Host || len(via) > 1 {
		return http.ErrUseLastResponse
	}
	return nil
}

// Ready returns nil if the service at the address, Kratos or Keto, says that it is ready.
// Kratos's answer includes its database. Keto's does not: Keto v0.13 says that it is ready
// while its database cannot be reached. key is the key of an Ory Network project, or
// empty. transport carries the call; nil means [http.DefaultTransport].
func Ready(ctx context.Context, address, key string, transport http.RoundTripper) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/health/ready", nil)
	if err != nil {
		return err
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := (&http.Client{Transport: transport, CheckRedirect: stayOnServer}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %s", request.URL, response.Status)
	}
	return nil
}
