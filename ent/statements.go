package ent

import (
	"context"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
)

// Like catprofile_statements.go, this file is not generated. It finds rows by a condition in SQL, which may be followed by other clauses,
// such as FOR UPDATE. It is for what members wait for most after a cat, requests and approvals: the text of a condition does not change,
// and ent, which builds it for each query, takes three times the allocations.

// FindOne returns the user for whom a condition holds, with some columns or, by nil, all. The error is a [NotFoundError] if there is
// none, and a [NotSingularError] if there are several.
func (c *UserClient) FindOne(ctx context.Context, columns []string, condition string, args ...any) (*User, error) {
	users := table[*User]{c.driver, user.Table, user.Columns, func() *User { return &User{config: c.config} }}
	return users.only(users.find(ctx, columns, condition, args))
}

// FindOne returns the cat for which a condition holds, as [UserClient.FindOne] does.
func (c *CatProfileClient) FindOne(ctx context.Context, columns []string, condition string, args ...any) (*CatProfile, error) {
	cats := table[*CatProfile]{c.driver, catprofile.Table, catprofile.Columns, func() *CatProfile { return &CatProfile{config: c.config} }}
	return cats.only(cats.find(ctx, columns, condition, args))
}

// Exists reports whether there is a cat for which a condition holds.
func (c *CatProfileClient) Exists(ctx context.Context, condition string, args ...any) (exists bool, err error) {
	var rows sql.Rows
	if err := c.driver.Query(ctx, "SELECT EXISTS (SELECT FROM "+catprofile.Table+" WHERE "+condition+")", args, &rows); err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }() // ScanOne reports the errors.
	err = sql.ScanOne(rows, &exists)
	return exists, err
}

// Find returns the fosterings for which a condition holds.
func (c *FosteringClient) Find(ctx context.Context, condition string, args ...any) ([]*Fostering, error) {
	return c.table().find(ctx, nil, condition, args)
}

// WriteOne runs an INSERT or UPDATE of one fostering, and returns the row as it is then. The statement must not return anything.
func (c *FosteringClient) WriteOne(ctx context.Context, statement string, args ...any) (*Fostering, error) {
	fosterings := c.table()
	return fosterings.only(fosterings.rows(ctx, fosterings.columns, statement+" RETURNING "+strings.Join(fosterings.columns, ", "), args))
}

func (c *FosteringClient) table() table[*Fostering] {
	newRow := func() *Fostering { return &Fostering{config: c.config} }
	return table[*Fostering]{c.driver, entfostering.Table, entfostering.Columns, newRow}
}

// table is a table whose rows only ent's own code can scan.
type table[R row] struct {
	driver  dialect.Driver
	name    string
	columns []string
	newRow  func() R
}

type row interface {
	scanValues(columns []string) ([]any, error)
	assignValues(columns []string, values []any) error
}

func (t table[R]) find(ctx context.Context, columns []string, condition string, args []any) ([]R, error) {
	if len(columns) == 0 {
		columns = t.columns
	}
	return t.rows(ctx, columns, "SELECT "+strings.Join(columns, ", ")+" FROM "+t.name+" WHERE "+condition, args)
}

// rows returns the rows of a statement, which have the columns.
func (t table[R]) rows(ctx context.Context, columns []string, query string, args []any) (found []R, err error) {
	var rows sql.Rows
	if err := t.driver.Query(ctx, query, args, &rows); err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Rows.Err reports the errors.
	for rows.Next() {
		next := t.newRow()
		values, err := next.scanValues(columns)
		if err != nil {
			return nil, err
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		if err := next.assignValues(columns, values); err != nil {
			return nil, err
		}
		found = append(found, next)
	}
	return found, rows.Err()
}

// only returns the only one of the rows that were found.
func (t table[R]) only(found []R, err error) (one R, _ error) {
	switch {
	case err != nil:
		return one, err
	case len(found) == 0:
		return one, &NotFoundError{t.name}
	case len(found) > 1:
		return one, &NotSingularError{t.name}
	}
	return found[0], nil
}
