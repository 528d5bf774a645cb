package keto

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// ErrUnavailable says that Keto gave no answer. Nothing is allowed then.
var ErrUnavailable = apperr.NewUnavailable(errors.New("no answer from Ory Keto"))

// ErrModel says that Keto answers but has not loaded the permission model that this
// program was written for.
var ErrModel = apperr.NewUnavailable(errors.New("unexpected permission model in Ory Keto"))

// ErrAddress says that an address of Keto is not that of the API which it should be. It is for operators: calls that
// members wait for fail with ErrModel.
var ErrAddress = errors.New("wrong address of Ory Keto")

// ErrNotReady says that Keto denies and cannot read its database, so that its denial does not
// count.
var ErrNotReady = fmt.Errorf("%w: it denies and cannot read its database", ErrUnavailable)

// errEmptyAnswer is returned for an answer that does not say what was asked for.
var errEmptyAnswer = fmt.Errorf("%w: its answer is empty", ErrUnavailable)

// errNoPath is returned for a path that an API does not have.
var errNoPath = fmt.Errorf("%w: it does not have the path", ErrModel)

const (
	// callTimeout bounds one call to Keto.
	callTimeout = 5 * time.Second
	// readSize is how many tuples are read per call.
	readSize = 1000
	// WriteSize is how many tuples one call of [Client.Write] should have at most: Keto
	// needs about half a millisecond for each.
	WriteSize = 500
)

// Client reads and writes Keto's relation tuples and checks permissions. It is safe for
// concurrent use. A check by the zero value is an error, never a yes.
type Client struct {
	read, write api
	database    *outbound.ReadyChecker // of Keto's database
}

// NewClient returns a client. transport carries its calls; nil means
// [http.DefaultTransport].
func NewClient(c config.Keto, transport http.RoundTripper) *Client {
	client := &Client{read: newAPI(c.PublicURL, c.APIKey, transport), write: newAPI(c.AdminURL, c.APIKey, transport)}
	client.database = outbound.NewReadyChecker(client.databaseReady)
	return client
}

// Insert inserts those of the tuples that Keto does not hold. Keto itself would store a
// second copy.
func (c *Client) Insert(ctx context.Context, tuples ...Tuple) error {
	var missing []Tuple
	for _, tuple := range tuples {
		held, err := c.List(ctx, tuple.Object)
		if err != nil {
			return err
		}
		if !slices.Contains(held, tuple) {
			missing = append(missing, tuple)
		}
	}
	return c.Write(ctx, missing, nil)
}

// Delete deletes every copy of the tuples.
func (c *Client) Delete(ctx context.Context, tuples ...Tuple) error {
	return c.Write(ctx, nil, tuples)
}

// Write inserts and deletes tuples atomically. A tuple must not be in both lists.
func (c *Client) Write(ctx context.Context, inserts, deletes []Tuple) error {
	if len(inserts)+len(deletes) == 0 {
		return nil
	}
	changes := make([]change, 0, len(inserts)+len(deletes))
	for _, tuple := range inserts {
		changes = append(changes, change{"insert", relationshipOf(tuple)})
	}
	for _, tuple := range deletes {
		changes = append(changes, change{"delete", relationshipOf(tuple)})
	}
	if err := c.write.patch(ctx, changes); err != nil {
		return fmt.Errorf("write %d tuples: %w", len(changes), err)
	}
	return nil
}

// List returns the tuples of an object, duplicates included.
func (c *Client) List(ctx context.Context, object Object) ([]Tuple, error) {
	var tuples []Tuple
	for page, err := range c.pages(ctx, object) {
		if err != nil {
			return nil, fmt.Errorf("list tuples of %s: %w", object, err)
		}
		tuples = append(tuples, page...)
	}
	return tuples, nil
}

// Pages returns all tuples of a namespace page by page, in no particular order. An error
// is the last element. Tuples written meanwhile may be missing.
func (c *Client) Pages(ctx context.Context, namespace Namespace) iter.Seq2[[]Tuple, error] {
	return c.pages(ctx, Object{Namespace: namespace})
}

// pages lists the tuples of an object, or of the namespace if the object has no id.
func (c *Client) pages(ctx context.Context, object Object) iter.Seq2[[]Tuple, error] {
	return func(yield func([]Tuple, error) bool) {
		for token := ""; ; {
			page, err := c.read.page(ctx, object, readSize, token)
			if err != nil {
				yield(nil, err)
				return
			}
			tuples := make([]Tuple, len(page.Relationships))
			for i, r := range page.Relationships {
				tuples[i] = r.tuple()
			}
			if token = page.NextPageToken; !yield(tuples, nil) || token == "" {
				return
			}
		}
	}
}

// Ready reports, by a nil error, that Keto's read API, write API and database can be reached
// and that it has the namespaces of the model. The error is [ErrAddress], [ErrModel] or [ErrUnavailable]. The two APIs have separate addresses, so one
// of them may fail alone. A Keto that could not parse its model runs without any namespace.
func (c *Client) Ready(ctx context.Context) error {
	have, err := c.read.namespaces(ctx)
	if errors.Is(err, errNoPath) {
		return c.wrongAddress(ctx)
	}
	if err != nil {
		return fmt.Errorf("list namespaces: %w", err)
	}
	var missing []string
	for _, n := range Namespaces() {
		if !slices.Contains(have, n) {
			missing = append(missing, string(n))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: it does not have %s", ErrModel, strings.Join(missing, ", "))
	}
	if err := c.databaseReady(ctx); err != nil {
		return err
	}
	if err := c.write.ready(ctx); err != nil {
		return fmt.Errorf("ask the write API whether it is ready: %w", err)
	}
	return nil
}

// wrongAddress returns the error of a read API that does not have the path for namespaces: it is not the read API.
func (c *Client) wrongAddress(ctx context.Context) error {
	if _, err := c.write.namespaces(ctx); err == nil {
		return fmt.Errorf("%w: ORY_KETO_PUBLIC_URL and ORY_KETO_ADMIN_URL are swapped", ErrAddress)
	}
	return fmt.Errorf("%w: at ORY_KETO_PUBLIC_URL is not its read API", ErrAddress)
}

// databaseReady makes Keto read a tuple from its database. Keto's health endpoint does not:
// it says that Keto is ready while the database cannot be reached.
func (c *Client) databaseReady(ctx context.Context) error {
	if _, err := c.read.page(ctx, Object{Namespace: Group}, 1, ""); err != nil {
		return fmt.Errorf("list one tuple: %w", err)
	}
	return nil
}

// HasPermissions reports, by a nil error, that Keto's model has the permissions, so that
// checks of them have answers. The error is that of [Client.Ready]. The permissions are checked
// at the same time, because the readiness of the server waits for them.
func (c *Client) HasPermissions(ctx context.Context, permissions map[Namespace][]Relation) error {
	if err := c.Ready(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for namespace, used := range permissions {
		for _, permission := range used {
			nobody := Subject{Object: Object{Namespace: User, ID: "nobody"}}
			probe := Tuple{Object: Object{Namespace: namespace, ID: "nothing"}, Relation: permission, Subject: nobody}
			group.Go(func() error {
				_, err := c.Check(ctx, probe)
				return err
			})
		}
	}
	return group.Wait()
}
