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

	ory "github.com/ory/keto-client-go"
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

// errEmptyAnswer is returned for an answer that does not say what was asked for, such as a response without a body, which the SDK accepts.
var errEmptyAnswer = fmt.Errorf("%w: its answer is empty", ErrUnavailable)

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
	read, write *ory.APIClient
	checks      *http.Client           // without a timeout of its own: the calls have a deadline
	database    *outbound.ReadyChecker // of Keto's database
}

// NewClient returns a client. transport carries its calls; nil means
// [http.DefaultTransport].
func NewClient(c config.Keto, transport http.RoundTripper) *Client {
	connect := func(url string) *ory.APIClient {
		configuration := ory.NewConfiguration()
		configuration.Servers = ory.ServerConfigurations{{URL: strings.TrimSuffix(url, "/")}}
		configuration.HTTPClient = &http.Client{Timeout: callTimeout, Transport: transport}
		if c.APIKey != "" {
			configuration.AddDefaultHeader("Authorization", "Bearer "+c.APIKey)
		}
		return ory.NewAPIClient(configuration)
	}
	client := &Client{read: connect(c.PublicURL), write: connect(c.AdminURL), checks: &http.Client{Transport: transport}}
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
	var patch []ory.RelationshipPatch
	for _, tuple := range inserts {
		patch = append(patch, patchOf("insert", tuple))
	}
	for _, tuple := range deletes {
		patch = append(patch, patchOf("delete", tuple))
	}
	response, err := c.write.RelationshipApi.PatchRelationships(ctx).RelationshipPatch(patch).Execute()
	if err != nil {
		return fmt.Errorf("write %d tuples: %w", len(patch), cause(response, err))
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
			list := c.read.RelationshipApi.GetRelationships(ctx).
				Namespace(string(object.Namespace)).PageSize(readSize).PageToken(token)
			if object.ID != "" {
				list = list.Object(object.ID)
			}
			page, response, err := list.Execute()
			if err != nil {
				yield(nil, cause(response, err))
				return
			}
			if page == nil {
				yield(nil, errEmptyAnswer)
				return
			}
			tuples := make([]Tuple, len(page.RelationTuples))
			for i, r := range page.RelationTuples {
				tuples[i] = tupleOf(r)
			}
			if token = page.GetNextPageToken(); !yield(tuples, nil) || token == "" {
				return
			}
		}
	}
}

// Ready reports, by a nil error, that Keto's read API, write API and database can be reached
// and that it has the namespaces of the model. The error is [ErrAddress], [ErrModel] or [ErrUnavailable]. The two APIs have separate addresses, so one
// of them may fail alone. A Keto that could not parse its model runs without any namespace.
func (c *Client) Ready(ctx context.Context) error {
	list, response, err := c.read.RelationshipApi.ListRelationshipNamespaces(ctx).Execute()
	if response != nil && response.StatusCode == http.StatusNotFound {
		return c.wrongAddress(ctx)
	}
	if err != nil {
		return fmt.Errorf("list namespaces: %w", cause(response, err))
	}
	if list == nil {
		return fmt.Errorf("list namespaces: %w", errEmptyAnswer)
	}
	var have []string
	for _, n := range list.Namespaces {
		have = append(have, n.GetName())
	}
	var missing []string
	for _, n := range Namespaces() {
		if !slices.Contains(have, string(n)) {
			missing = append(missing, string(n))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: it does not have %s", ErrModel, strings.Join(missing, ", "))
	}
	if err := c.databaseReady(ctx); err != nil {
		return err
	}
	if _, response, err := c.write.MetadataApi.IsReady(ctx).Execute(); err != nil {
		return fmt.Errorf("ask the write API whether it is ready: %w", cause(response, err))
	}
	return nil
}

// wrongAddress returns the error of a read API that does not have the path for namespaces: it is not the read API.
func (c *Client) wrongAddress(ctx context.Context) error {
	if _, _, err := c.write.RelationshipApi.ListRelationshipNamespaces(ctx).Execute(); err == nil {
		return fmt.Errorf("%w: ORY_KETO_PUBLIC_URL and ORY_KETO_ADMIN_URL are swapped", ErrAddress)
	}
	return fmt.Errorf("%w: at ORY_KETO_PUBLIC_URL is not its read API", ErrAddress)
}

// databaseReady makes Keto read a tuple from its database. Keto's health endpoint does not:
// it says that Keto is ready while the database cannot be reached.
func (c *Client) databaseReady(ctx context.Context) error {
	_, response, err := c.read.RelationshipApi.GetRelationships(ctx).Namespace(string(Group)).PageSize(1).Execute()
	if err != nil {
		return fmt.Errorf("list one tuple: %w", cause(response, err))
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

// cause distinguishes a request that Keto rejects from one that it could not answer.
func cause(response *http.Response, err error) error {
	if response != nil && (response.StatusCode == http.StatusBadRequest || response.StatusCode == http.StatusNotFound) {
		return fmt.Errorf("%w: it rejects the request", ErrModel)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func patchOf(action string, t Tuple) ory.RelationshipPatch {
	relationship := ory.NewRelationship(string(t.Object.Namespace), t.Object.ID, string(t.Relation))
	if t.Subject.Namespace == "" { // A plain subject id, written by another program.
		relationship.SetSubjectId(t.Subject.ID)
	} else {
		relationship.SetSubjectSet(*ory.NewSubjectSet(string(t.Subject.Namespace), t.Subject.ID, string(t.Subject.Relation)))
	}
	patch := ory.NewRelationshipPatch()
	patch.SetAction(action)
	patch.SetRelationTuple(*relationship)
	return *patch
}

// tupleOf converts a relationship. A plain subject id, which this program never writes,
// becomes a subject without a namespace.
func tupleOf(r ory.Relationship) Tuple {
	tuple := Tuple{
		Object:   Object{Namespace: Namespace(r.Namespace), ID: r.Object},
		Relation: Relation(r.Relation),
	}
	if set := r.SubjectSet; set != nil {
		tuple.Subject = Subject{
			Object:   Object{Namespace: Namespace(set.Namespace), ID: set.Object},
			Relation: Relation(set.Relation),
		}
	} else {
		tuple.Subject = Subject{Object: Object{ID: r.GetSubjectId()}}
	}
	return tuple
}
