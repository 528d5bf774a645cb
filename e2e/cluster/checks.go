package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// check compares what was acknowledged with the rows of the primary, and the rows with Keto and Kratos.
func check(ctx context.Context, c *cluster, l *ledger, stories []*story) error {
	primary := c.postgres.nodes[c.postgres.primary].db
	if err := await(ctx, "all permissions to be written to Keto", 3*time.Minute, func(ctx context.Context) bool {
		var waiting int
		err := primary.QueryRowContext(ctx, `SELECT count(*) FROM outbox_entries`).Scan(&waiting)
		return err == nil && waiting == 0
	}); err != nil {
		return err
	}
	read := func(query string) (map[uuid.UUID]string, error) {
		rows, err := primary.QueryContext(ctx, query)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		found := map[uuid.UUID]string{}
		for rows.Next() {
			var id uuid.UUID
			var value string
			if err := rows.Scan(&id, &value); err != nil {
				return nil, err
			}
			found[id] = value
		}
		return found, rows.Err()
	}
	var tables [4]map[uuid.UUID]string
	for i, query := range []string{
		`SELECT id, name FROM cat_profiles WHERE archived_at IS NULL`, `SELECT id, status FROM fosterings`, `SELECT id, '' FROM messages`,
		`SELECT id, coalesce(bio, '') FROM users`,
	} {
		var err error
		if tables[i], err = read(query); err != nil {
			return fmt.Errorf("read what is stored: %w", err)
		}
	}
	for _, s := range stories {
		s.compare(l, tables[0], tables[1], tables[2], tables[3])
	}
	output, err := c.command(ctx, "reconcile", "--dry-run").CombinedOutput()
	if err != nil {
		l.violate(broken, "reconcile --dry-run: %v: %s", err, strings.TrimSpace(string(output)))
	}
	return ctx.Err()
}

// compare finds the acknowledged writes of a story that are lost.
func (s *story) compare(l *ledger, cats, fosterings, messages, bios map[uuid.UUID]string) {
	for _, c := range s.cats {
		name, exists := cats[c.id]
		switch {
		case c.deleted && exists:
			l.violate(lost, "cat %s was deleted and exists", c.id)
		case !c.deleted && !exists:
			l.violate(lost, "cat %s does not exist", c.id)
		case exists && !slices.Contains(c.names, name):
			l.violate(lost, "cat %s has the name %s, want one of %q", c.id, name, c.names)
		}
	}
	for _, r := range s.requests {
		if r.cat.deleted {
			continue
		}
		if status := fosterings[r.id]; !slices.Contains(r.statuses, status) {
			l.violate(lost, "fostering %s is %q, want %s", r.id, status, strings.Join(r.statuses, " or "))
		}
		for _, id := range r.messages {
			if _, exists := messages[id]; !exists {
				l.violate(lost, "message %s does not exist", id)
			}
		}
	}
	for _, m := range []*member{s.owner, s.participant} {
		if bio := bios[m.id]; !slices.Contains(m.bios, bio) {
			l.violate(lost, "the profile of user %s says %q, want one of %q", m.id, bio, m.bios)
		}
	}
}
