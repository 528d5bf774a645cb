package objects

import (
	"context"
	"slices"
	"strconv"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// CatProfileFilterHint is what one condition of a filter leaves out.
type CatProfileFilterHint struct {
	Field string
	Count int
}

// CountCatsWithoutEach returns for each condition how many cats meet all the others, up to limits.MaxHint. Members whose search
// finds nothing learn what to drop. It is one statement; each count reads about as many rows as a page of that list.
func (f *Factory) CountCatsWithoutEach(ctx context.Context, conditions []predicate.CatProfile) ([]int, error) {
	if len(conditions) == 0 {
		return nil, nil
	}
	statement := sql.P(func(b *sql.Builder) {
		for i := range conditions {
			cats := sql.Dialect(dialect.Postgres).Select(catprofile.FieldID).From(sql.Table(catprofile.Table)).Limit(limits.MaxHint)
			catprofile.ArchivedAtIsNil()(cats)
			usecase.ListedCat()(cats)
			for _, other := range slices.Concat(conditions[:i], conditions[i+1:]) {
				other(cats)
			}
			if i > 0 {
				b.WriteString(" UNION ALL ")
			}
			b.WriteString("SELECT " + strconv.Itoa(i) + " AS condition, count(*) AS count FROM (").Join(cats).WriteString(") AS cats")
		}
	})
	statement.SetDialect(dialect.Postgres)
	query, arguments := statement.Query()
	found, err := database.Select[struct{ Condition, Count int }](database.PlanEachTime(ctx), f.db, query, arguments...)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(conditions))
	for _, row := range found { // They have no order.
		counts[row.Condition] = row.Count
	}
	return counts, nil
}

// breedsQuery looks for one breed after the other in the index, so that it reads as many rows as it returns, however many cats
// are of a breed. A breed is spelt as its oldest profile has it. Only cats that are not archived have a breed.
const breedsQuery = `
WITH RECURSIVE found AS (
	(SELECT lower(breed) AS key, breed FROM cat_profiles
	WHERE breed IS NOT NULL AND lower(breed) ~>=~ lower($1) AND lower(breed) ~<~ (lower($1) || chr(1114111))
	ORDER BY lower(breed) USING ~<~, created_at, id LIMIT 1)
	UNION ALL
	SELECT following.key, following.breed FROM found, LATERAL (
		SELECT lower(breed) AS key, breed FROM cat_profiles
		WHERE breed IS NOT NULL AND lower(breed) ~>~ found.key AND lower(breed) ~<~ (lower($1) || chr(1114111))
		ORDER BY lower(breed) USING ~<~, created_at, id LIMIT 1
	) AS following
)
SELECT breed FROM found LIMIT $2`

// Breeds returns breeds in use that begin with a text.
func (f *Factory) Breeds(ctx context.Context, begin string) ([]string, error) {
	found, err := database.Select[string](ctx, f.db, breedsQuery, begin, limits.MaxBreeds)
	if found == nil {
		found = []string{}
	}
	return found, err
}
