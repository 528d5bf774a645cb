// Package apperr defines the errors that clients of the API get to see. Use cases return
// them, package graph maps them to GraphQL errors in one place. Any other error is
// internal: clients learn nothing about it but the id of their request.
package apperr

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code classifies an error. It is extensions.code of a GraphQL error and part of the
// API's contract.
type Code string

// The codes. gqlgen adds codes for documents that cannot be parsed or validated.
const (
	Unauthenticated      Code = "UNAUTHENTICATED"
	SecondFactorRequired Code = "SECOND_FACTOR_REQUIRED"
	Forbidden            Code = "FORBIDDEN"
	NotFound             Code = "NOT_FOUND"
	BadUserInput         Code = "BAD_USER_INPUT"
	Conflict             Code = "CONFLICT"
	RateLimited          Code = "RATE_LIMITED"
	Unavailable          Code = "UNAVAILABLE"
	ViewerChanged        Code = "VIEWER_CHANGED"
	// Internal is the code of all errors of which clients learn nothing but the id of their request.
	Internal Code = "INTERNAL_SERVER_ERROR"
)

// InternalMessage is that of an internal error.
const InternalMessage = "something went wrong on our side; the request's id helps us to find out what"

// Reason says what stands in the way of an action. It is extensions.reason of a conflict and part of the API's contract.
type Reason string

// The reasons. docs/errors.md says what they mean to frontends.
const (
	AlreadyProposed      Reason = "ALREADY_PROPOSED"
	AlreadyReported      Reason = "ALREADY_REPORTED"
	AlreadyRequested     Reason = "ALREADY_REQUESTED"
	Busy                 Reason = "BUSY"
	CatPromised          Reason = "CAT_PROMISED"
	CatUnavailable       Reason = "CAT_UNAVAILABLE"
	ChangedMeanwhile     Reason = "CHANGED_MEANWHILE"
	ConversationClosed   Reason = "CONVERSATION_CLOSED"
	DayPassed            Reason = "DAY_PASSED"
	DaysTaken            Reason = "DAYS_TAKEN"
	FosteringPromised    Reason = "FOSTERING_PROMISED"
	IdempotencyKeyReused Reason = "IDEMPOTENCY_KEY_REUSED"
	LastSuperAdmin       Reason = "LAST_SUPER_ADMIN"
	QuotaExceeded        Reason = "QUOTA_EXCEEDED"
	ReferenceClosed      Reason = "REFERENCE_CLOSED"
	ReferenceWritten     Reason = "REFERENCE_WRITTEN"
	ReportResolved       Reason = "REPORT_RESOLVED"
	StatusChanged        Reason = "STATUS_CHANGED"
	SuperAdmin           Reason = "SUPER_ADMIN"
	// Suspended is the only reason of a Forbidden error.
	Suspended Reason = "SUSPENDED"
)

// Reasons returns all reasons.
func Reasons() []Reason {
	return []Reason{
		AlreadyProposed, AlreadyReported, AlreadyRequested, Busy, CatPromised, CatUnavailable, ChangedMeanwhile, ConversationClosed, DayPassed, DaysTaken,
		FosteringPromised, IdempotencyKeyReused, LastSuperAdmin, QuotaExceeded, ReferenceClosed, ReferenceWritten, ReportResolved, StatusChanged, SuperAdmin, Suspended,
	}
}

// Error is an error that the client gets to see.
type Error struct {
	Code Code
	// Message is a sentence for people.
	Message string
	// Reason is that of a conflict, or says why a member may do nothing.
	Reason Reason
	// Until is when Suspended ends, or nil, and Explanation what a moderator has written about it.
	Until       *time.Time
	Explanation string
	// Fields are the fields of the input that break a rule, if Code is BadUserInput.
	Fields Fields
	// RedirectTo is where a browser goes to resolve the error, or empty.
	RedirectTo string
	// Cause is for the log; clients never see it.
	Cause error
}

func (e *Error) Error() string {
	message := e.Message
	if len(e.Fields) > 0 {
		message = e.Fields.String()
	}
	if e.Cause != nil {
		message += ": " + e.Cause.Error()
	}
	return message
}

// Extensions returns what programs learn about an error without fields.
func (e *Error) Extensions() map[string]any {
	extensions := map[string]any{"code": string(e.Code)}
	if e.Reason != "" {
		extensions["reason"] = string(e.Reason)
	}
	if e.Until != nil {
		extensions["until"] = e.Until.UTC().Format(time.RFC3339)
	}
	if e.Explanation != "" {
		extensions["explanation"] = e.Explanation
	}
	if e.RedirectTo != "" {
		extensions["redirectTo"] = e.RedirectTo
	}
	return extensions
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errors without details.
var (
	ErrUnauthenticated = &Error{Code: Unauthenticated, Message: "sign in first"}
	ErrForbidden       = &Error{Code: Forbidden, Message: "you are not allowed to do this"}
	ErrNotFound        = &Error{Code: NotFound, Message: "there is no such object"}
)

// NewConflict returns an error that says why the state of an object does not allow an
// action, to programs and to people.
func NewConflict(reason Reason, format string, arguments ...any) *Error {
	return &Error{Code: Conflict, Reason: reason, Message: fmt.Sprintf(format, arguments...)}
}

// NewSuspended returns an error that says that a member is suspended until a time, or until further notice by nil, and why.
func NewSuspended(until *time.Time, explanation string) *Error {
	return &Error{Code: Forbidden, Reason: Suspended, Until: until, Explanation: explanation, Message: "your account is suspended"}
}

// NewUnavailable returns an error that says that a service did not answer. Which one is
// for the log only.
func NewUnavailable(cause error) *Error {
	return &Error{Code: Unavailable, Message: "a service that we depend on cannot be reached; try again later", Cause: cause}
}

// ReasonOf returns the reason of a conflict, or the empty string if the error is none.
func ReasonOf(err error) Reason {
	if coded, ok := errors.AsType[*Error](err); ok {
		return coded.Reason
	}
	return ""
}

// CodeOf returns the code of an error, or the empty string if it is internal.
func CodeOf(err error) Code {
	if coded, ok := errors.AsType[*Error](err); ok {
		return coded.Code
	}
	if _, ok := errors.AsType[FieldError](err); ok {
		return BadUserInput
	}
	return ""
}

// FieldError is a field of the input that breaks a rule. It is an error by itself where only
// one field is looked at, as by the decoders of scalars.
type FieldError struct {
	// Name of the field or argument, as in the GraphQL schema. It is empty if it is not
	// known to the code that finds the problem.
	Name string
	// Rule completes a sentence that begins with the name: "must be a UUID".
	Rule string
	// Reason names the rule for programs, or is empty.
	Reason string
}

// Extensions returns what programs learn about the field.
func (f FieldError) Extensions() map[string]any {
	extensions := map[string]any{"code": string(BadUserInput), "field": f.Name}
	if f.Reason != "" {
		extensions["reason"] = f.Reason
	}
	return extensions
}

func (f FieldError) Error() string {
	if f.Name == "" {
		return f.Rule
	}
	return f.Name + " " + f.Rule
}

// Fields collects the fields of an input that break a rule. The zero value is ready to
// use.
type Fields []FieldError

// Add adds a field that breaks a rule.
func (f *Fields) Add(name, rule string, arguments ...any) {
	*f = append(*f, FieldError{Name: name, Rule: fmt.Sprintf(rule, arguments...)})
}

// Err returns a BadUserInput error about the fields, or nil if there are none.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: BadUserInput, Fields: f}
}

func (f Fields) String() string {
	texts := make([]string, len(f))
	for i, field := range f {
		texts[i] = field.Error()
	}
	return strings.Join(texts, "; ")
}
