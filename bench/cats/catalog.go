package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratos"
	"github.com/catfoster/catfoster/internal/session"
)

// catalog is a database full of cats, and what the cases ask of it.
type catalog struct {
	db       *sql.DB
	client   *ent.Client
	factory  *objects.Factory
	recorder *recorder

	// users is a handful of members, one page of them.
	users []*ent.User
	// middle and far are cats in the middle of the list and at its page 10,000, in
	// the order of each field. In a list that has no such page far is the middle.
	middle, far map[model.CatProfileOrderField]scalar.Cursor
	// surname is a word that about ten cats have in their name.
	surname string
	// viewer is the context of a request of somebody who fosters and whose cats are
	// fostered.
	viewer context.Context
}

// page10000 is the number of rows before page 10,000.
const page10000 = 9_999 * 20

// newCatalog makes a database beside the one with the address and fills it.
func newCatalog(ctx context.Context, address, name string, cats, users int) (*catalog, error) {
	address, err := createDatabase(ctx, address, name)
	if err != nil {
		return nil, err
	}
	if _, err := migrations.Up(ctx, address); err != nil {
		return nil, err
	}
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", name, err)
	}
	if err := fill(ctx, db, cats, users); err != nil {
		return nil, fmt.Errorf("fill database %s: %w", name, err)
	}
	return openCatalog(ctx, db, cats)
}

// createDatabase makes a database beside the one with the address and returns its
// address.
func createDatabase(ctx context.Context, address, name string) (string, error) {
	server, err := sql.Open("postgres", address)
	if err != nil {
		return "", fmt.Errorf("open the server: %w", err)
	}
	defer server.Close()
	if _, err := server.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)); err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read the address of Postgres: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// openCatalog takes a database that is filled.
func openCatalog(ctx context.Context, db *sql.DB, cats int) (*catalog, error) {
	c := &catalog{db: db, recorder: &recorder{Driver: entsql.OpenDB(dialect.Postgres, db)}}
	c.client = ent.NewClient(ent.Driver(c.recorder))
	c.factory = objects.NewFactory(c.client, nil)
	if err := c.choose(ctx, cats); err != nil {
		return nil, fmt.Errorf("choose what to look for: %w", err)
	}
	return c, nil
}

func (c *catalog) close() error { return c.db.Close() }

// choose takes from the database what the cases look for.
func (c *catalog) choose(ctx context.Context, cats int) error {
	var err error
	if c.users, err = c.client.User.Query().Order(user.ByID()).Limit(20).All(ctx); err != nil {
		return err
	}
	c.middle, c.far = map[model.CatProfileOrderField]scalar.Cursor{}, map[model.CatProfileOrderField]scalar.Cursor{}
	for _, field := range model.AllCatProfileOrderField {
		if c.middle[field], err = c.cursorAt(ctx, field, cats/2); err != nil {
			return err
		}
		c.far[field] = c.middle[field]
		if page10000 < cats {
			if c.far[field], err = c.cursorAt(ctx, field, page10000); err != nil {
				return err
			}
		}
	}
	cat, err := c.client.CatProfile.Query().Order(catprofile.ByCreatedAt()).Offset(cats / 2).First(ctx)
	if err != nil {
		return err
	}
	_, c.surname, _ = strings.Cut(cat.Name, " ")
	host, err := c.client.Fostering.Query().Order(entfostering.ByID()).QueryCatProfile().QueryOwner().First(ctx)
	if err != nil {
		return err
	}
	c.viewer, err = signedIn(ctx, c.client, host)
	return err
}

// cursorAt is the cursor of the last of the first count rows, made of the row:
// nobody pages there.
func (c *catalog) cursorAt(ctx context.Context, field model.CatProfileOrderField, count int) (scalar.Cursor, error) {
	row, err := c.client.CatProfile.Query().
		Order(func(q *entsql.Selector) { q.OrderBy(q.C(strings.ToLower(string(field))), q.C(catprofile.FieldID)) }).
		Offset(count - 1).First(ctx)
	if err != nil {
		return scalar.Cursor{}, fmt.Errorf("find row %d by %s: %w", count, field, err)
	}
	cursor := scalar.Cursor{Order: string(field), ID: row.ID}
	switch field {
	case model.CatProfileOrderFieldName:
		cursor.Value = row.Name
	case model.CatProfileOrderFieldAge:
		cursor.Value = strconv.Itoa(row.Age)
	case model.CatProfileOrderFieldCreatedAt:
		cursor.Value = row.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	return cursor, nil
}

// signedIn is the context of a request of the user's. The session is of no
// interest here, so Kratos is played by a transport that always knows it.
func signedIn(ctx context.Context, client *ent.Client, u *ent.User) (context.Context, error) {
	whoami := fmt.Sprintf(`{"id": %q, "active": true, "identity": {"id": %q, "schema_id": "default", "schema_url": "",
		"traits": {"email": %q, "name": %q}}}`, uuid.New(), u.IdentityID, u.Email, u.Name)
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		answer := httptest.NewRecorder()
		answer.Header().Set("Content-Type", "application/json")
		_, err := answer.WriteString(whoami)
		return answer.Result(), err
	})
	c := config.Kratos{PublicURL: "http://kratos"}
	authenticator := session.NewAuthenticator(c, kratos.NewSessions(c, transport), account.NewUsers(client))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/graphql", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	request.Header.Set("X-Session-Token", "any")
	var inside context.Context
	authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inside = r.Context()
	})).ServeHTTP(httptest.NewRecorder(), request)
	if _, err := session.ViewerOf(inside); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return inside, nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// statement is SQL as it was sent, with its arguments.
type statement struct {
	query     string
	arguments []any
}

// recorder is a driver that keeps the queries that pass through it while somebody
// listens.
type recorder struct {
	dialect.Driver

	mu         sync.Mutex
	listening  bool
	statements []statement
}

// Query implements dialect.ExecQuerier.
func (r *recorder) Query(ctx context.Context, query string, args, v any) error {
	r.mu.Lock()
	if arguments, ok := args.([]any); ok && r.listening {
		r.statements = append(r.statements, statement{query, arguments})
	}
	r.mu.Unlock()
	return r.Driver.Query(ctx, query, args, v)
}

// during returns the queries of what is done.
func (r *recorder) during(do func() error) ([]statement, error) {
	r.mu.Lock()
	r.listening, r.statements = true, nil
	r.mu.Unlock()
	err := do()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listening = false
	return r.statements, err
}
