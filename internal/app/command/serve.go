package command

import (
	"context"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/edge/accesslog"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// serveCommand serves the API until ctx is done.
type serveCommand struct{}

func (serveCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Config](os.Environ())
	if err != nil {
		return err
	}
	server.TuneMemory(os.LookupEnv)
	newHandler := slogHandler(os.Stderr)
	output := accesslog.NewBuffer(os.Stderr)
	defer func() { _ = output.Flush() }() // There is nowhere to report that to.
	log := slog.New(requestid.LogHandler{Handler: newHandler(output.Direct())})
	access := slog.New(requestid.LogHandler{Handler: newHandler(output)})
	traces, err := tracing.Open(ctx, c.Traces, log)
	if err != nil {
		return err
	}
	s, err := server.New(ctx, c, server.Options{Log: log, AccessLog: access, Traces: traces})
	if err != nil {
		return err
	}
	return s.Run(ctx, nil)
}

// slogHandler returns the format of a log: text for people on a terminal, and JSON on anything else.
func slogHandler(to *os.File) func(io.Writer) slog.Handler {
	if term.IsTerminal(int(to.Fd())) {
		return func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }
	}
	return func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }
}
