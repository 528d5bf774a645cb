package permission

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	keto "github.com/ory/keto-client-go"
	"golang.org/x/sync/errgroup"
)

// ErrUnavailable says that Keto could not answer. Nothing is allowed then.
var ErrUnavailable = errors.New("the permission service cannot be reached")

// ErrModel says that Keto answers but has not loaded the permission model that
// this program was written for.
var ErrModel = errors.New("the permission service has another permission model")

// callTimeout is the longest that one call to Keto may take.
const callTimeout = 5 * time.Second

// pageSize is how many tuples are read per call, and writeSize how many are
// written: those take Keto longer.
const (
	pageSize  = 1000
	writeSize = 500
)

// Config says where Keto is.
type Config struct {
	// ReadURL is the address for checks and lists, WriteURL the one for changes.
	ReadURL, WriteURL string
	// APIKey authenticates at an Ory Network project; empty for a Keto of one's
	// own.
	APIKey string
	// Transport carries the calls; nil for the usual one.
	Transport http.RoundTripper
}

// Client asks Keto and tells it. It is safe for concurrent use. A check by the
// zero value is an error, never a yes.
type Client struct {
	read, write *keto.APIClient
}

// NewClient returns a client that has not called anybody yet.
func NewClient(config Config) *Client {
	connect := func(url string) *keto.APIClient {
		c := keto.NewConfiguration()
		c.Servers = keto.ServerConfigurations{{URL: strings.TrimSuffix(url, "/")}}
		c.HTTPClient = &http.Client{Timeout: callTimeout, Transport: config.Transport}
		if config.APIKey != "" {
			c.AddDefaultHeader("Authorization", "Bearer "+config.APIKey)
		}
		return keto.NewAPIClient(c)
	}
	return &Client{read: connect(config.ReadURL), write: connect(config.WriteURL)}
}

// Check says whether Keto derives the tuple from what it holds. An error means
// that there is no answer: ErrUnavailable, or ErrModel if Keto knows no such
// relation.
//
// Negated permissions, such as foster, hold for objects that do not exist: make
// sure of the object first.
func (c *Client) Check(ctx context.Context, question Tuple) (bool, error) {
	if c == nil || c.read == nil {
		return false, fmt.Errorf("check %s: %w", question, ErrUnavailable)
	}
	// The subject's relation is sent even when it is empty, and the depth never:
	// without the one nothing matches, and the other turns negations around.
	answer, response, err := c.read.PermissionApi.CheckPermission(ctx).
		Namespace(string(question.Object.Namespace)).
		Object(question.Object.ID).
		Relation(string(question.Relation)).
		SubjectSetNamespace(string(question.Subject.Namespace)).
		SubjectSetObject(question.Subject.ID).
		SubjectSetRelation(string(question.Subject.Relation)).
		Execute()
	if err != nil {
		return false, fmt.Errorf("check %s: %w", question, cause(response, err))
	}
	return answer.Allowed, nil
}

// atOnce is how many checks are under way together for one caller.
const atOnce = 16

// CheckAll answers several questions, in their order, asking Keto side by side:
// this version has no call for more than one. An error means that there is no
// answer to any.
func (c *Client) CheckAll(ctx context.Context, questions []Tuple) ([]bool, error) {
	answers := make([]bool, len(questions))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, question := range questions {
		group.Go(func() (err error) {
			answers[i], err = c.Check(ctx, question)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return answers, nil
}

// Insert states tuples, unless Keto holds them already: it would keep a second
// copy.
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

// Delete makes tuples no longer hold, every copy of them.
func (c *Client) Delete(ctx context.Context, tuples ...Tuple) error {
	return c.Write(ctx, nil, tuples)
}

// Write deletes and inserts tuples in one step that happens as a whole or not at
// all. A tuple must not be in both lists.
func (c *Client) Write(ctx context.Context, insert, remove []Tuple) error {
	if len(insert)+len(remove) == 0 {
		return nil
	}
	var patch []keto.RelationshipPatch
	for _, tuple := range insert {
		patch = append(patch, patchOf("insert", tuple))
	}
	for _, tuple := range remove {
		patch = append(patch, patchOf("delete", tuple))
	}
	response, err := c.write.RelationshipApi.PatchRelationships(ctx).RelationshipPatch(patch).Execute()
	if err != nil {
		return fmt.Errorf("write %d tuples: %w", len(patch), cause(response, err))
	}
	return nil
}

// List returns the tuples about an object, duplicates included.
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

// Pages returns all tuples of a namespace, page by page and in no order. The
// error, if any, comes last. What is written meanwhile may be among them or not.
func (c *Client) Pages(ctx context.Context, namespace Namespace) iter.Seq2[[]Tuple, error] {
	return c.pages(ctx, Object{Namespace: namespace})
}

// pages lists the tuples about an object or, if it has no id, all of the namespace.
func (c *Client) pages(ctx context.Context, object Object) iter.Seq2[[]Tuple, error] {
	return func(yield func([]Tuple, error) bool) {
		for token := ""; ; {
			list := c.read.RelationshipApi.GetRelationships(ctx).
				Namespace(string(object.Namespace)).PageSize(pageSize).PageToken(token)
			if object.ID != "" {
				list = list.Object(object.ID)
			}
			page, response, err := list.Execute()
			if err != nil {
				yield(nil, cause(response, err))
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

// Ready says whether Keto can be reached and has our permission model: a model
// that it could not read leaves it running with every namespace unknown.
func (c *Client) Ready(ctx context.Context) error {
	list, response, err := c.read.RelationshipApi.ListRelationshipNamespaces(ctx).Execute()
	if err != nil {
		return fmt.Errorf("list namespaces: %w", cause(response, err))
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
		return fmt.Errorf("%w: it does not know %s", ErrModel, strings.Join(missing, ", "))
	}
	return nil
}

// Understands says whether Keto's model has the permissions, so that a check of
// them can have an answer: a nil error, ErrModel, or ErrUnavailable.
func (c *Client) Understands(ctx context.Context, permissions map[Namespace][]Relation) error {
	if err := c.Ready(ctx); err != nil {
		return err
	}
	for _, namespace := range Namespaces() {
		for _, relation := range permissions[namespace] {
			nobody := Subject{Object: Object{Namespace: User, ID: "nobody"}}
			question := Tuple{Object: Object{Namespace: namespace, ID: "nothing"}, Relation: relation, Subject: nobody}
			if _, err := c.Check(ctx, question); err != nil {
				return err
			}
		}
	}
	return nil
}

// cause tells an answer that Keto gave from one it could not give.
func cause(response *http.Response, err error) error {
	if response != nil && (response.StatusCode == http.StatusBadRequest || response.StatusCode == http.StatusNotFound) {
		return fmt.Errorf("%w: it refuses the question", ErrModel)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func patchOf(action string, t Tuple) keto.RelationshipPatch {
	relationship := keto.NewRelationship(string(t.Object.Namespace), t.Object.ID, string(t.Relation))
	if t.Subject.Namespace == "" { // A plain subject id that somebody else has written.
		relationship.SetSubjectId(t.Subject.ID)
	} else {
		relationship.SetSubjectSet(*keto.NewSubjectSet(string(t.Subject.Namespace), t.Subject.ID, string(t.Subject.Relation)))
	}
	patch := keto.NewRelationshipPatch()
	patch.SetAction(action)
	patch.SetRelationTuple(*relationship)
	return *patch
}

// tupleOf reads a tuple of Keto's. One with a plain subject id, which we never
// write, becomes a tuple whose subject has no namespace.
func tupleOf(r keto.Relationship) Tuple {
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
