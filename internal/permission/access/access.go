// Package access decides whether a user may do something with an object. Keto knows who
// has a permission, and Postgres which objects exist.
package access

import (
	"context"
	"fmt"
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
	db       *ent.Client
	keto     *keto.Client
	children map[keto.Namespace]projection.Child
	metrics  checkMetrics
}

// NewChecker returns a checker.
func NewChecker(db *ent.Client, client *keto.Client) *Checker {
	return &Checker{db: db, keto: client, children: projection.Children(), metrics: newCheckMetrics()}
}

// Require returns nil if the user has the permission on the object. Otherwise the error
// is [apperr.ErrForbidden], or [apperr.ErrNotFound] if the object does not exist and its
// existence is not secret, or is hidden from the user, or it says that there is no answer. An object that hangs on another one
// has the permissions of its parent, and is as secret.
//
// An object that has been deleted may still have tuples in Keto that grant the permission.
// Whoever changes or reads it notices that it does not exist, and must return the same
// error. Only a negated permission is granted on any object, so then its row is looked for
// first.
func (c *Checker) Require(ctx context.Context, user uuid.UUID, permission keto.Relation, object keto.Object) error {
	object, err := c.holder(ctx, object)
	if err != nil {
		return err
	}
	negated := object.Namespace.IsNegated(permission)
	if negated {
		if err := c.requireExists(ctx, user, object); err != nil {
			return err
		}
	}
	allowed, err := c.check(ctx, keto.Tuple{Object: object, Relation: permission, Subject: keto.UserSubject(user)})
	if err == nil && allowed {
		return nil
	}
	if err != nil && isSecret(object.Namespace) {
		return err // As for an object that does not exist.
	}
	if !negated { // That the object does not exist is the better reason.
		if err := c.requireExists(ctx, user, object); err != nil {
			return err
		}
	}
	if err == nil {
		err = apperr.ErrForbidden
	}
	return err
}

// holder returns the object that has the permissions of an object: its parent, if it hangs on one,
// otherwise itself. The parent of a child that does not exist is an object that does not exist: nothing tells the two apart.
func (c *Checker) holder(ctx context.Context, object keto.Object) (keto.Object, error) {
	child, ok := c.children[object.Namespace]
	if !ok {
		return object, nil
	}
	id, err := uuid.Parse(object.ID)
	if err != nil {
		return keto.Object{}, apperr.ErrForbidden
	}
	parent, err := child.ParentOf(ctx, c.db, id)
	switch {
	case ent.IsNotFound(err):
		parent = uuid.Nil
	case err != nil:
		return keto.Object{}, fmt.Errorf("find the parent of %s: %w", object, err)
	}
	return keto.ObjectOf(child.Parent, parent), nil
}

func (c *Checker) requireExists(ctx context.Context, user uuid.UUID, object keto.Object) error {
	entity, ok := projection.EntityOf(object.Namespace)
	if !ok {
		return apperr.ErrForbidden
	}
	exists, err := entity.Exists(ctx, c.db, user, object.ID)
	switch {
	case err != nil:
		return err
	case exists:
		return nil
	case entity.Secret:
		return apperr.ErrForbidden
	}
	return apperr.ErrNotFound
}

// isSecret reports whether callers must not learn that an object of the namespace exists.
func isSecret(namespace keto.Namespace) bool {
	entity, _ := projection.EntityOf(namespace)
	return entity.Secret
}

// IsAdmin reports whether the user is an admin.
func (c *Checker) IsAdmin(ctx context.Context, user uuid.UUID) (bool, error) {
	return c.check(ctx, keto.IsAdmin(user))
}

// IsModerator reports whether the user may moderate: whether they are a moderator or an admin.
func (c *Checker) IsModerator(ctx context.Context, user uuid.UUID) (bool, error) {
	return c.check(ctx, keto.MayModerate(user))
}

// Collectors returns the metrics of the checks.
func (c *Checker) Collectors() []prometheus.Collector { return c.metrics.collectors() }

// check asks Keto.
func (c *Checker) check(ctx context.Context, tuple keto.Tuple) (bool, error) {
	started := time.Now()
	allowed, err := c.keto.Check(ctx, tuple)
	c.metrics.observe(tuple, allowed, err, started)
	return allowed, err
}
