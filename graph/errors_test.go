package graph

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

func TestErrorsAreToldByTheirCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want map[string]any
	}{
		"not signed in":          {session.ErrUnauthenticated, map[string]any{"code": "UNAUTHENTICATED"}},
		"the account is gone":    {fmt.Errorf("delete: %w", account.ErrDeleted), map[string]any{"code": "UNAUTHENTICATED"}},
		"an old login":           {&session.RefreshError{RedirectTo: "https://x"}, map[string]any{"code": "FORBIDDEN", "redirectTo": "https://x"}},
		"somebody counts on it":  {account.ErrPromised, map[string]any{"code": "CONFLICT"}},
		"second factor":          {&session.SecondFactorError{RedirectTo: "https://x"}, map[string]any{"code": "SECOND_FACTOR_REQUIRED", "redirectTo": "https://x"}},
		"not allowed":            {errForbidden, map[string]any{"code": "FORBIDDEN"}},
		"not there":              {errNotFound, map[string]any{"code": "NOT_FOUND"}},
		"bad input":              {&inputError{"age", "must be smaller"}, map[string]any{"code": "BAD_USER_INPUT", "field": "age"}},
		"Kratos away":            {account.ErrUnavailable, map[string]any{"code": "UNAVAILABLE"}},
		"Keto away":              {keto.ErrUnavailable, map[string]any{"code": "UNAVAILABLE"}},
		"Keto with other rules":  {keto.ErrModel, map[string]any{"code": "UNAVAILABLE"}},
		"Postgres away":          {&net.OpError{Op: "dial", Err: errors.New("refused")}, map[string]any{"code": "UNAVAILABLE"}},
		"a broken connection":    {driver.ErrBadConn, map[string]any{"code": "UNAVAILABLE"}},
		"Postgres shutting down": {&pq.Error{Code: "57P01"}, map[string]any{"code": "UNAVAILABLE"}},
		"too many connections":   {&pq.Error{Code: "53300"}, map[string]any{"code": "UNAVAILABLE"}},
		"a proxy that hangs up":  {io.EOF, map[string]any{"code": "UNAVAILABLE"}},
		"an overlapping promise": {&pq.Error{Code: "23P01", Constraint: "by_hand_fosterings_no_overlap"}, map[string]any{"code": "CONFLICT"}},
		"a second open request":  {&pq.Error{Code: "23505", Constraint: "by_hand_fosterings_one_open"}, map[string]any{"code": "CONFLICT"}},
		"a deadlock":             {&pq.Error{Code: "40P01"}, map[string]any{"code": "CONFLICT"}},
		"a wrong state":          {&fostering.TransitionError{Status: fostering.Active, Action: fostering.Approve}, map[string]any{"code": "CONFLICT"}},
		"out of time":            {context.DeadlineExceeded, map[string]any{"code": "UNAVAILABLE"}},
		"a refused statement":    {&pq.Error{Code: "42703", Message: "secret"}, map[string]any{"code": "INTERNAL_SERVER_ERROR", "requestId": ""}},
		"anything else":          {errors.New("secret"), map[string]any{"code": "INTERNAL_SERVER_ERROR", "requestId": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			present := presentError(slog.New(slog.NewTextHandler(&log, nil)))
			got := present(t.Context(), fmt.Errorf("load the cat: %w", test.err))
			if diff := cmp.Diff(test.want, got.Extensions); diff != "" {
				t.Errorf("extensions (-want +got):\n%s", diff)
			}
			if strings.Contains(got.Message, "load the cat") || strings.Contains(got.Message, "secret") {
				t.Errorf("the client gets to read %q", got.Message)
			}
			if hidden := got.Extensions["code"] == codeInternal; hidden && !strings.Contains(log.String(), "load the cat") {
				t.Errorf("the log does not hold the cause: %s", log.String())
			}
		})
	}
}
