package objects

import (
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/identity/account"
)

// MemberSearch is a search for members by moderators.
type MemberSearch struct {
	text string
}

// SearchMembers returns a search for the members with an email address or, if the text is none, whose names begin with it.
func SearchMembers(text string) MemberSearch { return MemberSearch{text} }

// By returns by what is searched, for the audit log.
func (s MemberSearch) By() string {
	if strings.Contains(s.text, "@") {
		return audit.ByAddress
	}
	return audit.ByName
}

// condition selects the members. The table has an index on the expression.
func (s MemberSearch) condition() predicate.User {
	if s.By() == audit.ByAddress {
		return account.HasEmail(s.text)
	}
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			name := func() *sql.Builder { return b.WriteString("lower(").Ident(q.C(user.FieldName)).WriteString(")") }
			name().WriteString(" ~>=~ lower(").Arg(s.text).WriteString(") AND ")
			name().WriteString(" ~<~ (lower(").Arg(s.text).WriteString(") || chr(1114111))")
		}))
	}
}

// FindMembers returns a page of the members whom a search finds, by name: suspended ones too. Addresses count whether they are verified
// or not.
func (f *Factory) FindMembers(p Page, s MemberSearch) (*UserConnection, error) {
	return f.membersByName(p, user.And(account.Registered(), s.condition()))
}
