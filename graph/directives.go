package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/permission"
	"github.com/catfoster/catfoster/internal/session"
)

// auth implements @auth.
func auth(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
	if _, err := session.ViewerOf(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

// guard implements @permission.
type guard struct {
	db   *ent.Client
	keto *permission.Client
}

// permission lets the caller pass whom Keto allows it. The object must exist in
// Postgres: Keto may still hold tuples of one that is gone, and its negations
// hold for those that never were.
func (g guard) permission(
	ctx context.Context, _ any, next graphql.Resolver,
	namespace permission.Namespace, relation string, object string,
) (any, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	about, err := g.object(ctx, namespace, object)
	if err != nil {
		return nil, err
	}
	allowed, err := g.keto.Check(ctx, permission.Tuple{
		Object:   about,
		Relation: permission.Relation(relation),
		Subject:  permission.UserSubject(viewer.User.ID),
	})
	if err != nil {
		return nil, err
	}
	if !allowed {
		return nil, errForbidden
	}
	return next(ctx)
}

// object finds the object that the path of a directive names.
func (g guard) object(ctx context.Context, namespace permission.Namespace, path string) (permission.Object, error) {
	if name, literal := strings.CutPrefix(path, "="); literal {
		return permission.Object{Namespace: namespace, ID: name}, nil
	}
	id, err := objectID(ctx, path)
	if err != nil {
		return permission.Object{}, err
	}
	exists, err := g.exists(ctx, namespace, id)
	if err != nil {
		return permission.Object{}, err
	}
	if !exists {
		return permission.Object{}, absent(namespace)
	}
	return permission.ObjectOf(namespace, id), nil
}

// exists asks Postgres for the object. Kinds that it does not know do not exist.
func (g guard) exists(ctx context.Context, namespace permission.Namespace, id uuid.UUID) (bool, error) {
	switch namespace {
	case permission.CatProfile:
		return g.db.CatProfile.Query().Where(catprofile.ID(id)).Exist(ctx)
	case permission.Fostering:
		return g.db.Fostering.Query().Where(entfostering.ID(id)).Exist(ctx)
	default:
		return false, nil
	}
}

// absent is the answer for an object that does not exist. Where objects are
// secret it is the same as for one that the caller may not touch.
func absent(namespace permission.Namespace) error {
	switch namespace {
	case permission.CatProfile:
		return errNotFound
	default:
		return errForbidden
	}
}

// objectID reads the id that stands in an argument of the current field; a
// dotted path reaches into inputs. It is parsed, never passed on as written: an
// object has one name in Keto, and many ways to write it in a request.
func objectID(ctx context.Context, path string) (uuid.UUID, error) {
	field := graphql.GetFieldContext(ctx).Field
	var value any = field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for name := range strings.SplitSeq(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	text, _ := value.(string)
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fmt.Errorf("argument %s: %w", path, errForbidden)
	}
	return id, nil
}

// CheckSchema makes sure that every @permission of the schema can be decided: its
// namespace grants the relation, its argument exists and holds an id that cannot
// be null. It returns the permissions in use. The error names every field that is
// wrong.
func CheckSchema(schema *ast.Schema) (map[permission.Namespace][]permission.Relation, error) {
	used := map[permission.Namespace][]permission.Relation{}
	var problems []error
	for _, object := range schema.Types {
		for _, field := range object.Fields {
			for _, directive := range field.Directives.ForNames("permission") {
				namespace, relation, err := checkDirective(schema, field, directive)
				if err != nil {
					problems = append(problems, fmt.Errorf("schema.graphqls:%d: %s.%s: @permission: %w",
						field.Position.Line, object.Name, field.Name, err))
					continue
				}
				if !slices.Contains(used[namespace], relation) {
					used[namespace] = append(used[namespace], relation)
				}
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return used, errors.Join(problems...)
}

func checkDirective(schema *ast.Schema, field *ast.FieldDefinition, directive *ast.Directive) (permission.Namespace, permission.Relation, error) {
	argument := func(name string) string {
		if a := directive.Arguments.ForName(name); a != nil && a.Value != nil {
			return a.Value.Raw
		}
		return ""
	}
	namespace := permission.Namespace(argument("namespace"))
	relation := permission.Relation(argument("relation"))
	switch {
	case !namespace.Known():
		return "", "", fmt.Errorf("the permission model has no namespace %q", namespace)
	case !namespace.Grants(relation):
		return "", "", fmt.Errorf("%s has no permission %q in the permission model", namespace, relation)
	}
	if name, literal := strings.CutPrefix(argument("object"), "="); literal {
		if group := (permission.Object{Namespace: namespace, ID: name}); group != permission.AdminGroup() {
			return "", "", fmt.Errorf("there is no %s that is called %q", namespace, name)
		}
		return namespace, relation, nil
	}
	if err := checkPath(schema, field.Arguments, argument("object")); err != nil {
		return "", "", err
	}
	return namespace, relation, nil
}

// checkPath follows a dotted path from a field's arguments into inputs.
func checkPath(schema *ast.Schema, arguments ast.ArgumentDefinitionList, path string) error {
	first, rest, nested := strings.Cut(path, ".")
	argument := arguments.ForName(first)
	if argument == nil {
		return fmt.Errorf("there is no argument %q", first)
	}
	kind := argument.Type
	for nested {
		var name string
		name, rest, nested = strings.Cut(rest, ".")
		input := schema.Types[kind.Name()]
		inner := input.Fields.ForName(name)
		if inner == nil || input.Kind != ast.InputObject {
			return fmt.Errorf("%s has no field %q for the path %q", kind.Name(), name, path)
		}
		if !kind.NonNull {
			return fmt.Errorf("the path %q passes through %s, which may be null", path, kind.Name())
		}
		kind = inner.Type
	}
	if kind.String() != "ID!" {
		return fmt.Errorf("%q must be an ID! but is %s", path, kind)
	}
	return nil
}
