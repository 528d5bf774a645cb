// Package live tells members at once that something has changed. What it sends are hints: which kind of thing, and the id.
// Whoever hears one asks for what is true now, with the permissions of that moment.
//
// A transaction that changes something calls [Notify]. When it commits, Postgres notifies every server, and the [Hub] of
// each server passes the hint on to the streams of the members concerned. Nothing is stored: when notifications may have
// been lost, all streams hear [Refetch].
//
// Servers remember members for some seconds: see package session. By the same way they hear whom to forget, from a trigger of
// Postgres if the row of the member has changed, and otherwise by [Forget].
package live

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	// forget: what servers remember of a member is out of date. No stream hears it. The trigger by_hand_users_forget sends it too.
	forget Kind = "FORGET"
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

// Hint is an event for members.
type Hint struct {
	Kind    Kind
	ID      uuid.UUID // of the object
	Members []uuid.UUID
}

// Notify gives hints when the transaction commits. It takes one statement. Transactions that notify commit one after the other.
func Notify(ctx context.Context, tx Execer, hints ...Hint) error {
	return NotifyWith(ctx, tx, "", nil, hints...)
}

// NotifyWith does the same in one statement with a WITH clause that inserts rows, and their arguments, from $3 on.
func NotifyWith(ctx context.Context, tx Execer, with string, arguments []any, hints ...Hint) error {
	payloads := []string{}
	for _, h := range hints {
		for members := range slices.Chunk(h.Members, membersAtOnce) {
			words := []string{string(h.Kind), h.ID.String()}
			for _, member := range members {
				words = append(words, member.String())
			}
			payloads = append(payloads, strings.Join(words, " "))
		}
	}
	if len(payloads) == 0 && with == "" {
		return nil
	}
	if err := send(ctx, tx, with, arguments, payloads...); err != nil {
		return fmt.Errorf("notify members of %s %s: %w", hints[0].Kind, hints[0].ID, err)
	}
	return nil
}

// Forget makes all servers forget a member, when a transaction commits, or at once outside of one. It is for changes in Kratos, such
// as the end of a session.
func Forget(ctx context.Context, tx Execer, member uuid.UUID) error {
	if err := send(ctx, tx, "", nil, fmt.Sprint(forget, " ", member)); err != nil {
		return fmt.Errorf("make all servers forget user %s: %w", member, err)
	}
	return nil
}

// send notifies all servers, by a statement that may begin with a WITH clause.
func send(ctx context.Context, tx Execer, with string, arguments []any, payloads ...string) error {
	// With the time by the clock of Postgres, which all servers share.
	_, err := tx.ExecContext(ctx, with+`
		SELECT pg_notify($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint || ' ' || payload) FROM unnest($2::text[]) AS payload`,
		append([]any{channel, pq.Array(payloads)}, arguments...)...)
	return err
}

// parse reads what send, or the trigger, has written: when, kind, object and members. The object of [forget] is the member, and
// nobody else is concerned.
func parse(payload string) (at time.Time, e Event, members []uuid.UUID, err error) {
	words := strings.Fields(payload)
	if len(words) < 4 && (len(words) < 3 || Kind(words[1]) != forget) {
		return at, e, nil, fmt.Errorf("a notification has %d words", len(words))
	}
	microseconds, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		return at, e, nil, fmt.Errorf("the time of a notification: %w", err)
	}
	e.Kind = Kind(words[1])
	switch e.Kind {
	case Notification, Message, Fostering, forget:
	case Refetch:
		return at, e, nil, fmt.Errorf("a notification is of the kind %s", Refetch)
	default:
		return at, e, nil, fmt.Errorf("a notification has an unknown kind, %q", e.Kind)
	}
	ids := make([]uuid.UUID, 0, len(words)-2)
	for _, word := range words[2:] {
		id, err := uuid.Parse(word)
		if err != nil {
			return at, e, nil, fmt.Errorf("a notification of %s: %w", e.Kind, err)
		}
		ids = append(ids, id)
	}
	e.ID = &ids[0]
	return time.UnixMicro(microseconds), e, ids[1:], nil
}
