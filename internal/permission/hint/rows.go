package hint

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Each function here is one statement about all objects of a list, and returns nothing about those that do not exist. Nothing is
// remembered: whoever has asked for a cat sees that at once.

// Roles are the roles of a member.
type Roles struct {
	Admin, Super, Moderator bool
}

// Admins returns what the member is to the group of the admins.
func (r Roles) Admins() Group { return Group{Members: r.Admin, Owners: r.Super} }

// Moderators returns what the member is to the group of the moderators, in which all admins are.
func (r Roles) Moderators() Group { return Group{Members: r.Moderator || r.Admin, Owners: r.Admin} }

// RolesOf reads the roles of members, by their ids.
func RolesOf(ctx context.Context, db database.Querier, members []uuid.UUID) (map[uuid.UUID]*Roles, error) {
	type row struct {
		ID uuid.UUID
		Roles
	}
	return read(ctx, db, `SELECT m.id, a.user_id IS NOT NULL AS admin, a.super IS TRUE AS super, o.user_id IS NOT NULL AS moderator
		FROM unnest($1::uuid[]) AS m (id)
		LEFT JOIN admin_roles a ON a.user_id = m.id LEFT JOIN moderator_roles o ON o.user_id = m.id`,
		func(r row) (uuid.UUID, *Roles) { return r.ID, &r.Roles }, members)
}

// ToCats reads what a member is to cats, by their ids.
func ToCats(ctx context.Context, db database.Querier, member uuid.UUID, cats []uuid.UUID) (map[uuid.UUID]*CatProfile, error) {
	type row struct {
		ID uuid.UUID
		CatProfile
	}
	return read(ctx, db, `SELECT c.id, `+toCat()+` FROM cat_profiles c WHERE c.id = ANY ($2)`,
		func(r row) (uuid.UUID, *CatProfile) { return r.ID, &r.CatProfile }, member, cats)
}

// ToFosterings reads what a member is to fosterings, by their ids.
func ToFosterings(ctx context.Context, db database.Querier, member uuid.UUID, fosterings []uuid.UUID) (map[uuid.UUID]*Fostering, error) {
	type row struct {
		ID uuid.UUID
		CatProfile
		FosterUsers bool
	}
	return read(ctx, db, `SELECT f.id, `+toCat()+`, f.participant_id = $1 AS fosterusers
		FROM fosterings f JOIN cat_profiles c ON c.id = f.cat_profile_id WHERE f.id = ANY ($2)`,
		func(r row) (uuid.UUID, *Fostering) { return r.ID, &Fostering{r.CatProfile, r.FosterUsers} }, member, fosterings)
}

// toCat are the columns of what the member $1 is to a cat c. The projection makes the tuples of a cat from the same rows.
func toCat() string {
	open := make([]string, 0, len(fostering.Open()))
	for _, status := range fostering.Open() {
		open = append(open, "'"+string(status)+"'")
	}
	return `c.owner_id = $1 AS owners, EXISTS (SELECT FROM admin_roles WHERE user_id = $1) AS editors,
		EXISTS (SELECT FROM fosterings
			WHERE cat_profile_id = c.id AND participant_id = $1 AND status IN (` + strings.Join(open, ", ") + `)) AS fosters`
}

// read runs a query, and returns what its rows say about objects, by their ids.
func read[R, V any](
	ctx context.Context, db database.Querier, query string, valueOf func(R) (uuid.UUID, V), arguments ...any,
) (map[uuid.UUID]V, error) {
	rows, err := database.Select[R](ctx, db, query, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read rows for hints: %w", err)
	}
	found := make(map[uuid.UUID]V, len(rows))
	for _, row := range rows {
		id, value := valueOf(row)
		found[id] = value
	}
	return found, nil
}
