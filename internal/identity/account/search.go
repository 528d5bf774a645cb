package account

import (
	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// HasEmail selects the users with an email address, as Kratos compares addresses. The table has an index on the expression.
func HasEmail(email string) predicate.User {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("lower(").Ident(q.C(user.FieldEmail)).WriteString(") = ").Arg(kratos.NormalEmail(email))
		}))
	}
}
