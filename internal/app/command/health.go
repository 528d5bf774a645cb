package command

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// healthTimeout bounds the call. The server answers within three seconds.
const healthTimeout = 5 * time.Second

// healthCommand asks the server on this machine for its health. Containers without a shell
// call it.
type healthCommand struct {
	Alive bool `help:"Ask only whether the server is alive, not whether it is ready."`
}

func (c healthCommand) Run(ctx context.Context) error {
	listen, err := config.Load[config.Listen](os.Environ())
	if err != nil {
		return err
	}
	if ip := net.ParseIP(listen.Host); ip != nil && ip.IsUnspecified() {
		listen.Host = "localhost" // The server listens on all addresses.
	}
	path := "/health/ready"
	if c.Alive {
		path = "/health/alive"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listen.Public()+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", response.Status, strings.TrimSpace(string(answer)))
	}
	fmt.Println(strings.TrimSpace(string(answer)))
	return nil
}
