package kratosproxy

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// isWrong reports whether Kratos says by a message that a password, the code of an app, a recovery code or a code in a mail is
// wrong.
func isWrong(message int) bool {
	switch message {
	case 4000006, 4000008, 4000012, 4000016, 4060006, 4070006:
		return true
	}
	return false
}

// guesses reports whether a form contains something secret that somebody may guess. Of a code and an address Kratos takes the
// code in a verification, and the address in a recovery.
func (f *form) guesses() bool {
	switch f.kind {
	case "login":
		return f.fields["method"] == "password" || f.isSecondFactor()
	case "verification":
		return f.fields["code"] != ""
	case "recovery":
		return f.fields["code"] != "" && f.fields["email"] == ""
	}
	return false
}

func (f *form) isSecondFactor() bool {
	return f.kind == "login" && (f.fields["method"] == "totp" || f.fields["method"] == "lookup_secret")
}

// admitGuess counts a password or a code. Who knows the right one, in a browser that has used it before, is counted apart,
// so that others lock out nobody there. The error says that Kratos does not answer.
func (p *proxy) admitGuess(r *http.Request, s *submission) (wait time.Duration, err error) {
	account, kind, err := p.accountOf(r, s)
	if err != nil {
		return 0, err
	}
	proof := knowsPassword
	if s.isSecondFactor() {
		proof = hasFactor
	}
	notWrong, wait := p.forms.guess(kind, account, p.forms.browsers.id(r, proof, account))
	if wait > 0 {
		return wait, nil
	}
	s.answered = append(s.answered, func(a *answer) {
		if !a.isWrong(s.flow) {
			notWrong()
		}
		if s.kind == "login" && a.logsIn() {
			p.forms.browsers.remember(r, a.Header, proof, account)
		}
	})
	return 0, nil
}

// guess counts a guess, for all browsers that know the account together too: some of them may be stolen.
func (f *forms) guess(kind string, account ratelimit.Key, browser string) (notWrong func(), wait time.Duration) {
	inOne, wait := f.bounds.Guess(ratelimit.NewKey("guess", kind, string(account[:]), browser), bounds.Guesses)
	if wait > 0 || browser == "" {
		return inOne, wait
	}
	inAll, wait := f.bounds.Guess(ratelimit.NewKey("known", kind, string(account[:])), bounds.KnownGuesses)
	if wait > 0 {
		inOne()
		return nil, wait
	}
	return func() { inOne(); inAll() }, 0
}

// accountOf returns whose password or code a form contains, and which kind of it. It does not depend on whether there is
// such an account.
func (p *proxy) accountOf(r *http.Request, s *submission) (account ratelimit.Key, kind string, err error) {
	switch {
	case s.isSecondFactor():
		account, err = p.accountOfSession(r)
		return account, hasFactor, err
	case s.kind == "login":
		return ratelimit.NewKey(kratos.NormalEmail(s.fields["identifier"])), knowsPassword, nil
	}
	flow := ratelimit.NewKey(s.flow.String())
	if account, known := p.forms.flows.Get(flow); known {
		return account, s.kind, nil
	}
	return flow, s.kind, nil
}

// accountOfSession returns the account whose session a request has. It has one credential at most (hasOneCredential). A
// session without its second factor is known to nobody but Kratos, which says in the form for another login whose it is.
func (p *proxy) accountOfSession(r *http.Request) (ratelimit.Key, error) {
	token, client := cmp.Or(r.Header.Get("X-Session-Token"), r.Header.Get("Authorization")), "api"
	if cookie, err := r.Cookie(p.forms.session); err == nil && r.Header.Get("X-Session-Token") == "" {
		token, client = cookie.Value, "browser"
	}
	session := ratelimit.NewKey("session", token)
	if account, known := p.forms.sessions.Get(session); known {
		return account, nil
	}
	found := p.ask(r, asJSON, "login/"+client, url.Values{"refresh": {"true"}})
	if found.status >= http.StatusInternalServerError {
		return ratelimit.Key{}, errors.New("kratos does not say whose session it is")
	}
	flow, _ := readFlow(found.body.Bytes())
	identifier := flow.value("identifier")
	if identifier == "" {
		return session, nil // Kratos refuses the code, because there is no session.
	}
	account := ratelimit.NewKey(kratos.NormalEmail(identifier))
	p.forms.sessions.Add(session, account)
	return account, nil
}

// isWrong reports whether Kratos has checked what somebody guessed, and found it wrong. A form that it has not read does not
// count. A browser without scripts is led back to its form, even by the right code of a verification.
func (a *answer) isWrong(flow uuid.UUID) bool {
	if a.isJSON {
		return slices.ContainsFunc(a.flow.messages(), func(m formMessage) bool { return isWrong(m.ID) })
	}
	to, err := url.Parse(a.Header.Get("Location"))
	return !a.hasCookie && (err != nil || to.Query().Get("flow") == flow.String())
}

// logsIn reports whether an answer creates a session, or confirms it.
func (a *answer) logsIn() bool { return a.hasCookie || a.flow.Session.ID != "" }
