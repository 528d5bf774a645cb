package command

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/google/uuid"

	infrakratos "github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// cleanupCommand deletes old entries of the audit log, and what Kratos does not need any more.
type cleanupCommand struct {
	Keep   time.Duration `default:"168h" help:"How long to keep what has expired or was sent in Ory Kratos."`
	Kratos bool          `default:"true" negatable:"" help:"Also clean up the database of Ory Kratos. Ory Network does that itself."`
}

// Validate refuses times for which a person may still need a form or a mail.
func (c cleanupCommand) Validate() error {
	if c.Keep < time.Hour {
		return errors.New("--keep must be at least 1h")
	}
	return nil
}

// Run cleans up. The entry in the audit log is the last step: an alert looks for it, and it says that all of it succeeded.
func (c cleanupCommand) Run(ctx context.Context) error {
	if c.Kratos {
		if err := c.cleanKratos(ctx); err != nil {
			return err
		}
	}
	return withAudit(func(log *usecase.Audit, limit config.Audit) error {
		pruned, err := log.Prune(ctx, limit.Before(time.Now()))
		fmt.Printf("Pruned %d entries of the audit log.\n", pruned)
		if err != nil {
			return err
		}
		return log.RecordCommand(ctx, "cleanup", uuid.Nil)
	})
}

func (c cleanupCommand) cleanKratos(ctx context.Context) (err error) {
	k, err := config.Load[infrakratos.Database](os.Environ())
	if err != nil {
		return err
	}
	address, err := withoutPool(k.DSN)
	if err != nil {
		return err
	}
	postgres := config.Defaults[config.Postgres]()
	postgres.URL = address
	db, err := database.Open(postgres)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	cleaned, err := kratos.CleanUp(ctx, db, time.Now().Add(-c.Keep))
	if err != nil {
		return err
	}
	fmt.Printf("Deleted %d flows, %d sessions and %d mails of Kratos.\n", cleaned.Flows, cleaned.Sessions, cleaned.Messages)
	return nil
}

// withoutPool removes what Kratos's own parameters say about its connection pool, which
// Postgres does not know.
func withoutPool(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return "", errors.New("kratos_dsn is not the address of a database")
	}
	query := u.Query()
	for _, parameter := range []string{"max_conns", "max_idle_conns", "max_conn_lifetime", "max_conn_idle_time"} {
		query.Del(parameter)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}
