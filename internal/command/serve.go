package command

import (
	"context"
	"log/slog"
	"os"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/server"
)

// serveCommand serves the API until ctx is done.
type serveCommand struct{}

func (serveCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Config](os.Environ())
	if err != nil {
		return err
	}
	log := slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(os.Stderr, nil)})
	s, err := server.New(ctx, c, server.Options{Log: log})
	if err != nil {
		return err
	}
	return s.Run(ctx, nil)
}
