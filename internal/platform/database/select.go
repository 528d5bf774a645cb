package database

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"reflect"
	"strings"
)

// Querier is a database, a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*stdsql.Rows, error)
}

// Select runs a query and returns its rows: values of one column, or structs with a field for each column, such as those of ent. The
// field ObjectID is for the column object_id. What may be NULL needs a field that can be nil.
//
// The text of the query should not change from call to call: see [preparingConn].
func Select[T any](ctx context.Context, db Querier, query string, arguments ...any) (found []T, err error) {
	rows, err := db.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read the columns of rows: %w", err)
	}
	var row T
	destinations, err := destinationsIn(&row, columns)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		if err := rows.Scan(destinations...); err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// destinationsIn returns where in a row, which is a pointer, the values of columns belong.
func destinationsIn(row any, columns []string) ([]any, error) {
	value := reflect.ValueOf(row).Elem()
	if _, isScanner := row.(stdsql.Scanner); isScanner || value.Kind() != reflect.Struct {
		return []any{row}, nil
	}
	destinations := make([]any, len(columns))
	for i, column := range columns {
		field := fieldOf(value, strings.ReplaceAll(column, "_", ""))
		if !field.IsValid() {
			return nil, fmt.Errorf("read rows: %T has no field for the column %s", row, column)
		}
		destinations[i] = field.Addr().Interface()
	}
	return destinations, nil
}

// fieldOf returns the field of a struct, or of one that it embeds, with a name in any case. It is not valid if there is none.
func fieldOf(structure reflect.Value, name string) reflect.Value {
	for i := range structure.NumField() { // The iterators of reflect take allocations.
		field := structure.Type().Field(i)
		switch {
		case !field.IsExported():
		case field.Anonymous:
			if embedded := fieldOf(structure.Field(i), name); embedded.IsValid() {
				return embedded
			}
		case strings.EqualFold(field.Name, name):
			return structure.Field(i)
		}
	}
	return reflect.Value{}
}
