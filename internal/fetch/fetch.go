// Package fetch reads answers of services that have a limit.
package fetch

import (
	"fmt"
	"io"
	"net/http"
)

// Do sends a request and reads the body of the response, at most the given number of bytes of it:
// no service of ours answers with more than that. The body of the response is closed.
func Do(client *http.Client, request *http.Request, most int64) (response *http.Response, body []byte, err error) {
	response, err = client.Do(request) //nolint:gosec // Operators name the services.
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(io.LimitReader(response.Body, most)); err != nil {
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	}
	return response, body, nil
}
