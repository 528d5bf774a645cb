// Package web holds the community's pages and the playground as they are built: the rest of
// this directory is their source, in TypeScript. `make web` builds them, and the result is
// committed, so that the server needs Go alone.
package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
)

// built has names that begin with "_" too, which Vite gives to some chunks.
//
//go:embed all:dist all:dist-playground
var built embed.FS

// operations is the manifest of the operations of the pages.
//
//go:embed operations.json
var operations []byte

// Operations returns the operations of the pages, as a JSON object with the text of each by
// its SHA-256 hash.
func Operations() []byte { return bytes.Clone(operations) }

// Operation is an operation of the pages.
type Operation struct {
	// ID is the SHA-256 hash of its text, by which it is sent.
	ID string
	// Kind is query, mutation or subscription.
	Kind string
}

// OperationsByName returns the operations of the pages, for programs that do what pages do.
func OperationsByName() map[string]Operation {
	var texts map[string]string
	if err := json.Unmarshal(operations, &texts); err != nil {
		panic(err) // They are compiled in.
	}
	found := make(map[string]Operation, len(texts))
	for id, text := range texts {
		kind, rest, _ := strings.Cut(text, " ")
		found[rest[:strings.IndexAny(rest, " (")]] = Operation{ID: id, Kind: kind}
	}
	return found
}

// Pages returns the files of the community's pages.
func Pages() (fs.FS, error) { return fs.Sub(built, "dist") }

// Playground returns the files of the playground, which expect to be below /playground/.
func Playground() (fs.FS, error) { return fs.Sub(built, "dist-playground") }

// Routes returns the first segments of the paths of the pages. For other paths the pages
// show that there is nothing, and the status says so too.
func Routes() []string {
	return []string{
		"", "cats", "fosterings", "notifications", "requests", "people", "profile", "moderation", "admin",
		"login", "registration", "verification", "recovery", "settings", "suspended", "error",
	}
}
