package kratosproxy

import (
	"context"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
)

// maxRemembered is how many flows, and how many sessions, are remembered with the account that they are about. A code in a
// flow that is not remembered counts for the flow.
const maxRemembered = 20_000

// tooManyGuesses and tooManyMails are in docs/identity.md, beside the messages of the webhooks.
func tooManyGuesses() formMessage {
	return formMessage{9000006, "Too many wrong passwords or codes. Wait before you try again."}
}

func tooManyMails() formMessage {
	return formMessage{9000007, "A code was sent to this address a moment ago. Wait before you ask for another one."}
}

// forms protects accounts and addresses from forms: from mails to strangers, and from guesses.
type forms struct {
	bounds   *ratelimit.Forms
	browsers browsers
	session  string // the name of the cookie

	// Both have hashes only.
	flows    *lru.Cache[ratelimit.Key, ratelimit.Key] // the address of a flow
	sessions *lru.Cache[ratelimit.Key, ratelimit.Key] // the account of a session
}

func newForms(bounds *ratelimit.Forms, browsers browsers, session string) *forms {
	return &forms{bounds: bounds, browsers: browsers, session: session, flows: newMemory(), sessions: newMemory()}
}

func newMemory() *lru.Cache[ratelimit.Key, ratelimit.Key] {
	memory, err := lru.New[ratelimit.Key, ratelimit.Key](maxRemembered)
	if err != nil {
		panic(err) // maxRemembered is not positive.
	}
	return memory
}

// submission is a form on its way to Kratos.
type submission struct {
	*form
	began time.Time
	// answered are called with Kratos's answer.
	answered []func(*answer)
}

type submissionKey struct{}

func submissionOf(ctx context.Context) *submission {
	s, _ := ctx.Value(submissionKey{}).(*submission)
	return s
}

// submit answers a form: by Kratos, unless it asks for too much.
func (p *proxy) submit(w http.ResponseWriter, r *http.Request, f *form) {
	s := &submission{form: f, began: time.Now()}
	r = r.WithContext(context.WithValue(r.Context(), submissionKey{}, s))
	if f.guesses() {
		wait, err := p.admitGuess(r, s)
		if err != nil {
			refuse(w, http.StatusServiceUnavailable, apperr.Unavailable, apperr.NewUnavailable(nil).Message)
			return
		}
		if wait > 0 {
			p.refuseForm(w, r, f, tooManyGuesses(), wait)
			return
		}
	}
	var wait time.Duration
	switch f.kind {
	case "verification", "recovery":
		wait = p.admitMail(r, s)
	case "registration", "settings":
		wait = p.admitTraits(r, s)
	}
	switch {
	case wait == 0:
		p.reverse.ServeHTTP(w, r)
	case f.kind == "verification", f.kind == "recovery":
		p.pretendMail(w, r, s)
	default:
		p.refuseForm(w, r, f, tooManyMails(), wait)
	}
}
