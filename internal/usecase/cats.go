package usecase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Cats changes the profiles of cats.
type Cats struct {
	db     *ent.Client
	syncer *projection.Syncer
	quota  int
	clock  Clock
}

// NewCats returns the use cases of cats. quota is how many cats a member may have.
func NewCats(db *ent.Client, syncer *projection.Syncer, quota int, clock Clock) *Cats {
	return &Cats{db: db, syncer: syncer, quota: quota, clock: clock}
}

// CatEdit is a change of a cat's profile, or what a new profile says. Nil pointers and fields that
// are not set stay as they are; in a new profile they are empty. It has the name, the birth date or the age, and the
// description, and is available if nothing else is said.
type CatEdit struct {
	Name                    *string
	Age                     *int // of today, in full years; the birth date says more
	BirthDate               Field[time.Time]
	BirthDatePrecision      *facts.Precision // Day, unless it is given
	Description             *string
	SpecialCareInstructions Field[string]
	PhotosURLs              Field[[]string]
	Location                Field[string]
	PlaceID                 Field[uuid.UUID]
	Available               *bool
	Sex                     Field[facts.Sex]
	Breed                   Field[string]
	Neutered                Field[bool]
	VaccinatedUntil         Field[time.Time]
	Microchipped            Field[bool]
	IndoorOnly              Field[bool]
	GoodWithCats            Field[bool]
	GoodWithDogs            Field[bool]
	GoodWithChildren        Field[bool]
	NeedsMedication         Field[bool]
	Photos                  *CatPhotos // uploaded ones; those on other sites are PhotosURLs
}

// Create adds a cat to the owner's account. If an earlier call had the same key, unless that is nil, it returns what the
// earlier call has added.
func (c *Cats) Create(ctx context.Context, owner uuid.UUID, cat CatEdit, key *uuid.UUID) (*ent.CatProfile, error) {
	hash, err := cat.hash(key)
	if err != nil {
		return nil, err
	}
	if cat.Age == nil && cat.BirthDate.Value == nil {
		return nil, apperr.Fields{{Name: "age", Rule: "must be given, or birthDate"}}.Err()
	}
	if cat, err = cat.born(c.clock.Today()); err != nil {
		return nil, err
	}
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := lockActive(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	if first, err := c.repeated(ctx, tx, owner, key, hash); first != nil || err != nil {
		return first, err
	}
	if err := c.requireQuota(ctx, tx, member); err != nil {
		return nil, err
	}
	create := tx.CatProfile.Create().SetOwnerID(owner).SetNillableIdempotencyKey(key)
	if hash != nil {
		create.SetInputHash(hash)
	}
	if err := cat.columns(func(column string, value ent.Value) error {
		if value == nil {
			return nil
		}
		return create.Mutation().SetField(column, value)
	}); err != nil {
		return nil, err
	}
	texts, err := cat.searchedTexts()
	if err != nil {
		return nil, err
	}
	row, err := create.SaveWith(ctx, texts.fields()...)
	if err != nil {
		return nil, placeError(err)
	}
	if cat.Photos != nil && len(cat.Photos.IDs) > 0 {
		if err := cat.Photos.attach(ctx, tx, row.ID, len(row.PhotosUrls), c.clock.Now()); err != nil {
			return nil, err
		}
	}
	tx.SyncNew(keto.ObjectOf(keto.CatProfile, row.ID))
	return commit(ctx, tx, row)
}

// requireQuota refuses one more cat than a member may have. The account must be locked.
func (c *Cats) requireQuota(ctx context.Context, tx *projection.Tx, owner *ent.User) error {
	most := raised(c.quota, owner)
	cats, err := tx.CatProfile.Query().Where(catprofile.OwnerID(owner.ID), catprofile.ArchivedAtIsNil()).Count(ctx)
	if err == nil && cats >= most {
		err = apperr.NewConflict(apperr.QuotaExceeded, "you have %d cats, and may have %d", cats, most)
	}
	return err
}

// placeError turns the error that a row refers to no place into an error for the caller.
func placeError(err error) error {
	switch database.Constraint(err) {
	case "cat_profiles_places_place", "users_places_place":
		return apperr.Fields{{Name: "placeId", Rule: "must be the id of a place"}}.Err()
	}
	return err
}

// notFound turns the error that there is no row into an error for the caller.
func notFound(err error) error {
	if ent.IsNotFound(err) {
		return apperr.ErrNotFound
	}
	return err
}

// born returns the edit with the birth date and the age that it leads to, or the rules that its days break. A birth date wins
// over an age.
func (e CatEdit) born(today time.Time) (CatEdit, error) {
	var problems apperr.Fields
	switch born := e.BirthDate.Value; {
	case born != nil:
		problems = facts.CheckBirth("birthDate", *born, today)
		age, day := facts.Age(*born, today), facts.Day
		e.Age = &age
		if e.BirthDatePrecision == nil {
			e.BirthDatePrecision = &day
		}
	case e.BirthDatePrecision != nil:
		problems.Add("birthDatePrecision", "must be given together with birthDate")
	case e.Age != nil:
		latest, year := facts.LatestBirth(*e.Age, today), facts.Year
		e.BirthDate, e.BirthDatePrecision = Field[time.Time]{Set: true, Value: &latest}, &year
	case e.BirthDate.Set:
		problems.Add("birthDate", "must not be null unless age is given")
	}
	if until := e.VaccinatedUntil.Value; until != nil {
		problems = append(problems, facts.CheckVaccination("vaccinatedUntil", *until, today)...)
	}
	return e, problems.Err()
}

// statement returns the UPDATE of the cat with the id today, unless it is archived.
func (e CatEdit) statement(id uuid.UUID, today time.Time) (*sql.UpdateBuilder, error) {
	onlyAge := e.Age != nil && !e.BirthDate.Set
	e, err := e.born(today)
	if err != nil {
		return nil, err
	}
	now := catprofile.UpdateDefaultUpdatedAt()
	update := sql.Dialect(dialect.Postgres).Update(catprofile.Table).
		Set(catprofile.FieldUpdatedAt, now).
		Where(sql.And(sql.EQ(catprofile.FieldID, id), sql.IsNull(catprofile.FieldArchivedAt)))
	err = e.columns(func(column string, value ent.Value) error {
		switch column {
		case catprofile.FieldAge, catprofile.FieldBirthDate, catprofile.FieldBirthDatePrecision:
			if onlyAge {
				value = unlessOfAge(*e.Age, today, column, value)
			}
		}
		if list, isList := value.([]string); isList {
			encoded, err := json.Marshal(list)
			if err != nil {
				return fmt.Errorf("encode %s of a cat: %w", column, err)
			}
			value = json.RawMessage(encoded)
		}
		update.Set(column, value) // Nil is null.
		return nil
	})
	if err != nil {
		return nil, err
	}
	texts, err := e.searchedTexts()
	texts.set(update, now)
	return update, err
}

// unlessOfAge returns the value of a column of a cat that is to have an age today: that which it has if the cat has this age
// anyway, as a client that sends the age back knows less than the birth date says.
func unlessOfAge(age int, today time.Time, column string, value ent.Value) ent.Value {
	return sql.ExprFunc(func(b *sql.Builder) {
		const born = catprofile.FieldBirthDate
		b.WriteString("CASE WHEN " + born + " <= ").Arg(facts.LatestBirth(age, today)).
			WriteString(" AND " + born + " > ").Arg(facts.LatestBirth(age+1, today)).
			WriteString(" THEN " + column + " ELSE ").Arg(value).WriteString(" END")
	})
}

// columns calls set with the columns that the edit sets. A nil value clears a column.
func (e CatEdit) columns(set func(column string, value ent.Value) error) error {
	if e.PhotosURLs.Set && (e.PhotosURLs.Value == nil || *e.PhotosURLs.Value == nil) {
		e.PhotosURLs.Value = &[]string{} // The column is never null.
	}
	return errors.Join(
		setColumn(set, catprofile.FieldName, given(e.Name)),
		setColumn(set, catprofile.FieldAge, given(e.Age)),
		setColumn(set, catprofile.FieldBirthDate, e.BirthDate),
		setColumn(set, catprofile.FieldBirthDatePrecision, given(e.BirthDatePrecision)),
		setColumn(set, catprofile.FieldDescription, given(e.Description)),
		setColumn(set, catprofile.FieldAvailable, given(e.Available)),
		setColumn(set, catprofile.FieldSpecialCareInstructions, e.SpecialCareInstructions),
		setColumn(set, catprofile.FieldLocation, e.Location),
		setColumn(set, catprofile.FieldPlaceID, e.PlaceID),
		setColumn(set, catprofile.FieldPhotosUrls, e.PhotosURLs),
		setColumn(set, catprofile.FieldSex, e.Sex),
		setColumn(set, catprofile.FieldBreed, e.Breed),
		setColumn(set, catprofile.FieldNeutered, e.Neutered),
		setColumn(set, catprofile.FieldVaccinatedUntil, e.VaccinatedUntil),
		setColumn(set, catprofile.FieldMicrochipped, e.Microchipped),
		setColumn(set, catprofile.FieldIndoorOnly, e.IndoorOnly),
		setColumn(set, catprofile.FieldGoodWithCats, e.GoodWithCats),
		setColumn(set, catprofile.FieldGoodWithDogs, e.GoodWithDogs),
		setColumn(set, catprofile.FieldGoodWithChildren, e.GoodWithChildren),
		setColumn(set, catprofile.FieldNeedsMedication, e.NeedsMedication),
	)
}
