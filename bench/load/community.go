package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// cats is how many cats the first member owns. They are listed and requested, each of
	// them once.
	cats = 8_000
	// requests is how many cats of each other member are requested. The requests are approved, each of them once.
	requests = 700
	// pageSize is how many cats are on a page. The cats of the first page are not requested,
	// so that the page does not change.
	pageSize = 20
	// signUps is how many people sign up at the same time.
	signUps = 4
)

// community is the people and the cats of a benchmark.
type community struct {
	owner    member
	members  []member // one for each connection, with one cat each
	cats     []uuid.UUID
	requests []uuid.UUID // pending requests of the owner: the members are in turn the owners of their cats
}

// member is a person with a session.
type member struct {
	id    uuid.UUID
	token string
	cat   uuid.UUID
}

// newCommunity signs people up and creates cats.
func (s *setup) newCommunity(ctx context.Context, members int) (community, error) {
	people := make([]member, members+1)
	group, signing := errgroup.WithContext(ctx)
	group.SetLimit(signUps)
	for i := range people {
		group.Go(func() (err error) {
			people[i], err = s.signUp(signing)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return community{}, fmt.Errorf("sign up: %w", err)
	}
	c := community{owner: people[0], members: people[1:]}
	db, err := sql.Open("postgres", s.config.Postgres.URL)
	if err != nil {
		return community{}, fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	if c.cats, err = insertCats(ctx, db, c.owner.id, cats); err != nil {
		return community{}, err
	}
	for i := range c.members {
		own, err := insertCats(ctx, db, c.members[i].id, 1)
		if err != nil {
			return community{}, err
		}
		c.members[i].cat = own[0]
	}
	if c.requests, err = c.insertRequests(ctx, db); err != nil {
		return community{}, err
	}
	// So that the statements are planned as they are in a database that has run for a day.
	if _, err := db.ExecContext(ctx, "VACUUM ANALYZE"); err != nil {
		return community{}, fmt.Errorf("analyze the tables: %w", err)
	}
	return c, s.reconcile(ctx)
}

// signUp signs a person up, verifies the email address and logs in.
func (s *setup) signUp(ctx context.Context) (member, error) {
	const password = "a-cat-named-Godard-7"
	flows, email := kratos.NewSelfService(s.config.Kratos), uuid.NewString()+"@example.org"
	id, err := flows.Register(ctx, email, "Ada", password)
	if err != nil {
		return member{}, err
	}
	if err := kratos.NewAdmin(s.config.Kratos, nil).Verify(ctx, email); err != nil {
		return member{}, err
	}
	token, err := flows.Login(ctx, email, password)
	if err != nil {
		return member{}, err
	}
	user, err := uuid.Parse(id)
	return member{id: user, token: token}, err
}

// insertCats creates cats of an owner and returns their ids, oldest first. They have the version of their words, because the servers
// would make the words while they are measured.
func insertCats(ctx context.Context, db *sql.DB, owner uuid.UUID, number int) (ids []uuid.UUID, err error) {
	ids = make([]uuid.UUID, number)
	text := make([]string, number)
	for i := range ids {
		if ids[i], err = uuid.NewV7(); err != nil {
			return nil, err
		}
		text[i] = ids[i].String()
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO cat_profiles (id, created_at, updated_at, owner_id, name, age, description, photos_urls, location, available, by_hand_words_version)
		SELECT id::uuid, now() + n * interval '1 millisecond', now(), $1, 'Godard', 3, 'Shy at first, then all over you.', '[]', 'Paris', true, $3
		FROM unnest($2::text[]) WITH ORDINALITY AS cats (id, n)`, owner, pq.Array(text), words.Version)
	if err != nil {
		return nil, fmt.Errorf("create cats: %w", err)
	}
	return ids, nil
}

// insertRequests creates cats of the members, and requests to foster them.
func (c community) insertRequests(ctx context.Context, db *sql.DB) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, requests*len(c.members))
	for i, m := range c.members {
		cats, err := insertCats(ctx, db, m.id, requests)
		if err != nil {
			return nil, err
		}
		made, err := database.Select[uuid.UUID](ctx, db, `
			INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
			SELECT gen_random_uuid(), now(), now(), cat, $1, current_date + 365, current_date + 365, 'PENDING' FROM unnest($2::uuid[]) AS cat
			RETURNING id`, c.owner.id, pq.Array(cats))
		if err != nil {
			return nil, fmt.Errorf("request cats: %w", err)
		}
		for n, id := range made {
			ids[n*len(c.members)+i] = id
		}
	}
	return ids, nil
}

// reconcile writes the relation tuples of the cats.
func (s *setup) reconcile(ctx context.Context) error {
	command := exec.CommandContext(ctx, filepath.Join(s.dir, "catfoster"), "reconcile")
	command.Env = append(os.Environ(), config.Environ(s.config)...)
	if output, err := command.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("reconcile: %w", err), errors.New(string(output)))
	}
	return nil
}
