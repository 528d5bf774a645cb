package harness

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// OwnStack is a Kratos, a Keto and three databases for one test, which may put older
// databases in their places.
type OwnStack struct {
	*IsolatedStack

	// Server runs on the stack between Start and Stop.
	Server *Server
	// Kratos signs up and logs in, and administers identities.
	Kratos Kratos

	env   *Environment
	stops []func() error // run in reverse order
}

// ownDatabases are the suffixes of the three databases of an [OwnStack]: those of the API,
// of Kratos and of Keto.
func ownDatabases() []string { return []string{"", "_kratos", "_keto"} }

// NewOwnStack starts a stack on the shared Postgres.
func (e *Environment) NewOwnStack(t *testing.T) *OwnStack {
	t.Helper()
	s := &OwnStack{env: e, IsolatedStack: &IsolatedStack{options: e.newOptions(t, e.NewDatabase(t))}}
	t.Cleanup(func() { s.Stop(t) })
	s.Start(t)
	return s
}

// Start starts the services and the server, again after Stop.
func (s *OwnStack) Start(t *testing.T) {
	t.Helper()
	s.StartServices(t)
	s.StartServer(t)
}

// StartServices starts Kratos and Keto, again after Stop.
func (s *OwnStack) StartServices(t *testing.T) {
	t.Helper()
	var err error
	if s.stack, err = local.Start(context.WithoutCancel(t.Context()), s.options); err != nil {
		t.Fatalf("start Kratos and Keto: %v", err)
	}
	s.Config = s.stack.Config()
	s.DB = OpenDatabase(t, s.Config.Postgres.URL)
	s.Keto = newKetoClient(s.Config)
	s.Kratos = Kratos{kratos.NewSelfService(s.Config.Kratos), kratos.NewAdmin(s.Config.Kratos, nil)}
	s.stops = append(s.stops, s.DB.Close, s.stack.Stop)
}

// StartServer starts the server after StartServices.
func (s *OwnStack) StartServer(t *testing.T) {
	t.Helper()
	started, stop, err := s.env.runServer(context.WithoutCancel(t.Context()), s.Config, server.Options{Now: s.env.now})
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	s.Server = started
	s.stops = append(s.stops, stop)
}

// Stop stops the server and the services. More calls do nothing.
func (s *OwnStack) Stop(t *testing.T) {
	t.Helper()
	for _, stop := range slices.Backward(s.stops) {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	s.stops = nil
}

// Dump copies the databases. The stack must be stopped.
func (s *OwnStack) Dump(t *testing.T, name string) {
	t.Helper()
	for _, database := range ownDatabases() {
		s.copy(t, s.database(t, database)+"_"+name, s.database(t, database))
	}
}

// UndoLastMigrations makes the databases of a dump those of older versions of the three programs, which have one migration less.
func (s *OwnStack) UndoLastMigrations(t *testing.T, dump string) {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "ent", "migrate", "migrations", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(slices.Max(files))
	if err != nil {
		t.Fatal(err)
	}
	_, down, _ := strings.Cut(string(text), "-- +goose Down\n")
	const undo = `DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration);`
	for database, statements := range map[string]string{
		"": down + `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`,
		// For Postgres the last migration of Kratos is empty.
		"_kratos": undo,
		"_keto": undo + `ALTER TABLE keto_relation_tuples DROP CONSTRAINT keto_relation_tuples_nid_fk,
			ADD CONSTRAINT keto_relation_tuples_uuid_nid_fk FOREIGN KEY (nid) REFERENCES networks (id)`,
	} {
		db := s.open(t, database+"_"+dump)
		if _, err := db.ExecContext(t.Context(), statements); err != nil {
			t.Fatalf("undo the last migration of %q: %v", database, err)
		}
		if err := db.Close(); err != nil { // Otherwise the database could not be copied.
			t.Fatal(err)
		}
	}
}

// CountIn returns the result of a query for one number in a database.
func (s *OwnStack) CountIn(t *testing.T, database, query string) (n int) {
	t.Helper()
	db := s.open(t, database)
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // Otherwise the database could not be replaced.
		t.Fatal(err)
	}
	return n
}

// open opens a database by its suffix.
func (s *OwnStack) open(t *testing.T, suffix string) *sql.DB {
	t.Helper()
	return OpenDatabase(t, databaseURL(t, s.options.PostgresURL, func(name string) string { return name + suffix }))
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

// Operate runs a line of a shell as an operator does, who has the programs catfoster, kratos and keto, and the configurations
// of Kratos and Keto in /etc/catfoster. It returns the output and whether the line succeeds.
func (s *OwnStack) Operate(t *testing.T, line string) (output string, ok bool) {
	t.Helper()
	bin := t.TempDir()
	program := s.env.Program(t)
	for name, build := range map[string]func() (string, error){
		"catfoster": func() (string, error) { return program.path, nil },
		"kratos":    func() (string, error) { return local.BuildKratos(t.Context(), s.options.Root, s.options.Bin) },
		"keto":      func() (string, error) { return local.BuildKeto(t.Context(), s.options.Root, s.options.Bin) },
	} {
		path, err := build()
		if err == nil {
			err = os.Symlink(path, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	line = strings.ReplaceAll(line, "/etc/catfoster/", filepath.Join(s.options.Dir, "config")+"/")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Env = append(append(os.Environ(), config.Environ(s.Config)...), "PATH="+bin+":"+os.Getenv("PATH"), "SQA_OPT_OUT=true")
	text, err := cmd.CombinedOutput()
	return string(text), err == nil
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
