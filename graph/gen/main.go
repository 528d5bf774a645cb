// Command gen runs gqlgen and then rewrites what it has written, so that a list takes less
// work: see [rewrite]. `make generate` runs it.
package main

import (
	"fmt"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "generate the GraphQL server:", err)
		os.Exit(1)
	}
}

func generate() error {
	c, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return fmt.Errorf("read gqlgen.yml: %w", err)
	}
	if err := api.Generate(c); err != nil {
		return err
	}
	source, err := os.ReadFile(c.Exec.Filename)
	if err != nil {
		return err
	}
	rewritten, err := rewrite(source)
	if err != nil {
		return fmt.Errorf("rewrite %s: %w", c.Exec.Filename, err)
	}
	return os.WriteFile(c.Exec.Filename, rewritten, 0o600) //nolint:gosec // The path is that of gqlgen.yml.
}
