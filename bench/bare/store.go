package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	_ "github.com/lib/pq" // the driver of the API
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/catfoster/catfoster/internal/permission/hidden"
)

// connections is the size of the pool, which is that of the API.
const connections = 25

// pageSize is how many cats are on a page. One more is read, to learn whether there are more.
const pageSize = 20

// catColumns are the columns of a cat that the API reads for a page.
const catColumns = `c.id, c.created_at, c.name, c.age, c.description, c.location, c.available`

// visible returns the condition that a cat is shown to the user in a parameter, which the API has in each of these statements.
func visible(parameter string) string {
	return ` c.archived_at IS NULL AND c.owner_id NOT IN (` + hidden.From(uuid.Nil).Text(parameter) + `) `
}

// cat is a row of cat_profiles.
type cat struct {
	id                uuid.UUID
	created           time.Time
	name, description string
	age               int
	location          *string
	available         bool
}

// targets returns where to scan catColumns to.
func (c *cat) targets() []any {
	return []any{&c.id, &c.created, &c.name, &c.age, &c.description, &c.location, &c.available}
}

// user is a row of users.
type user struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Bio      *string   `json:"bio"`
	Location *string   `json:"location"`
}

// store reads and writes Postgres by prepared statements.
type store struct {
	db                              *sql.DB
	page, hinted, one, update, user *sql.Stmt
	statements                      prometheus.Counter // under the name that it has in the API
}

func newStore(address string) (*store, error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, errors.New("the address of Postgres is not valid") // It holds a password.
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s := &store{db: db, statements: promauto.NewCounter(prometheus.CounterOpts{Name: "catfoster_sql_statement_duration_seconds_count"})}
	for statement, query := range map[**sql.Stmt]string{
		&s.page: `SELECT ` + catColumns + ` FROM cat_profiles c WHERE` + visible("$1") +
			`ORDER BY c.created_at, c.id LIMIT ` + strconv.Itoa(pageSize+1),
		&s.hinted: `SELECT c.id, c.name, c.owner_id = $1 OR EXISTS (SELECT FROM admin_roles WHERE user_id = $1),
			c.available AND c.owner_id <> $1 AND NOT EXISTS (SELECT FROM fosterings
				WHERE cat_profile_id = c.id AND participant_id = $1 AND status IN ('PENDING', 'APPROVED', 'ACTIVE'))
			FROM cat_profiles c WHERE` + visible("$1") + `ORDER BY c.created_at, c.id LIMIT ` + strconv.Itoa(pageSize),
		&s.one: `SELECT ` + catColumns + `, u.id, u.name FROM cat_profiles c JOIN users u ON u.id = c.owner_id
			WHERE c.id = $1 AND` + visible("$2"),
		&s.update: `UPDATE cat_profiles c SET updated_at = $2, age = $3 WHERE id = $1 RETURNING ` + catColumns,
		&s.user:   `SELECT id, name, email, bio, location FROM users WHERE identity_id = $1`,
	} {
		*statement, err = db.PrepareContext(context.Background(), query) //nolint:sqlclosecheck // They are closed with db.
		if err != nil {
			return nil, fmt.Errorf("prepare %s: %w", query, errors.Join(err, db.Close()))
		}
	}
	return s, nil
}

// cats returns the oldest cats that a user sees, one more than a page has.
func (s *store) cats(ctx context.Context, user uuid.UUID) ([]cat, error) {
	s.statements.Inc()
	rows, err := s.page.QueryContext(ctx, user)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cats := make([]cat, 0, pageSize+1)
	for rows.Next() {
		var c cat
		if err := rows.Scan(c.targets()...); err != nil {
			return nil, err
		}
		cats = append(cats, c)
	}
	return cats, rows.Err()
}

// hints returns the oldest cats that a user sees, with what the user may do.
func (s *store) hints(ctx context.Context, user uuid.UUID) ([]hintedNode, error) {
	s.statements.Inc()
	rows, err := s.hinted.QueryContext(ctx, user)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	nodes := make([]hintedNode, 0, pageSize)
	for rows.Next() {
		var n hintedNode
		if err := rows.Scan(&n.ID, &n.Name, &n.ViewerCanEdit, &n.ViewerCanFoster); err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, rows.Err()
}

// cat returns a cat that a user sees, and its owner.
func (s *store) cat(ctx context.Context, id, viewer uuid.UUID) (c cat, owner user, err error) {
	s.statements.Inc()
	err = s.one.QueryRowContext(ctx, id, viewer).Scan(append(c.targets(), &owner.ID, &owner.Name)...)
	return c, owner, err
}

// setAge changes a cat.
func (s *store) setAge(ctx context.Context, id uuid.UUID, age int) (c cat, err error) {
	s.statements.Inc()
	err = s.update.QueryRowContext(ctx, id, time.Now(), age).Scan(c.targets()...)
	return c, err
}

// userOf returns the user of an identity.
func (s *store) userOf(ctx context.Context, identity uuid.UUID) (u user, err error) {
	s.statements.Inc()
	err = s.user.QueryRowContext(ctx, identity).Scan(&u.ID, &u.Name, &u.Email, &u.Bio, &u.Location)
	return u, err
}
