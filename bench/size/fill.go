package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

//go:embed fill.sql
var fillSQL string

// size is how large a community is.
type size struct{ cats, members, fosterings int }

// fillOnce fills a database, unless that has been done.
func fillOnce(ctx context.Context, address string, s size, progress io.Writer) (err error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return errors.New("open the database: its address is not valid") // It may hold a password.
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var filled bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('filled') IS NOT NULL").Scan(&filled); err != nil || filled {
		return err
	}
	if err := fill(ctx, db, s, progress); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "CREATE TABLE filled ()")
	return err
}

// fill creates members, cats, fosterings and what belongs to them, and prints how long each step takes: see fill.sql.
func fill(ctx context.Context, db *sql.DB, s size, progress io.Writer) (err error) {
	session, err := db.Conn(ctx) // The settings belong to it.
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	const settings = `SELECT set_config('catfoster.cats', $1, false), set_config('catfoster.members', $2, false), set_config('catfoster.fosterings', $3, false)`
	if _, err := session.ExecContext(ctx, settings, strconv.Itoa(s.cats), strconv.Itoa(s.members), strconv.Itoa(s.fosterings)); err != nil {
		return fmt.Errorf("set the numbers of cats, members and fosterings: %w", err)
	}
	_, steps, _ := strings.Cut(fillSQL, "\n---- ")
	for step := range strings.SplitSeq(steps, "\n---- ") {
		name, statements, _ := strings.Cut(step, "\n")
		began := time.Now()
		if _, err := session.ExecContext(ctx, statements); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := fmt.Fprintf(progress, "%-25s %s\n", name, time.Since(began).Round(time.Second/10)); err != nil {
			return fmt.Errorf("print the time of a step: %w", err)
		}
	}
	return nil
}
