package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"

	"github.com/catfoster/catfoster/internal/domain/limits"
)

// limit is the limit of a column. It stands at the column, and is a check constraint of the table.
type limit struct {
	kind, of  string // what is limited, for example the length of a text
	low, high int
	unless    string // the condition of rows that it does not hold for, if there are any
}

// Name of the annotation, as ent demands.
func (limit) Name() string { return "Limit" }

func length(low, high int) limit {
	return limit{"length", "char_length(%s)", low, high, ""}
}

// characters is the length of a name, whose characters may be several of Unicode each.
func characters(low, high int) limit {
	return limit{"characters", "char_length(%s)", low, high, ""}
}

func between(low, high int) limit { return limit{"range", "%s", low, high, ""} }
func items(high int) limit        { return limit{"count", "jsonb_array_length(%s)", 0, high, ""} }

// check returns the constraint of a column. Its name has the numbers, because the comparison that
// writes migrations goes by names.
func (l limit) check(column string) (name, condition string) {
	of := fmt.Sprintf(l.of, column)
	highest := l.high
	if l.kind == "characters" {
		highest *= limits.PointsOfCharacter
	}
	if l.low == 0 && l.kind != "range" { // There is no negative length.
		return fmt.Sprintf("%s_%s_%d", column, l.kind, l.high), fmt.Sprintf("%s <= %d", of, highest)
	}
	condition = fmt.Sprintf("%s BETWEEN %d AND %d", of, l.low, highest)
	if l.unless != "" {
		condition = l.unless + " OR " + condition
	}
	return fmt.Sprintf("%s_%s_%d_%d", column, l.kind, l.low, l.high), condition
}

// checks returns the check constraints of a table: the limits of its columns, and others by name.
func checks(table string, columns []ent.Field, others map[string]string) *entsql.Annotation {
	constraints := map[string]string{}
	for name, condition := range others {
		constraints[table+"_"+name] = condition
	}
	for _, column := range columns {
		for _, annotation := range column.Descriptor().Annotations {
			if l, ok := annotation.(limit); ok {
				name, condition := l.check(column.Descriptor().Name)
				constraints[table+"_"+name] = condition
			}
		}
	}
	return entsql.Checks(constraints)
}
