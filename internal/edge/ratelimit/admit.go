package ratelimit

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// Admit finds out whose session a request has, and begins a call of that caller by begin. The call of a member whose
// session has to be looked up again begins before that, so that a member who floods does not reach Kratos.
func (l *Limiter) Admit(ctx context.Context, begin func(Caller) (*Call, *Refusal)) (*Call, *Refusal) {
	caller := Caller{Address: peer.Of(ctx).Address}
	var call *Call
	var refused *Refusal
	user := session.Find(ctx, func(known uuid.UUID) (end func(), ok bool) {
		if caller.Member = known; known == uuid.Nil {
			end, refused = l.BeginLookUp(ctx, caller.Address)
		} else {
			call, refused = begin(caller)
			end = func() {}
		}
		return end, refused == nil
	})
	switch {
	case refused != nil:
		return nil, refused
	case call != nil && user == caller.Member:
		return call, nil
	}
	call.End() // The session has ended.
	caller.Member = user
	return begin(caller)
}
