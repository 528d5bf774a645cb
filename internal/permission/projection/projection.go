package projection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// errNoEntity says that the namespace of an object has no registered entity.
var errNoEntity = errors.New("no entity is registered for the namespace")

// project computes the tuples of objects from their rows, by object id.
func project(ctx context.Context, db *ent.Client, entity Entity, objects []string) (map[string][]keto.Tuple, error) {
	tuples, err := entity.Project(ctx, db, objects)
	if err != nil {
		return nil, fmt.Errorf("project %d objects of namespace %s: %w", len(objects), entity.Namespace, err)
	}
	byObject := make(map[string][]keto.Tuple, len(objects))
	for _, tuple := range tuples {
		byObject[tuple.Object.ID] = append(byObject[tuple.Object.ID], tuple)
	}
	return byObject, nil
}

// Diff is the difference between the tuples that Keto should hold and those it holds.
type Diff struct {
	// Missing tuples deny what is allowed.
	Missing []keto.Tuple
	// Extra tuples allow what is forbidden.
	Extra []keto.Tuple
	// Duplicate tuples are stored more than once. They grant no more than one does.
	Duplicate []keto.Tuple
}

// Len returns the number of tuples that differ.
func (d Diff) Len() int { return len(d.Missing) + len(d.Extra) + len(d.Duplicate) }

// and returns the tuples of some objects that are in both differences.
func (d Diff) and(other Diff, ids []string) Diff {
	some := setOf(ids)
	both := func(a, b []keto.Tuple) []keto.Tuple {
		inB := setOf(b)
		return slices.DeleteFunc(slices.Clone(a), func(t keto.Tuple) bool { return !inB[t] || !some[t.Object.ID] })
	}
	return Diff{both(d.Missing, other.Missing), both(d.Extra, other.Extra), both(d.Duplicate, other.Duplicate)}
}

// setOf returns the elements of a list as the keys of a map.
func setOf[T comparable](list []T) map[T]bool {
	set := make(map[T]bool, len(list))
	for _, element := range list {
		set[element] = true
	}
	return set
}

// add adds the difference of another object.
func (d *Diff) add(other Diff) {
	d.Missing = append(d.Missing, other.Missing...)
	d.Extra = append(d.Extra, other.Extra...)
	d.Duplicate = append(d.Duplicate, other.Duplicate...)
}

// diff compares the tuples that Keto should hold with those it holds.
func diff(want, have []keto.Tuple) Diff {
	wanted, held := setOf(want), make(map[keto.Tuple]int, len(have))
	var d Diff
	for _, tuple := range have {
		held[tuple]++
		switch n := held[tuple]; {
		case !wanted[tuple] && n == 1:
			d.Extra = append(d.Extra, tuple)
		case wanted[tuple] && n == 2:
			d.Duplicate = append(d.Duplicate, tuple)
		}
	}
	for _, tuple := range want {
		if held[tuple] == 0 {
			d.Missing = append(d.Missing, tuple)
		}
	}
	return d
}

// apply writes a difference to Keto. What grants too much is deleted first.
func apply(ctx context.Context, client *keto.Client, d Diff) error {
	// A delete removes every copy of a tuple, and Keto applies the deletes of a call
	// after its inserts: duplicates need two calls. They are the first to be inserted again.
	for deletes := range slices.Chunk(slices.Concat(d.Extra, d.Duplicate), keto.WriteSize) {
		if err := client.Write(ctx, nil, deletes); err != nil {
			return err
		}
	}
	for inserts := range slices.Chunk(slices.Concat(d.Duplicate, d.Missing), keto.WriteSize) {
		// Keto first inserts the names of the subjects that it does not know, in this order. Two calls with the same new
		// subjects in different orders would wait for each other.
		slices.SortStableFunc(inserts, func(a, b keto.Tuple) int { return strings.Compare(a.Subject.ID, b.Subject.ID) })
		if err := client.Write(ctx, inserts, nil); err != nil {
			return err
		}
	}
	return nil
}
