package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
	"github.com/catfoster/catfoster/internal/usecase"
)

// dataset is a database of generated cats, with the values that the cases search for.
type dataset struct {
	db       *sql.DB
	client   *ent.Client
	factory  *objects.Factory
	cats     *usecase.Cats
	recorder *recorder

	// users are the members of one page.
	users []*ent.User
	// middle and far are the cursors in the middle of the list and before page 10,000, in
	// the order of each field. If the list has no such page, far is middle.
	middle, far map[model.CatProfileOrderField]scalar.Cursor
	// owner owns the cat in the middle of the list by creation.
	owner uuid.UUID
	// surname is a word in the names of about ten cats.
	surname string
	// viewer is the context of a request by a member who fosters and whose cats are
	// fostered.
	viewer context.Context
}

// nowhere is the address of a Keto that refuses connections.
const nowhere = "http://127.0.0.1:1"

// page10000 is the number of rows before page 10,000.
const page10000 = 9_999 * 20

// newDataset creates a database on the stack's Postgres and fills it.
func newDataset(ctx context.Context, postgres *local.Stack, name string, cats, users int) (*dataset, error) {
	address, err := postgres.CreateDatabase(ctx, name)
	if err != nil {
		return nil, err
	}
	if _, err := migrations.Up(ctx, address); err != nil {
		return nil, err
	}
	if err := gazetteer.Load(ctx, address, gazetteer.Size); err != nil {
		return nil, err
	}
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", name, err)
	}
	if err := fill(ctx, db, cats, users); err != nil {
		return nil, fmt.Errorf("fill database %s: %w", name, err)
	}
	d := &dataset{db: db, recorder: &recorder{Driver: entsql.OpenDB(dialect.Postgres, db), db: db}}
	d.client = ent.NewClient(ent.Driver(d.recorder))
	d.factory = objects.NewFactory(d.client, nil, usecase.Clock{Now: time.Now, Today: today}, objects.Photos{})
	keto := keto.NewClient(config.Keto{PublicURL: nowhere, AdminURL: nowhere}, nil)
	syncer := projection.NewSyncer(d.client, keto, slog.New(slog.DiscardHandler))
	d.cats = usecase.NewCats(d.client, syncer, math.MaxInt, usecase.Clock{Now: time.Now, Today: today})
	if err := d.choose(ctx, cats); err != nil {
		return nil, fmt.Errorf("choose the values to search for: %w", err)
	}
	return d, nil
}

func (d *dataset) close() error { return d.db.Close() }

// choose reads the values that the cases search for.
func (d *dataset) choose(ctx context.Context, cats int) error {
	var err error
	if d.users, err = d.client.User.Query().Order(user.ByID()).Limit(20).All(ctx); err != nil {
		return err
	}
	d.middle, d.far = map[model.CatProfileOrderField]scalar.Cursor{}, map[model.CatProfileOrderField]scalar.Cursor{}
	for _, field := range ordersOfAll() {
		if d.middle[field], err = d.cursorAt(ctx, field, cats/2); err != nil {
			return err
		}
		d.far[field] = d.middle[field]
		if page10000 < cats {
			if d.far[field], err = d.cursorAt(ctx, field, page10000); err != nil {
				return err
			}
		}
	}
	cat, err := d.client.CatProfile.Query().Order(catprofile.ByCreatedAt()).Offset(cats / 2).First(ctx)
	if err != nil {
		return err
	}
	_, d.surname, _ = strings.Cut(cat.Name, " ")
	middle, err := d.client.CatProfile.Get(ctx, d.middle[model.CatProfileOrderFieldCreatedAt].ID)
	if err != nil {
		return err
	}
	d.owner = middle.OwnerID
	host, err := d.client.Fostering.Query().Order(entfostering.ByID()).QueryCatProfile().QueryOwner().First(ctx)
	if err != nil {
		return err
	}
	d.viewer, err = signedIn(ctx, d.client, host)
	return err
}

// ordersOfAll are the orders of lists of all cats. By distance there are those around a place alone.
func ordersOfAll() []model.CatProfileOrderField {
	return []model.CatProfileOrderField{model.CatProfileOrderFieldName, model.CatProfileOrderFieldAge, model.CatProfileOrderFieldCreatedAt}
}

// today is the day in UTC.
func today() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) }

// columnOf returns the column by which cats are ordered.
func columnOf(field model.CatProfileOrderField) string {
	if field == model.CatProfileOrderFieldAge {
		return catprofile.FieldBirthDate
	}
	return strings.ToLower(string(field))
}

// cursorAt returns the cursor after the first count rows. It is computed from the row,
// because reading all pages up to there would take long.
func (d *dataset) cursorAt(ctx context.Context, field model.CatProfileOrderField, count int) (scalar.Cursor, error) {
	row, err := d.client.CatProfile.Query().
		Order(func(q *entsql.Selector) {
			column := q.C(columnOf(field))
			if field == model.CatProfileOrderFieldName {
				column += ` COLLATE "by_hand_name_order"`
			}
			q.OrderBy(column, q.C(catprofile.FieldID))
		}).
		Offset(count - 1).First(ctx)
	if err != nil {
		return scalar.Cursor{}, fmt.Errorf("find row %d by %s: %w", count, field, err)
	}
	cursor := scalar.Cursor{Order: string(field), ID: row.ID}
	switch field {
	case model.CatProfileOrderFieldName:
		cursor.Value = row.Name
	case model.CatProfileOrderFieldAge:
		cursor.Value = row.BirthDate.Format(time.DateOnly)
	case model.CatProfileOrderFieldCreatedAt, model.CatProfileOrderFieldDistance:
		cursor.Value = row.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	return cursor, nil
}

// signedIn returns the context of a request by the user. Instead of Kratos, a transport
// that accepts every session token answers.
func signedIn(ctx context.Context, client *ent.Client, u *ent.User) (context.Context, error) {
	whoami := fmt.Sprintf(`{"id": %q, "active": true, "identity": {"id": %q, "schema_id": "default", "schema_url": "",
		"traits": {"email": %q, "name": %q}}}`, uuid.New(), u.IdentityID, u.Email, u.Name)
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		response := httptest.NewRecorder()
		response.Header().Set("Content-Type", "application/json")
		_, err := response.WriteString(whoami)
		return response.Result(), err
	})
	c := config.Kratos{PublicURL: "http://kratos"}
	users := account.NewUsers(client, kratos.NewAdmin(c, transport), slog.New(slog.DiscardHandler))
	authenticator, err := session.NewAuthenticator(c, kratos.NewSessions(c, transport), users, client)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/graphql", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("create a request: %w", err)
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

// statement is an SQL statement with its arguments.
type statement struct {
	query     string
	arguments []any
}

// recorder is a driver that remembers the queries of a case, which come one after the other.
type recorder struct {
	dialect.Driver
	db         *sql.DB
	statements []statement
}

// Query remembers and executes a query.
func (r *recorder) Query(ctx context.Context, query string, args, v any) error {
	if arguments, ok := args.([]any); ok {
		r.statements = append(r.statements, statement{query, arguments})
	}
	return r.Driver.Query(ctx, query, args, v)
}

// QueryContext does the same for queries that ent does not make.
func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.statements = append(r.statements, statement{query, args})
	return r.db.QueryContext(ctx, query, args...)
}
