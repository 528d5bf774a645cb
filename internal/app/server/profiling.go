package server

import (
	"net/http"
	"net/http/pprof" // It also registers on http.DefaultServeMux, which nobody serves.
)

// handleProfiles serves profiles of the running process below /debug/pprof/. See the
// documentation of package net/http/pprof.
func handleProfiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}
