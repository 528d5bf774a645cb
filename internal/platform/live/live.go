// Package live tells members at once that something has changed. What it sends are hints: which kind of thing, and the id.
// Whoever hears one asks for what is true now, with the permissions of that moment.
//
// A transaction that changes something calls [Notify]. When it commits, Postgres notifies every server, and the [Hub] of
// each server passes the hint on to the streams of the members concerned. Nothing is stored: when notifications may have
// been lost, all streams hear [Refetch].
package live

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Kind says what an event is about.
type Kind string

// Kinds of events.
const (
	// Notification: a notification of the member was added or read.
	Notification Kind = "NOTIFICATION"
	// Message: a message was written in a fostering.
	Message Kind = "MESSAGE"
	// Fostering: a fostering was made or has changed.
	Fostering Kind = "FOSTERING"
	// Refetch: events may have been lost. It has no id.
	Refetch Kind = "REFETCH"
)

// Event is a hint.
type Event struct {
	Kind Kind
	// ID is that of the object, or nil.
	ID *uuid.UUID
}

const (
	// channel is the name of the notifications in Postgres.
	channel = "catfoster_live"
	// membersAtOnce is how many members a notification names, of 37 bytes each: it must have less than 8,000 bytes.
	membersAtOnce = 200
)

// Execer is a transaction.
type Execer interface {
	ExecContext(ctx context.Context, statement string, arguments ...any) (sql.Result, error)
}

// Notify tells members of an object when the transaction commits. It takes one statement. Transactions that notify commit
// one after the other.
func Notify(ctx context.Context, tx Execer, kind Kind, id uuid.UUID, members ...uuid.UUID) error {
	ids := make([]string, len(members))
	for i, member := range members {
		ids[i] = member.String()
	}
	_, err := tx.ExecContext(ctx, `
		SELECT pg_notify($1, concat_ws(' ', $2::text, $3::text, string_agg(member, ' ')))
		FROM (SELECT member, (row_number() OVER () - 1) / $5::int AS part FROM unnest($4::text[]) AS concerned (member)) AS parts
		GROUP BY part`, channel, string(kind), id.String(), pq.Array(ids), membersAtOnce)
	if err != nil {
		return fmt.Errorf("notify members of %s %s: %w", kind, id, err)
	}
	return nil
}

// parse reads what Notify has written: kind, object and members.
func parse(payload string) (Event, []uuid.UUID, error) {
	words := strings.Fields(payload)
	if len(words) < 3 {
		return Event{}, nil, fmt.Errorf("a notification has %d words", len(words))
	}
	e := Event{Kind: Kind(words[0])}
	switch e.Kind {
	case Notification, Message, Fostering:
	case Refetch:
		return Event{}, nil, fmt.Errorf("a notification is of the kind %s", Refetch)
	default:
		return Event{}, nil, fmt.Errorf("a notification has an unknown kind, %q", e.Kind)
	}
	ids := make([]uuid.UUID, 0, len(words)-1)
	for _, word := range words[1:] {
		id, err := uuid.Parse(word)
		if err != nil {
			return Event{}, nil, fmt.Errorf("a notification of %s: %w", e.Kind, err)
		}
		ids = append(ids, id)
	}
	e.ID = &ids[0]
	return e, ids[1:], nil
}
