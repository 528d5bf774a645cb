// Package e2e tests CatFoster end to end: through HTTP, on a real Postgres, Ory Kratos
// and Ory Keto. Package harness starts them.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// env is what all tests share.
var env *harness.Environment

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run runs the tests in an environment and checks the logs after them.
func run(m *testing.M) (code int, err error) {
	if env, err = harness.Start(context.Background()); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, env.Stop()) }()
	code = m.Run()
	if err := env.CheckLogs(); err != nil {
		return 1, err
	}
	if code != 0 {
		fmt.Fprintf(os.Stderr, "The servers have logged these errors:\n%s", env.LoggedErrors())
	}
	return code, nil
}
