package outbound

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Fetch sends a request, and reads and closes the body of the response. A body that has more bytes
// than the given number is an error: no service of ours answers so much.
func Fetch(client *http.Client, request *http.Request, most int64) (response *http.Response, body []byte, err error) {
	response, err = client.Do(request) //nolint:gosec // Operators name the services.
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil, errors.New("the answer is another protocol") // No deadline would end it.
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, most+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	case int64(len(body)) > most:
		return nil, nil, fmt.Errorf("the answer has more than %d bytes", most)
	}
	return response, body, nil
}
