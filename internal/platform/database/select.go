package database

import (
	"context"
	stdsql "database/sql"
	"fmt"

	"entgo.io/ent/dialect/sql"
)

// Querier is a database, a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*stdsql.Rows, error)
}

// Select runs a query and returns its rows: values of one column, or structs with a field for each.
func Select[T any](ctx context.Context, db Querier, query string, arguments ...any) (found []T, err error) {
	rows, err := db.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if err := sql.ScanSlice(rows, &found); err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return found, rows.Err()
}
