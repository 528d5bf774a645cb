package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// dataset is a database of generated cats, with the values that the cases search for.
type dataset struct {
	db       *sql.DB
	client   *ent.Client
	factory  *objects.Factory
	cats     *usecase.Cats
	recorder *recorder
	server   server

	// heavy, typical and admin are the members whom pages are shown to.
	heavy, typical, admin member
	// users are the members of one page. The first is the heavy one.
	users []*ent.User
	// middle and far are the cursors in the middle of the list and before page 10,000, in
	// the order of each field. If the list has no such page, far is middle.
	middle, far map[model.CatProfileOrderField]scalar.Cursor
	// owner owns the cat in the middle of the list by creation.
	owner uuid.UUID
	// surname is a word in the names of about ten cats.
	surname string
	// viewer is the context of a request by the typical member.
	viewer context.Context
}

// page10000 is the number of rows before page 10,000.
const page10000 = 9_999 * 20

// newDataset fills a database that has the tables and the places, unless it is filled, and reaches it as the API does: with prepared statements.
func newDataset(ctx context.Context, address string, s size, progress io.Writer) (*dataset, error) {
	if err := fillOnce(ctx, address, s, progress); err != nil {
		return nil, fmt.Errorf("fill a database with %d cats: %w", s.cats, err)
	}
	c := config.Defaults[config.Config]()
	c.Postgres.URL = address
	db, err := database.Open(c.Postgres)
	if err != nil {
		return nil, err
	}
	d := &dataset{db: db, recorder: &recorder{Driver: entsql.OpenDB(dialect.Postgres, db), db: db}}
	d.client = ent.NewClient(ent.Driver(d.recorder))
	if err := errors.Join(d.serve(c), d.choose(ctx, s.cats)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

func (d *dataset) close() error { return d.db.Close() }

// choose reads the values that the cases search for.
func (d *dataset) choose(ctx context.Context, cats int) (err error) {
	if err := d.chooseMembers(ctx); err != nil {
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
	middle, err := d.client.CatProfile.Get(ctx, d.middle[model.CatProfileOrderFieldCreatedAt].ID)
	if err != nil {
		return fmt.Errorf("find the cat in the middle: %w", err)
	}
	d.owner = middle.OwnerID
	_, d.surname, _ = strings.Cut(middle.Name, " ")
	return nil
}

// ordersOfAll are the orders of lists of all cats. By distance there are those around a place alone.
func ordersOfAll() []model.CatProfileOrderField {
	return []model.CatProfileOrderField{model.CatProfileOrderFieldName, model.CatProfileOrderFieldAge, model.CatProfileOrderFieldCreatedAt}
}

// today is the day in UTC.
func today() time.Time { return day(time.Now()) }

// day returns the day in UTC.
func day(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

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

// statement is an SQL statement with its arguments.
type statement struct {
	query     string
	arguments []any
}

// recorder is a driver that remembers the queries of a case. Fields of a page may be resolved at the same time.
type recorder struct {
	dialect.Driver
	db *sql.DB

	mu         sync.Mutex
	statements []statement
}

// Query remembers and executes a query.
func (r *recorder) Query(ctx context.Context, query string, args, v any) error {
	if arguments, ok := args.([]any); ok {
		r.add(statement{query, arguments})
	}
	return r.Driver.Query(ctx, query, args, v)
}

// QueryContext does the same for queries that ent does not make.
func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.add(statement{query, args})
	return r.db.QueryContext(ctx, query, args...)
}

func (r *recorder) add(s statement) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, s)
}
