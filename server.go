// Command catfoster serves the CatFoster API and administers it. Package
// internal/command holds its subcommands, package internal/server the server.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/catfoster/catfoster/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second signal ends the program at once.
	status := command.Main(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}
