// Package ent is the client of the database. It is generated from package schema, except
// for this file, which is here because only ent's own code can scan its rows.
package ent

import (
	"context"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/user"
)

// GetWithOwner returns a cat by its id, with its owner loaded, in one statement. WithOwner
// takes two.
func (c *CatProfileClient) GetWithOwner(ctx context.Context, id uuid.UUID) (*CatProfile, error) {
	cats, owners := sql.Table(catprofile.Table), sql.Table(user.Table)
	joined := sql.Dialect(dialect.Postgres).Select().From(cats).Join(owners) // This gives the tables their aliases.
	query, args := joined.On(cats.C(catprofile.FieldOwnerID), owners.C(user.FieldID)).
		Select(append(cats.Columns(catprofile.Columns...), owners.Columns(user.Columns...)...)...).
		Where(sql.EQ(cats.C(catprofile.FieldID), id)).Query()
	var rows sql.Rows
	if err := c.driver.Query(ctx, query, args, &rows); err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Rows.Err reports the errors.
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return nil, &NotFoundError{catprofile.Label}
	}
	cat, owner := &CatProfile{config: c.config}, &User{config: c.config}
	catValues, err := cat.scanValues(catprofile.Columns)
	if err != nil {
		return nil, err
	}
	ownerValues, err := owner.scanValues(user.Columns)
	if err != nil {
		return nil, err
	}
	if err := rows.Scan(append(catValues, ownerValues...)...); err != nil {
		return nil, err
	}
	if err := cat.assignValues(catprofile.Columns, catValues); err != nil {
		return nil, err
	}
	if err := owner.assignValues(user.Columns, ownerValues); err != nil {
		return nil, err
	}
	cat.Edges.Owner, cat.Edges.loadedTypes[0] = owner, true
	return cat, rows.Err()
}
