package graph

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/usecase"
)

// maxMessage is how many bytes of a message about a document the client gets to see.
const maxMessage = 500

func shorten(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}

// splitFields replaces each error about several fields by one error for each of them. It
// runs once per response, because a middleware of fields would cost every field.
func splitFields(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || len(response.Errors) == 0 {
		return response
	}
	var split gqlerror.List
	for _, presented := range response.Errors {
		var coded *apperr.Error
		if !errors.As(presented.Err, &coded) || len(coded.Fields) < 2 {
			split = append(split, presented)
			continue
		}
		for _, field := range coded.Fields {
			one := *presented
			one.Message, one.Extensions = describeField(field)
			split = append(split, &one)
		}
	}
	response.Errors = split
	return response
}

// presentError maps an error to what the client gets to see. Internal errors are logged,
// and the client gets the id of the request.
func presentError(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		presented := graphql.DefaultErrorPresenter(ctx, err)
		if code := presented.Extensions["code"]; code == errcode.ValidationFailed || code != nil && presented.Err == nil {
			// gqlgen's own error about the document or the variables, which may repeat all of it.
			presented.Message = shorten(presented.Message)
			if len(presented.Path) > 1 && presented.Path[0] == ast.PathName("variable") {
				// It is about a variable, and its path is not that of a field.
				presented.Message = strings.TrimPrefix(presented.Path.String(), "variable.") + " " + presented.Message
				presented.Locations = locationsOfVariable(ctx, presented.Path[1])
				presented.Path = nil
			}
			return presented
		}
		message, extensions := describe(ctx, err)
		locate(ctx, presented, isInputError(ctx, err))
		code := extensions["code"]
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			log.DebugContext(ctx, "the client closed the request", "path", presented.Path.String(), "error", err)
		case code == string(apperr.Internal) || code == string(apperr.Unavailable):
			log.ErrorContext(ctx, "request failed", "code", code, "path", presented.Path.String(), "error", err)
		}
		presented.Message, presented.Extensions = message, extensions
		return presented
	}
}

// describe returns the message and the extensions of an error.
func describe(ctx context.Context, err error) (message string, extensions map[string]any) {
	switch {
	case isInputError(ctx, err):
		field := apperr.FieldError{Rule: "is not valid"}
		errors.As(err, &field)
		field.Name = argumentName(ctx, err)
		return describeField(field)
	case isDisabledIntrospection(ctx):
		return "introspection is disabled", map[string]any{"code": errcode.ValidationFailed}
	}
	if field := (apperr.FieldError{}); errors.As(err, &field) {
		return describeField(field)
	}
	coded := usecase.Coded(err)
	switch {
	case coded == nil:
		return apperr.InternalMessage, map[string]any{"code": string(apperr.Internal), "requestId": requestid.Of(ctx)}
	case len(coded.Fields) > 0:
		return describeField(coded.Fields[0]) // splitFields adds the others.
	}
	return coded.Message, coded.Extensions()
}

func describeField(field apperr.FieldError) (message string, extensions map[string]any) {
	return field.Error(), field.Extensions()
}

// locate adds the place of the current field in the document. The path of an error about input, which goes on with
// the names of arguments, becomes that of the field in the response.
func locate(ctx context.Context, presented *gqlerror.Error, ofInput bool) {
	field := graphql.GetFieldContext(ctx)
	if field != nil && ofInput {
		presented.Path = field.Path()
	}
	for ; field != nil && len(presented.Locations) == 0; field = field.Parent {
		if field.Field.Field != nil {
			presented.Locations = locationsAt(field.Field.Position)
		}
	}
}

// locationsOfVariable returns the place where the current operation defines a variable.
func locationsOfVariable(ctx context.Context, name ast.PathElement) []gqlerror.Location {
	for _, variable := range graphql.GetOperationContext(ctx).Operation.VariableDefinitions {
		if ast.PathName(variable.Variable) == name {
			return locationsAt(variable.Position)
		}
	}
	return nil
}

func locationsAt(position *ast.Position) []gqlerror.Location {
	return []gqlerror.Location{{Line: position.Line, Column: position.Column}}
}

// isInputError reports whether the error is about an argument of the current field.
func isInputError(ctx context.Context, err error) bool {
	return isArgumentError(ctx) || hasUnnamedField(err)
}

// hasUnnamedField reports whether a scalar could not be decoded.
func hasUnnamedField(err error) bool {
	var field apperr.FieldError
	return errors.As(err, &field) && field.Name == ""
}

// isArgumentError reports whether the error arose while the arguments of the current
// field were decoded: gqlgen sets Args only if all of them could be.
func isArgumentError(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Args == nil && field.Field.Field != nil && len(field.Field.Arguments) > 0
}

// isDisabledIntrospection reports whether the current field asks for the schema, which
// gqlgen refuses if introspection is disabled.
func isDisabledIntrospection(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Field.Field != nil && strings.HasPrefix(field.Field.Name, "__") &&
		graphql.HasOperationContext(ctx) && graphql.GetOperationContext(ctx).DisableIntrospection
}

// argumentName returns the argument, or the field of the input object, that could not be
// decoded: the last name on the error's path.
func argumentName(ctx context.Context, err error) string {
	var located *gqlerror.Error
	path := graphql.GetPath(ctx)
	if errors.As(err, &located) && located.Path != nil {
		path = located.Path
	}
	for i := len(path) - 1; i >= 0; i-- {
		if name, ok := path[i].(ast.PathName); ok {
			return string(name)
		}
	}
	return ""
}

// recoverPanic turns a panic into an internal error and logs its stack.
func recoverPanic(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, cause any) error {
		log.ErrorContext(ctx, "resolver panicked", "cause", cause, "stack", string(debug.Stack()))
		return errors.New("a resolver panicked")
	}
}
