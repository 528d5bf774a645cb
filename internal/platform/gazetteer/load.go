package gazetteer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	_ "github.com/lib/pq" // Registers the driver postgres.
)

// Load writes the first n places of this edition to the database with the URL address. It does nothing if the database has them.
// Places that are in the database keep their ids, so that what refers to them stays; no place is deleted. It is one transaction:
// several processes may load at the same time.
func Load(ctx context.Context, address string, n int) (err error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return errors.New("open the database: its address is not valid") // It may hold a password.
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to load places: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // After the commit it does nothing.
	// Others that load wait here, and then find nothing to do. Reading goes on.
	if _, err := tx.ExecContext(ctx, `LOCK TABLE places, by_hand_place_names IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return fmt.Errorf("lock the places: %w", err)
	}
	var has int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM places WHERE edition = $1`, Edition()).Scan(&has); err != nil {
		return fmt.Errorf("count the places: %w", err)
	}
	if has == n {
		return nil
	}
	if err := stage(ctx, tx, First(n)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, merge); err != nil {
		return fmt.Errorf("write the places: %w", err)
	}
	return tx.Commit()
}

// stage copies the places into temporary tables, which is several times as fast as INSERT.
func stage(ctx context.Context, tx *sql.Tx, places iter.Seq2[Place, error]) error {
	_, err := tx.ExecContext(ctx, `
		CREATE TEMPORARY TABLE new_places (LIKE places) ON COMMIT DROP;
		CREATE TEMPORARY TABLE new_place_names (LIKE by_hand_place_names) ON COMMIT DROP`)
	if err != nil {
		return fmt.Errorf("create tables for new places: %w", err)
	}
	edition := Edition()
	err = copyRows(ctx, tx, "COPY new_places (id, name, region, country, latitude, longitude, population, edition) FROM STDIN",
		places, func(p Place, write func(...any) error) error {
			region := sql.NullString{String: p.Region, Valid: p.Region != ""}
			return write(p.ID, p.Name, region, p.Country, p.Latitude, p.Longitude, p.Population, edition)
		})
	if err != nil {
		return err
	}
	return copyRows(ctx, tx, "COPY new_place_names (place_id, name, population) FROM STDIN",
		places, func(p Place, write func(...any) error) error {
			for _, name := range p.Names {
				if err := write(p.ID, name, p.Population); err != nil {
					return err
				}
			}
			return nil
		})
}

// copyRows copies what rows writes for each place.
func copyRows(
	ctx context.Context, tx *sql.Tx, statement string, places iter.Seq2[Place, error], rows func(Place, func(...any) error) error,
) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("copy the places: %w", err)
		}
	}()
	stream, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	write := func(values ...any) error {
		_, err := stream.ExecContext(ctx, values...)
		return err
	}
	for place, err := range places {
		if err == nil {
			err = rows(place, write)
		}
		if err != nil {
			return err
		}
	}
	return write() // It ends the stream.
}

// merge takes the place of what the tables have, except for places that are in this edition no more: they may be referred to. Without
// statistics Postgres would take the tables for empty ones.
const merge = `
	INSERT INTO places SELECT * FROM new_places ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, region = excluded.region, country = excluded.country, latitude = excluded.latitude,
		longitude = excluded.longitude, population = excluded.population, edition = excluded.edition;
	DELETE FROM by_hand_place_names;
	INSERT INTO by_hand_place_names SELECT * FROM new_place_names;
	ANALYZE places, by_hand_place_names`
