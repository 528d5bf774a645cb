package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestIdleConnections_Answered leaves connections idle until nothing of net/http belongs to them,
// and sends requests on them again.
func TestIdleConnections_Answered(t *testing.T) {
	t.Parallel()
	const connections = 20
	replica := env.StartReplica(t, harness.BuildProgram(t), env.Config)
	type client struct {
		net.Conn
		answers *bufio.Reader
	}
	var clients []client
	for range connections {
		var dialer net.Dialer
		connection, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(replica.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		clients = append(clients, client{connection, bufio.NewReader(connection)})
	}
	ask := func() {
		for n, c := range clients {
			fmt.Fprintf(c, "GET /health/alive HTTP/1.1\r\nHost: %s\r\n\r\n", strings.TrimPrefix(replica.URL, "http://"))
			response, err := http.ReadResponse(c.answers, nil)
			if err != nil {
				t.Fatalf("connection %d: %v", n, err)
			}
			if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
				t.Errorf("connection %d: the answer is %d, %v", n, response.StatusCode, err)
			}
			_ = response.Body.Close()
		}
	}
	awaitKept := func() {
		harness.Await(t, "the connections to be kept", func() bool {
			_, stacks := goroutines(t, replica.Server)
			return slices.ContainsFunc(strings.Split(stacks, "\n\n"), func(group string) bool {
				return strings.Contains(group, "idleconn.(*keeper).keep") && strings.Contains("\n"+group, fmt.Sprintf("\n%d @", connections))
			})
		})
	}
	for range 3 {
		ask()
		awaitKept()
	}
	replica.Signal(t, syscall.SIGTERM)
	if state := replica.Wait(t); state.ExitCode() != 0 {
		t.Errorf("the replica ends with %s, want 0", state)
	}
	for n, c := range clients {
		if _, err := c.answers.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("connection %d of a server that has ended: %v, want its end", n, err)
		}
	}
}
