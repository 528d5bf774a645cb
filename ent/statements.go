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

// FindOne returns the user for whom a condition holds. The error is a [NotFoundError] if there is none, and a [NotSingularError] if
// there are several.
func (c *UserClient) FindOne(ctx context.Context, condition string, args ...any) (*User, error) {
	users := table[*User]{c.driver, user.Table, user.Columns, func() *User { return &User{config: c.config} }}
	return users.findOne(ctx, condition, args)
}

// FindOne returns the cat for which a condition holds, as [UserClient.FindOne] does.
func (c *CatProfileClient) FindOne(ctx context.Context, condition string, args ...any) (*CatProfile, error) {
	cats := table[*CatProfile]{c.driver, catprofile.Table, catprofile.Columns, func() *CatProfile { return &CatProfile{config: c.config} }}
	return cats.findOne(ctx, condition, args)
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
	return c.table().find(ctx, condition, args)
}

// UpdateReturning runs an UPDATE of the row of one fostering, as [CatProfileClient.UpdateReturning] does.
func (c *FosteringClient) UpdateReturning(ctx context.Context, update *sql.UpdateBuilder) (*Fostering, error) {
	query, args := update.Query()
	fosterings := c.table()
	return fosterings.only(fosterings.rows(ctx, query+" RETURNING "+strings.Join(fosterings.columns, ", "), args))
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

func (t table[R]) findOne(ctx context.Context, condition string, args []any) (R, error) {
	return t.only(t.find(ctx, condition, args))
}

func (t table[R]) find(ctx context.Context, condition string, args []any) ([]R, error) {
	return t.rows(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" WHERE "+condition, args)
}

// rows returns the rows of a statement, which have all columns of the table.
func (t table[R]) rows(ctx context.Context, query string, args []any) (found []R, err error) {
	var rows sql.Rows
	if err := t.driver.Query(ctx, query, args, &rows); err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Rows.Err reports the errors.
	for rows.Next() {
		next := t.newRow()
		values, err := next.scanValues(t.columns)
		if err != nil {
			return nil, err
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		if err := next.assignValues(t.columns, values); err != nil {
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
