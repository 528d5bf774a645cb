package harness

import (
	"context"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// OwnStack is a Kratos, a Keto and three databases for one test, which may put older
// databases in their places.
type OwnStack struct {
	*IsolatedStack

	// Server runs on the stack between Start and Stop.
	Server *Server
	// Kratos signs up and logs in, and administers identities.
	Kratos Kratos

	env  *Environment
	stop func() error // the server
}

// OwnDatabases are the suffixes of the three databases of an [OwnStack]: those of the API,
// of Kratos and of Keto.
func OwnDatabases() []string { return []string{"", "_kratos", "_keto"} }

// NewOwnStack starts a stack on the shared Postgres.
func (e *Environment) NewOwnStack(t *testing.T) *OwnStack {
	t.Helper()
	s := &OwnStack{env: e, IsolatedStack: &IsolatedStack{options: e.newOptions(t, e.NewDatabase(t))}}
	s.Start(t)
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// Start starts the services and the server, again after Stop.
func (s *OwnStack) Start(t *testing.T) {
	t.Helper()
	s.startServices(t)
	var err error
	if s.Server, s.stop, err = s.env.runServer(context.WithoutCancel(t.Context()), s.Config, server.Options{Now: s.env.now}); err != nil {
		t.Fatalf("start a server: %v", err)
	}
}

func (s *OwnStack) startServices(t *testing.T) {
	t.Helper()
	var err error
	if s.stack, err = local.Start(context.WithoutCancel(t.Context()), s.options); err != nil {
		t.Fatalf("start Kratos and Keto: %v", err)
	}
	s.Config = s.stack.Config()
	s.DB = OpenDatabase(t, s.Config.Postgres.URL)
	s.Keto = newKetoClient(s.Config)
	s.Kratos = Kratos{kratos.NewSelfService(s.Config.Kratos), kratos.NewAdmin(s.Config.Kratos, nil)}
}

// Stop stops the server and the services. More calls do nothing.
func (s *OwnStack) Stop(t *testing.T) {
	t.Helper()
	if s.stop == nil {
		return
	}
	for _, stop := range []func() error{s.stop, s.stack.Stop, s.DB.Close} {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	s.stop = nil
}

// Dump copies the databases. The stack must be stopped.
func (s *OwnStack) Dump(t *testing.T, name string) {
	t.Helper()
	for _, database := range OwnDatabases() {
		s.copy(t, s.database(t, database)+"_"+name, s.database(t, database))
	}
}

// Restore puts a dump in the place of a database. The stack must be stopped.
func (s *OwnStack) Restore(t *testing.T, database, name string) {
	t.Helper()
	s.env.Exec(t, "DROP DATABASE "+s.database(t, database)+" WITH (FORCE)")
	s.copy(t, s.database(t, database), s.database(t, database)+"_"+name)
}

func (s *OwnStack) copy(t *testing.T, name, template string) {
	t.Helper()
	if _, err := local.CopyDatabase(t.Context(), s.env.DB, name, template); err != nil {
		t.Fatal(err)
	}
}

// database returns the name of a database.
func (s *OwnStack) database(t *testing.T, suffix string) string {
	t.Helper()
	var name string
	databaseURL(t, s.options.PostgresURL, func(api string) string { name = api; return api })
	return name + suffix
}

// NewMember signs up a member, who has logged in.
func (s *OwnStack) NewMember(t *testing.T, name string) Member {
	t.Helper()
	m := Member{Name: name, Email: strings.ToLower(name) + "@example.org"}
	if _, err := s.Kratos.Register(t.Context(), m.Email, name, Password); err != nil {
		t.Fatalf("sign up %s: %v", name, err)
	}
	if err := s.Kratos.Verify(t.Context(), m.Email); err != nil {
		t.Fatalf("verify %s: %v", name, err)
	}
	m.Token = s.Login(t, m.Email)
	m.ID = s.Server.UserID(t, m.Token)
	return m
}

// Login logs in and returns the token of the session.
func (s *OwnStack) Login(t *testing.T, email string) string {
	t.Helper()
	token, err := s.Kratos.Login(t.Context(), email, Password)
	if err != nil {
		t.Fatalf("log in as %s: %v", email, err)
	}
	return token
}
