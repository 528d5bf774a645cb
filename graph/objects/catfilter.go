package objects

import (
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/usecase"
)

// catConditions turns a validated filter of a viewer into conditions.
func catConditions(f model.CatProfileFilter, viewer uuid.UUID) []predicate.CatProfile {
	var conditions []predicate.CatProfile
	add := func(condition predicate.CatProfile) { conditions = append(conditions, condition) }
	if search := f.Search.Value(); search != nil {
		add(ContainsWords(*search))
	}
	if owner := f.OwnerID.Value(); owner != nil {
		add(catprofile.OwnerID(*owner))
	}
	if own := f.ViewerIsOwner.Value(); own != nil {
		add(isOwnedBy(viewer, *own))
	}
	if location := f.Location.Value(); location != nil {
		add(hasLocationPrefix(*location))
	}
	if age := f.AgeMin.Value(); age != nil {
		add(catprofile.AgeGTE(*age))
	}
	if age := f.AgeMax.Value(); age != nil {
		add(catprofile.AgeLTE(*age))
	}
	if available := f.Available.Value(); available != nil {
		add(catprofile.Available(*available))
	}
	if from, until := f.FreeFrom.Value(), f.FreeUntil.Value(); from != nil && until != nil {
		add(catprofile.Not(catprofile.HasFosteringsWith(usecase.PromisedBetween(*from, *until))))
	}
	return conditions
}

// isOwnedBy selects the cats of a member, or all others.
func isOwnedBy(member uuid.UUID, owned bool) predicate.CatProfile {
	if owned {
		return catprofile.OwnerID(member)
	}
	return catprofile.OwnerIDNEQ(member)
}

// hasLocationPrefix selects cats whose location begins with the text, in any case. The
// expression is that of the index.
func hasLocationPrefix(text string) predicate.CatProfile {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("lower(").Ident(q.C(catprofile.FieldLocation)).WriteString(") LIKE lower(").Arg(pattern).WriteString(")")
		}))
	}
}
