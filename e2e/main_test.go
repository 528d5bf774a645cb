// Package e2e tests CatFoster end to end: through HTTP, on a real Postgres, Ory Kratos
// and Ory Keto. Package harness starts them.
package e2e

import (
	"context"
	"errors"
	"flag"
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
	// The tests wait for servers, so more of them run at a time than there are processors.
	// This is the default of the flag -parallel, which is read later.
	if err := flag.Set("test.parallel", "8"); err != nil {
		return 0, err
	}
	if env, err = harness.Start(context.Background()); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, env.Stop()) }()
	code = m.Run()
	return code, env.CheckLogs()
}
