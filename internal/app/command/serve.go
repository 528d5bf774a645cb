package command

import (
	"context"
	"log/slog"
	"os"

	"golang.org/x/term"

	"github.com/catfoster/catfoster/internal/app/server"
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
	log := slog.New(requestid.LogHandler{Handler: slogHandler(os.Stderr)})
	for _, m := range config.FindMisspelt[config.Config](os.Environ()) {
		log.WarnContext(ctx, "a variable of the environment is not known: is it misspelt?", "variable", m.Name, "nearest", m.Nearest)
	}
	traces, err := tracing.Open(ctx, c.Traces, log)
	if err != nil {
		return err
	}
	s, err := server.New(ctx, c, server.Options{Log: log, Traces: traces})
	if err != nil {
		return err
	}
	return s.Run(ctx, nil)
}

// slogHandler returns the format of a log: text for people on a terminal, and JSON on anything else.
func slogHandler(to *os.File) slog.Handler {
	options := &slog.HandlerOptions{ReplaceAttr: readableDuration}
	if term.IsTerminal(int(to.Fd())) {
		return slog.NewTextHandler(to, options)
	}
	return slog.NewJSONHandler(to, options)
}

// readableDuration writes a duration as 1.5s. In JSON it would be a number of nanoseconds.
func readableDuration(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}
