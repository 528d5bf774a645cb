// Command catfoster serves the CatFoster API and administers it. Package
// internal/app/command holds its subcommands, package internal/app/server the server.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/catfoster/catfoster/internal/app/command"
)

func main() {
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // A second signal ends the program at once.
		stop()
	}()
	os.Exit(command.Main(ctx, os.Args[1:]))
}
