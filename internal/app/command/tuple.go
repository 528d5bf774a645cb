package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// checkCommand asks Keto whether a tuple is allowed.
type checkCommand struct {
	Tuple string `arg:"" help:"Tuple, for example CatProfile:<id>#edit@User:<id>."`
}

// errDenied makes the command fail when the answer is no, for use in scripts.
var errDenied = errors.New("denied")

func (c checkCommand) Run(ctx context.Context) error {
	tuple, client, err := connectKeto(c.Tuple)
	if err != nil {
		return err
	}
	allowed, err := client.Check(ctx, tuple)
	if err != nil {
		return explain(ctx, client, err)
	}
	if !allowed {
		return errDenied
	}
	fmt.Println("allowed")
	return nil
}

// relateCommand writes or deletes a tuple.
type relateCommand struct {
	Tuple  string `arg:"" help:"Tuple, for example Group:friends#members@User:<id>."`
	Delete bool   `help:"Delete the tuple instead."`
}

func (c relateCommand) Run(ctx context.Context) error {
	tuple, client, err := connectKeto(c.Tuple)
	if err != nil {
		return err
	}
	if !tuple.Object.Namespace.HasRelation(tuple.Relation) {
		return fmt.Errorf("%s#%s is a permission: it follows from relations and cannot be stated", tuple.Object.Namespace, tuple.Relation)
	}
	if entity, ok := projection.EntityOf(tuple.Object.Namespace); ok && (entity.Table != "" || slices.Contains(entity.IDs, tuple.Object.ID)) {
		return fmt.Errorf("the tuples of %s follow from the database: change that instead (for roles: admin grant, admin revoke)", tuple.Object)
	}
	return withStores(func(s stores) error {
		if err := s.record(ctx, "relate", uuid.Nil); err != nil {
			return err
		}
		change := client.Insert
		if c.Delete {
			change = client.Delete
		}
		return explain(ctx, client, change(ctx, tuple))
	})
}

// explain returns what is wrong with Keto as a whole, if it has rejected a call, and the error of the call otherwise.
func explain(ctx context.Context, client *keto.Client, err error) error {
	if !errors.Is(err, keto.ErrModel) {
		return err
	}
	if reason := client.Ready(ctx); reason != nil {
		return reason
	}
	return err
}

func connectKeto(text string) (keto.Tuple, *keto.Client, error) {
	tuple, err := keto.ParseTuple(text)
	if err != nil {
		return keto.Tuple{}, nil, err
	}
	c, err := config.Load[config.Keto](os.Environ())
	if err != nil {
		return keto.Tuple{}, nil, err
	}
	return tuple, keto.NewClient(c, nil), nil
}
