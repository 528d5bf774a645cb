package harness

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/local"
)

// Release is an earlier version of the program, by its tag or, where there is no such tag, by its commit.
type Release struct {
	Version, Tag, Commit string
}

// ReleasedProgram is the program of a release.
type ReleasedProgram struct {
	Program
	// Schema is its GraphQL schema.
	Schema *ast.Schema
}

// ReleasedProgram compiles the program of a release, once for all runs of the tests. It skips the test if the repository does not have
// the sources: in an archive of sources, or a clone without its history.
func (e *Environment) ReleasedProgram(t *testing.T, r Release) ReleasedProgram {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	git := func(arguments ...string) (string, error) {
		output, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root}, arguments...)...).Output()
		return strings.TrimSpace(string(output)), err
	}
	commit, err := git("rev-parse", "--verify", "--quiet", "refs/tags/"+r.Tag+"^{commit}")
	if err != nil {
		commit, err = git("rev-parse", "--verify", "--quiet", r.Commit+"^{commit}")
	}
	if err != nil {
		t.Skipf("NOT RUN: there is neither the tag %s nor the commit %s. The program of release %s is compiled from the history: clone it, or run git fetch --unshallow --tags.",
			r.Tag, r.Commit, r.Version)
	}
	path, err := local.BuildCommit(t.Context(), root, filepath.Join(root, ".local", "bin"), commit, buildProgress{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := git("show", commit+":schema.graphqls")
	if err != nil {
		t.Fatalf("read the schema of release %s: %v", r.Version, err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: r.Version, Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return ReleasedProgram{Program: Program{path: path}, Schema: schema}
}

// NewReleasedStack starts a stack as it is with the program of a release, which has migrated the database and rendered Kratos's
// configuration, and a server of the release, whose webhooks Kratos calls. Keto has the model of this version.
func (e *Environment) NewReleasedStack(t *testing.T, program Program) (*OwnStack, *Replica) {
	t.Helper()
	s := &OwnStack{env: e, IsolatedStack: &IsolatedStack{options: e.newOptions(t, e.NewEmptyDatabase(t))}}
	s.options.RenderKratos = func(v kratos.Variables) (string, error) {
		return program.RenderKratos(context.WithoutCancel(t.Context()), v)
	}
	t.Cleanup(func() { s.Stop(t) })
	s.StartServices(t)
	if output, ok := program.Run(t, s.Config, "migrate"); !ok {
		t.Fatalf("migrate: %s", output)
	}
	server := startReplica(t, program, s.Config)
	s.Server = server.Server
	return s, server
}
