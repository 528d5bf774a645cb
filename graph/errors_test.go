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

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

func TestPresentError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want map[string]any
	}{
		"not signed in":           {apperr.ErrUnauthenticated, map[string]any{"code": "UNAUTHENTICATED"}},
		"account deleted":         {fmt.Errorf("delete: %w", account.ErrDeleted), map[string]any{"code": "UNAUTHENTICATED"}},
		"login not recent":        {&apperr.Error{Code: apperr.Forbidden, RedirectTo: "https://x"}, map[string]any{"code": "FORBIDDEN", "redirectTo": "https://x"}},
		"conflict":                {apperr.NewConflict(apperr.DaysTaken, "the cat is promised"), map[string]any{"code": "CONFLICT", "reason": "DAYS_TAKEN"}},
		"second factor":           {&apperr.Error{Code: apperr.SecondFactorRequired, RedirectTo: "https://x"}, map[string]any{"code": "SECOND_FACTOR_REQUIRED", "redirectTo": "https://x"}},
		"forbidden":               {apperr.ErrForbidden, map[string]any{"code": "FORBIDDEN"}},
		"not found":               {apperr.ErrNotFound, map[string]any{"code": "NOT_FOUND"}},
		"bad input":               {apperr.Fields{{Name: "age", Rule: "must be smaller"}}.Err(), map[string]any{"code": "BAD_USER_INPUT", "field": "age"}},
		"Kratos unavailable":      {kratos.ErrUnavailable, map[string]any{"code": "UNAVAILABLE"}},
		"Keto unavailable":        {keto.ErrUnavailable, map[string]any{"code": "UNAVAILABLE"}},
		"Keto with another model": {keto.ErrModel, map[string]any{"code": "UNAVAILABLE"}},
		"Postgres unavailable":    {&net.OpError{Op: "dial", Err: errors.New("refused")}, map[string]any{"code": "UNAVAILABLE"}},
		"connection broken":       {driver.ErrBadConn, map[string]any{"code": "UNAVAILABLE"}},
		"Postgres shuts down":     {&pq.Error{Code: "57P01"}, map[string]any{"code": "UNAVAILABLE"}},
		"too many connections":    {&pq.Error{Code: "53300"}, map[string]any{"code": "UNAVAILABLE"}},
		"proxy hangs up":          {io.EOF, map[string]any{"code": "UNAVAILABLE"}},
		"deadlock":                {&pq.Error{Code: "40P01"}, map[string]any{"code": "CONFLICT", "reason": "BUSY"}},
		"lock not available":      {&pq.Error{Code: "55P03"}, map[string]any{"code": "CONFLICT", "reason": "BUSY"}},
		"statement timeout":       {&pq.Error{Code: "57014"}, map[string]any{"code": "UNAVAILABLE"}},
		"deadline exceeded":       {context.DeadlineExceeded, map[string]any{"code": "UNAVAILABLE"}},
		"statement rejected":      {&pq.Error{Code: "42703", Message: "secret"}, map[string]any{"code": "INTERNAL_SERVER_ERROR", "requestId": ""}},
		"any other error":         {errors.New("secret"), map[string]any{"code": "INTERNAL_SERVER_ERROR", "requestId": ""}},
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
				t.Errorf("the client sees %q", got.Message)
			}
			if hidden := got.Extensions["code"] == string(apperr.Internal); hidden && !strings.Contains(log.String(), "load the cat") {
				t.Errorf("the log does not contain the cause: %s", log.String())
			}
		})
	}
}
