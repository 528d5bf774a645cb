package marshal

import (
	"context"
	"io"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// DeferredGroup is [graphql.NewDeferredGroup] if one of the fields of an object is deferred
// (@defer). Otherwise nothing will be in the group, so that the path of the object, which
// takes several allocations, is not needed.
func DeferredGroup(ctx context.Context, fields []graphql.CollectedField) graphql.DeferredGroup {
	if slices.ContainsFunc(fields, func(f graphql.CollectedField) bool { return len(f.Deferrables) > 0 }) {
		return graphql.NewDeferredGroup(ctx)
	}
	return graphql.DeferredGroup{}
}

// Object returns what encodes an object whose fields have been resolved. It writes what
// [graphql.FieldSet] writes, without a map for every object.
func Object(set *graphql.FieldSet, fields []graphql.CollectedField, deferred graphql.DeferredGroup) graphql.Marshaler {
	if len(deferred.Defers) > 0 {
		return set
	}
	return object{fields: fields, values: set.Values}
}

// object is the fields of an object and their values.
type object struct {
	fields []graphql.CollectedField
	values []graphql.Marshaler
}

// MarshalGQL writes the object. Fragments on an interface and on a type may select the same
// field twice; the first counts.
func (o object) MarshalGQL(w io.Writer) {
	written := aliases{}
	separator := "{"
	for i, field := range o.fields {
		if !written.add(field.Alias) {
			continue
		}
		// gqlgen ignores these errors too. A name has nothing to escape.
		_, _ = io.WriteString(w, separator)
		_, _ = io.WriteString(w, `"`)
		_, _ = io.WriteString(w, field.Alias)
		_, _ = io.WriteString(w, `":`)
		o.values[i].MarshalGQL(w)
		separator = ","
	}
	if len(o.fields) == 0 {
		_, _ = io.WriteString(w, "{")
	}
	_, _ = io.WriteString(w, "}")
}

// maxFew is how many aliases are compared one by one. More are looked up in a map, whose
// cost does not grow with the square of their number.
const maxFew = 16

// aliases is a set of names.
type aliases struct {
	few  [maxFew]string
	n    int
	many map[string]bool
}

// add adds a name and reports whether it is new.
func (a *aliases) add(name string) bool {
	if slices.Contains(a.few[:a.n], name) || a.many[name] {
		return false
	}
	if a.n < maxFew {
		a.few[a.n] = name
		a.n++
		return true
	}
	if a.many == nil {
		a.many = map[string]bool{}
	}
	a.many[name] = true
	return true
}
