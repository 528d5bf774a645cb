package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
)

// limit is the limit of a column. It stands at the column, and is a check constraint of the table.
// The name of the constraint has the numbers, because the comparison that writes migrations goes by
// names.
type limit struct{ suffix, condition string }

// Name of the annotation, as ent demands.
func (limit) Name() string { return "Limit" }

// length limits the characters of a text.
func length(minLength, maxLength int) limit {
	if minLength == 0 {
		return limit{fmt.Sprintf("length_%d", maxLength), fmt.Sprintf("char_length(%%s) <= %d", maxLength)}
	}
	return limit{
		fmt.Sprintf("length_%d_%d", minLength, maxLength),
		fmt.Sprintf("char_length(%%s) BETWEEN %d AND %d", minLength, maxLength),
	}
}

// between limits a number.
func between(low, high int) limit {
	return limit{fmt.Sprintf("range_%d_%d", low, high), fmt.Sprintf("%%s BETWEEN %d AND %d", low, high)}
}

// items limits the items of a list.
func items(most int) limit {
	return limit{fmt.Sprintf("count_%d", most), fmt.Sprintf("jsonb_array_length(%%s) <= %d", most)}
}

// checks returns the check constraints of a table: the limits of its columns, and others by name.
func checks(table string, columns []ent.Field, others map[string]string) *entsql.Annotation {
	constraints := map[string]string{}
	for _, column := range columns {
		for _, annotation := range column.Descriptor().Annotations {
			if l, ok := annotation.(limit); ok {
				name := column.Descriptor().Name
				constraints[fmt.Sprintf("%s_%s_%s", table, name, l.suffix)] = fmt.Sprintf(l.condition, name)
			}
		}
	}
	for name, condition := range others {
		constraints[table+"_"+name] = condition
	}
	return entsql.Checks(constraints)
}
