// Package access decides whether a user may do something with an object. Keto knows who
// has a permission, and Postgres which objects exist.
package access

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Checker answers questions about permissions. It is safe for concurrent use.
type Checker struct {
	db      *ent.Client
	keto    *keto.Client
	metrics checkMetrics
}

// NewChecker returns a checker.
func NewChecker(db *ent.Client, client *keto.Client) *Checker {
	return &Checker{db: db, keto: client, metrics: newCheckMetrics()}
}

// Require returns nil if the user has the permission on the object. Otherwise the error
// is [apperr.ErrForbidden], or [apperr.ErrNotFound] if the object does not exist and its
// existence is not secret, or it says that there is no answer.
//
// An object that has been deleted may still have tuples in Keto that grant the permission.
// Whoever changes or reads it notices that it does not exist, and must return the same
// error. Only a negated permission is granted on any object, so then its row is looked for
// first.
func (c *Checker) Require(ctx context.Context, user uuid.UUID, permission keto.Relation, object keto.Object) error {
	negated := object.Namespace.IsNegated(permission)
	if negated {
		if err := c.requireExists(ctx, object); err != nil {
			return err
		}
	}
	tuple := keto.Tuple{Object: object, Relation: permission, Subject: keto.UserSubject(user)}
	started := time.Now()
	allowed, err := c.keto.Check(ctx, tuple)
	c.metrics.observe([]keto.Tuple{tuple}, []bool{allowed}, err, started)
	if err == nil && allowed {
		return nil
	}
	if !negated { // That the object does not exist is the better reason.
		if err := c.requireExists(ctx, object); err != nil {
			return err
		}
	}
	if err == nil {
		err = apperr.ErrForbidden
	}
	return err
}

func (c *Checker) requireExists(ctx context.Context, object keto.Object) error {
	entity, ok := projection.EntityOf(object.Namespace)
	if !ok {
		return apperr.ErrForbidden
	}
	exists, err := entity.Exists(ctx, c.db, object.ID)
	switch {
	case err != nil:
		return err
	case exists:
		return nil
	case entity.Secret:
		return apperr.ErrForbidden
	default:
		return apperr.ErrNotFound
	}
}

// Allowed reports for each of the objects, which must exist, whether the user has the
// permission.
func (c *Checker) Allowed(
	ctx context.Context, user uuid.UUID, permission keto.Relation, namespace keto.Namespace, ids []uuid.UUID,
) (map[uuid.UUID]bool, error) {
	return c.check(ctx, ids, func(id uuid.UUID) keto.Tuple {
		return keto.Tuple{Object: keto.ObjectOf(namespace, id), Relation: permission, Subject: keto.UserSubject(user)}
	})
}

// Admins reports for each of the users whether they are an admin.
func (c *Checker) Admins(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]bool, error) {
	return c.check(ctx, users, keto.AdminRole)
}

// Collectors returns the metrics of the checks.
func (c *Checker) Collectors() []prometheus.Collector { return c.metrics.collectors() }

// ask asks Keto about all tuples.
func (c *Checker) ask(ctx context.Context, tuples []keto.Tuple) ([]bool, error) {
	if len(tuples) == 0 {
		return nil, nil
	}
	started := time.Now()
	allowed, err := c.keto.CheckAll(ctx, tuples)
	c.metrics.observe(tuples, allowed, err, started)
	return allowed, err
}

func (c *Checker) check(ctx context.Context, ids []uuid.UUID, tuple func(uuid.UUID) keto.Tuple) (map[uuid.UUID]bool, error) {
	tuples := make([]keto.Tuple, len(ids))
	for i, id := range ids {
		tuples[i] = tuple(id)
	}
	checkAll := c.ask
	if m, ok := ctx.Value(contextKey{}).(*memo); ok {
		checkAll = func(ctx context.Context, tuples []keto.Tuple) ([]bool, error) { return m.checkAll(ctx, c.ask, tuples) }
	}
	allowed, err := checkAll(ctx, tuples)
	if err != nil {
		return nil, err
	}
	answers := make(map[uuid.UUID]bool, len(ids))
	for i, id := range ids {
		answers[id] = allowed[i]
	}
	return answers, nil
}
