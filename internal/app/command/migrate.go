package command

import (
	"context"
	"fmt"
	"os"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// migrateCommand applies pending migrations.
type migrateCommand struct{}

func (migrateCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Postgres](os.Environ())
	if err != nil {
		return err
	}
	applied, err := migrations.Up(ctx, c.URL)
	if err != nil {
		return err
	}
	for _, name := range applied {
		fmt.Println("applied", name)
	}
	if len(applied) == 0 {
		fmt.Println("nothing to do: the database is up to date")
	}
	return nil
}
