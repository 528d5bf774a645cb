package command

import (
	"context"
	"fmt"
	"os"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// placesCommands are about the towns that members choose from.
type placesCommands struct {
	Load placesLoadCommand `cmd:"" help:"Write the towns of the gazetteer to the database, unless it has them. Run it after migrate."`
}

type placesLoadCommand struct{}

func (placesLoadCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Postgres](os.Environ())
	if err != nil {
		return err
	}
	if err := gazetteer.Load(ctx, c.URL, gazetteer.Size); err != nil {
		return err
	}
	fmt.Printf("The database has the %d places of edition %s. %s\n", gazetteer.Size, gazetteer.Edition(), gazetteer.Attribution)
	return nil
}
