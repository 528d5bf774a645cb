// Package ent is the client of the database. It is generated from package schema, except for this file, which has what members wait for
// most: reading and changing one cat, requests and approvals. The text of these statements hardly changes. ent builds it for each
// query, and takes three times the allocations; a row that is changed and read again takes it two statements. With them, the API takes
// 1.7 times the CPU time for one cat with its owner, and 1.6 times for an update (make bench). It is here because only ent's own code can
// scan its rows.
package ent

import (
	"context"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqlgraph"

	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
)

// FindOne returns the user for whom a condition in SQL holds, with some columns or, by nil, all. The condition may be followed by other
// clauses, such as FOR UPDATE. The error is a [NotFoundError] if there is none, and a [NotSingularError] if there are several.
func (c *UserClient) FindOne(ctx context.Context, columns []string, condition string, args ...any) (*User, error) {
	users := table[*User]{c.driver, user.Table, user.Columns, func() *User { return &User{config: c.config} }}
	return users.only(users.find(ctx, columns, condition, args))
}

// FindOne returns the cat for which a condition holds, as [UserClient.FindOne] does.
func (c *CatProfileClient) FindOne(ctx context.Context, columns []string, condition string, args ...any) (*CatProfile, error) {
	return c.table().only(c.table().find(ctx, columns, condition, args))
}

// FindOneWithOwner returns the cat for which a condition holds, in which its table is c, with some columns of the cat and, unless there
// are none, of its owner. WithOwner takes two statements.
func (c *CatProfileClient) FindOneWithOwner(
	ctx context.Context, columns, ownerColumns []string, condition string, args ...any,
) (*CatProfile, error) {
	query, join := "SELECT c."+strings.Join(columns, ", c."), ""
	if len(ownerColumns) > 0 {
		query += ", o." + strings.Join(ownerColumns, ", o.")
		join = " JOIN " + user.Table + " o ON o.id = c." + catprofile.FieldOwnerID
	}
	query += " FROM " + catprofile.Table + " c" + join + " WHERE " + condition
	cats := table[catWithOwner]{driver: c.driver, name: catprofile.Table, newRow: func() catWithOwner {
		return catWithOwner{&CatProfile{config: c.config}, &User{config: c.config}, len(columns)}
	}}
	found, err := cats.only(cats.rows(ctx, slices.Concat(columns, ownerColumns), query, args))
	if err == nil && len(ownerColumns) > 0 {
		found.cat.Edges.Owner, found.cat.Edges.loadedTypes[0] = found.owner, true
	}
	return found.cat, err
}

// catWithOwner is a row with the columns of a cat and then those of its owner.
type catWithOwner struct {
	cat   *CatProfile
	owner *User
	ofCat int // the number of the cat's columns
}

func (r catWithOwner) scanValues(columns []string) ([]any, error) {
	ofCat, err := r.cat.scanValues(columns[:r.ofCat])
	if err != nil {
		return nil, err
	}
	ofOwner, err := r.owner.scanValues(columns[r.ofCat:])
	return append(ofCat, ofOwner...), err
}

func (r catWithOwner) assignValues(columns []string, values []any) error {
	if err := r.cat.assignValues(columns[:r.ofCat], values[:r.ofCat]); err != nil {
		return err
	}
	return r.owner.assignValues(columns[r.ofCat:], values[r.ofCat:])
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

// WriteOne runs an INSERT or UPDATE of one cat, and returns the row as it is then. The statement must not return anything.
func (c *CatProfileClient) WriteOne(ctx context.Context, statement string, args ...any) (*CatProfile, error) {
	return c.table().writeOne(ctx, statement, args)
}

func (c *CatProfileClient) table() table[*CatProfile] {
	newRow := func() *CatProfile { return &CatProfile{config: c.config} }
	return table[*CatProfile]{c.driver, catprofile.Table, catprofile.Columns, newRow}
}

// SaveWith is [CatProfileCreate.Save] with columns that the schema does not have, as ent must not read them with every cat.
func (_c *CatProfileCreate) SaveWith(ctx context.Context, columns ...*sqlgraph.FieldSpec) (*CatProfile, error) {
	_c.defaults()
	if err := _c.check(); err != nil {
		return nil, err
	}
	row, spec := _c.createSpec()
	spec.Fields = append(spec.Fields, columns...)
	if err := sqlgraph.CreateNode(ctx, _c.driver, spec); err != nil {
		if sqlgraph.IsConstraintError(err) {
			err = &ConstraintError{msg: err.Error(), wrap: err}
		}
		return nil, err
	}
	return row, nil
}

// Find returns the fosterings for which a condition holds.
func (c *FosteringClient) Find(ctx context.Context, condition string, args ...any) ([]*Fostering, error) {
	return c.table().find(ctx, nil, condition, args)
}

// WriteOne runs an INSERT or UPDATE of one fostering, as [CatProfileClient.WriteOne] does.
func (c *FosteringClient) WriteOne(ctx context.Context, statement string, args ...any) (*Fostering, error) {
	return c.table().writeOne(ctx, statement, args)
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

func (t table[R]) writeOne(ctx context.Context, statement string, args []any) (R, error) {
	return t.only(t.rows(ctx, t.columns, statement+" RETURNING "+strings.Join(t.columns, ", "), args))
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
	return found, rows.Err() // The end tells whether the statement has been committed, too.
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
