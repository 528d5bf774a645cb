package graph

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/lib/pq"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/session"
)

// Codes of errors, in extensions.code. gqlgen adds its own for documents that it
// cannot parse or that do not fit the schema, of which we use three ourselves.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeSecondFactor    = "SECOND_FACTOR_REQUIRED"
	codeForbidden       = "FORBIDDEN"
	codeNotFound        = "NOT_FOUND"
	codeBadInput        = "BAD_USER_INPUT"
	codeConflict        = "CONFLICT"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL_SERVER_ERROR"
	codeParseFailed     = "GRAPHQL_PARSE_FAILED"
	codeInvalid         = "GRAPHQL_VALIDATION_FAILED"
	codeTooComplex      = "COMPLEXITY_LIMIT_EXCEEDED"
)

var (
	errForbidden = errors.New("you are not allowed to do this")
	errNotFound  = errors.New("there is no such object")
)

// conflictError says that an object's state does not allow what was asked.
type conflictError struct {
	reason string // a sentence for a person
}

// Error implements error.
func (e *conflictError) Error() string { return e.reason }

func conflict(format string, arguments ...any) error {
	return &conflictError{reason: fmt.Sprintf(format, arguments...)}
}

// What several people may run into when they act at once.
var (
	errTaken  = conflict("the cat is promised to somebody else on one of these days")
	errOpen   = conflict("you have an open fostering of this cat already")
	errAtOnce = conflict("somebody else changed this at the same moment; look again")
)

// conflictOf finds the conflict behind an error: a state that does not allow an
// action, or a constraint of Postgres, which has the last word.
func conflictOf(err error) (message string, is bool) {
	var state *conflictError
	if errors.As(err, &state) {
		return state.Error(), true
	}
	if errors.Is(err, account.ErrPromised) {
		return account.ErrPromised.Error(), true
	}
	var transition *fostering.TransitionError
	if errors.As(err, &transition) {
		return transition.Error(), true
	}
	var refused *pq.Error
	if !errors.As(err, &refused) {
		return "", false
	}
	switch {
	case refused.Constraint == "by_hand_fosterings_no_overlap":
		return errTaken.Error(), true
	case refused.Constraint == "by_hand_fosterings_one_open":
		return errOpen.Error(), true
	case refused.Code.Class() == "40": // rolled back: deadlock or serialization
		return errAtOnce.Error(), true
	}
	return "", false
}

// presentError turns an error into what a client gets to see. Errors that are not
// meant for clients are logged, and the client gets the request's id.
func presentError(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		presented := graphql.DefaultErrorPresenter(ctx, err)
		if presented.Extensions["code"] != nil && presented.Err == nil {
			return presented // gqlgen's own, about the document.
		}
		if presented.Err == nil && !graphql.HasOperationContext(ctx) {
			// gqlgen's own, about the request. Its text repeats the body, which may hold
			// anything.
			presented.Message = "the request is not GraphQL over HTTP: send a JSON object with query, variables and operationName"
			presented.Extensions = map[string]any{"code": codeParseFailed}
			return presented
		}
		answer := describe(ctx, err)
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			log.DebugContext(ctx, "caller went away", "path", presented.Path.String(), "error", err)
		case answer.code == codeInternal || answer.code == codeUnavailable:
			log.ErrorContext(ctx, "request failed", "code", answer.code, "path", presented.Path.String(), "error", err)
		}
		if answer.code == codeInternal {
			answer.message = "something went wrong on our side; the request's id helps us to find out what"
			answer.with("requestId", requestid.Of(ctx))
		}
		presented.Message = answer.message
		presented.Extensions = answer.extensions
		presented.Extensions["code"] = answer.code
		return presented
	}
}

// answer is what a client gets to see of an error.
type answer struct {
	code       string
	message    string
	extensions map[string]any
}

func (a *answer) with(key string, value any) { a.extensions[key] = value }

// describe maps an error to its code. What it does not know is internal.
func describe(ctx context.Context, err error) *answer {
	a := &answer{code: codeInternal, extensions: map[string]any{}}
	var (
		input        *inputError
		slice        *view.SliceError
		secondFactor *session.SecondFactorError
		refresh      *session.RefreshError
	)
	reason, isConflict := conflictOf(err)
	switch {
	case errors.As(err, &input):
		a.code, a.message = codeBadInput, input.Error()
		a.with("field", input.field)
	case errors.As(err, &slice):
		a.code, a.message = codeBadInput, slice.Error()
		a.with("field", slice.Argument)
	case isArgumentError(ctx):
		a.code = codeBadInput
		field := argumentOf(ctx, err)
		a.message = field + " is not valid"
		if rule := scalar.Error(""); errors.As(err, &rule) {
			a.message = field + " " + rule.Error()
		}
		a.with("field", field)
	case isIntrospection(ctx):
		a.code, a.message = codeInvalid, "the schema is not told here"
	case errors.Is(err, session.ErrUnauthenticated), errors.Is(err, account.ErrDeleted):
		a.code, a.message = codeUnauthenticated, session.ErrUnauthenticated.Error()
	case errors.As(err, &secondFactor):
		a.code, a.message = codeSecondFactor, secondFactor.Error()
		a.with("redirectTo", secondFactor.RedirectTo)
	case errors.As(err, &refresh):
		a.code, a.message = codeForbidden, refresh.Error()
		a.with("redirectTo", refresh.RedirectTo)
	case errors.Is(err, errForbidden):
		a.code, a.message = codeForbidden, errForbidden.Error()
	case errors.Is(err, errNotFound):
		a.code, a.message = codeNotFound, errNotFound.Error()
	case isConflict:
		a.code, a.message = codeConflict, reason
	case errors.Is(err, account.ErrUnavailable), errors.Is(err, keto.ErrUnavailable),
		errors.Is(err, keto.ErrModel), isDatabaseAway(err),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		a.code, a.message = codeUnavailable, "a service that we depend on cannot be reached; try again later"
	}
	return a
}

// isArgumentError says whether the error arose while the arguments of the current
// field were read: gqlgen stores them only when all could be.
func isArgumentError(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Args == nil && field.Field.Field != nil && len(field.Field.Arguments) > 0
}

// isIntrospection says whether the current field asks for the schema, which gqlgen
// refuses where introspection is off.
func isIntrospection(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Field.Field != nil && strings.HasPrefix(field.Field.Name, "__") &&
		graphql.HasOperationContext(ctx) && graphql.GetOperationContext(ctx).DisableIntrospection
}

// argumentOf names the argument, or the field of the input, that could not be
// read: the last name on the error's path.
func argumentOf(ctx context.Context, err error) string {
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

// isDatabaseAway tells a database that cannot be reached from one that refuses a
// statement. The classes are those of "PostgreSQL Error Codes" in its manual.
func isDatabaseAway(err error) bool {
	var refused *pq.Error
	if errors.As(err, &refused) {
		switch refused.Code.Class() {
		case "08", "53", "57", "58": // connection, resources, intervention, system
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // A proxy has hung up.
}

// recoverPanic turns a panic into an internal error, with its stack in the log.
func recoverPanic(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, cause any) error {
		log.ErrorContext(ctx, "resolver panicked", "cause", cause, "stack", string(debug.Stack()))
		return errors.New("a resolver panicked")
	}
}
