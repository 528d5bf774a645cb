package apperr_test

import (
	"errors"
	"fmt"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// A validation collects all fields that break a rule, so that a form can show all of them at once.
func ExampleFields() {
	var fields apperr.Fields
	fields.Add("name", "must have %d to %d characters", 1, 64)
	fields.Add("age", "must not be negative")
	err := fields.Err()

	fmt.Println(apperr.CodeOf(err))
	fmt.Println(err)
	// Output:
	// BAD_USER_INPUT
	// name must have 1 to 64 characters; age must not be negative
}

// Errors keep their code while callers wrap them with what they were doing. An error without a code is internal.
func ExampleCodeOf() {
	conflict := fmt.Errorf("approve the fostering: %w", apperr.NewConflict(apperr.StatusChanged, "it is %s already", "APPROVED"))
	internal := fmt.Errorf("approve the fostering: %w", errors.New("syntax error in SQL"))

	fmt.Printf("%q\n", apperr.CodeOf(conflict))
	fmt.Printf("%q\n", apperr.CodeOf(internal))
	// Output:
	// "CONFLICT"
	// ""
}

// The caller sees the message. The cause is for the log.
func ExampleNewUnavailable() {
	cause := errors.New("dial tcp 127.0.0.1:4466: connection refused")
	err := apperr.NewUnavailable(cause)

	fmt.Println(err.Message)
	fmt.Println(errors.Is(err, cause))
	// Output:
	// a service that we depend on cannot be reached; try again later
	// true
}
