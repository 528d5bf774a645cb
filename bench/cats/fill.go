package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
)

//go:embed fill.sql
var fillSQL string

// fill creates members, cats and fosterings: see fill.sql.
func fill(ctx context.Context, db *sql.DB, cats, members int) (err error) {
	session, err := db.Conn(ctx) // The settings belong to it.
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	const settings = `SELECT set_config('catfoster.cats', $1, false), set_config('catfoster.members', $2, false)`
	if _, err := session.ExecContext(ctx, settings, strconv.Itoa(cats), strconv.Itoa(members)); err != nil {
		return fmt.Errorf("set the numbers of cats and members: %w", err)
	}
	for _, statements := range []string{fillSQL, "VACUUM ANALYZE"} {
		if _, err := session.ExecContext(ctx, statements); err != nil {
			return err
		}
	}
	return nil
}
