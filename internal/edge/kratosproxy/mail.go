package kratosproxy

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// pace is the time between the moments at which answers to forms leave that mail a code: Kratos needs longer if the address
// has an account. It is longer than both take.
const pace = time.Second

// mails reports whether a form of a verification or a recovery makes Kratos mail a code, and its answer must not tell
// whether it did.
func (f *form) mails() bool {
	return f.fields["email"] != "" && (f.kind == "recovery" || f.kind == "verification" && f.fields["code"] == "")
}

// leaves returns when the answer to a form that mails a code leaves.
func leaves(began, now time.Time) time.Time {
	return began.Add(now.Sub(began).Truncate(pace) + pace)
}

// admitMail counts the code that a form of a verification or a recovery mails.
func (p *proxy) admitMail(r *http.Request, s *submission) (wait time.Duration) {
	if !s.mails() {
		return 0
	}
	address := kratos.NormalEmail(s.fields["email"])
	unsent, wait := p.forms.bounds.Mail(ratelimit.NewKey("mail", s.kind, address))
	s.answered = append(s.answered, func(a *answer) {
		if unsent != nil && a.StatusCode >= http.StatusBadRequest {
			unsent()
		}
		if flow := p.flowAfter(r, s, a); flow.hasMailed(s.kind, address) {
			p.forms.flows.Add(ratelimit.NewKey(s.flow.String()), ratelimit.NewKey(address))
		}
	})
	return wait
}

// flowAfter returns a flow as a form has left it. A browser without scripts gets a redirect in its place.
func (p *proxy) flowAfter(r *http.Request, s *submission, a *answer) flowAnswer {
	if a.isJSON {
		return a.flow
	}
	flow, _ := readFlow(p.ask(r, asJSON, s.kind+"/flows", url.Values{"id": {s.flow.String()}}).body.Bytes())
	return flow
}

// hasMailed reports whether a flow says that a code has been mailed to an address. The field of an address that Kratos has
// refused has a message of its own.
func (f flowAnswer) hasMailed(kind, address string) bool {
	sent := sentMessage(kind)["id"]
	return f.waitsFor(address) && !slices.ContainsFunc(f.messages(), func(m formMessage) bool { return m.ID != sent })
}

// admitTraits counts the codes that a sign-up or a change of the profile mails. If none was mailed, because the form had
// another problem or no new address, it does not count.
func (p *proxy) admitTraits(r *http.Request, s *submission) (wait time.Duration) {
	var taken []func()
	back := func() {
		for _, unsent := range taken {
			unsent()
		}
	}
	for _, name := range []string{"traits.email", "traits.new_email"} {
		address := kratos.NormalEmail(s.fields[name])
		if address == "" {
			continue
		}
		unsent, wait := p.forms.bounds.Mail(ratelimit.NewKey("mail", s.kind, address))
		if wait > 0 && s.kind == "settings" && p.hasAddress(r, s, address) {
			continue
		}
		if wait > 0 {
			back()
			return wait
		}
		taken = append(taken, unsent)
	}
	s.answered = append(s.answered, func(a *answer) {
		mailed := a.leads(s.kind)
		for _, next := range a.flow.ContinueWith {
			if next.Action == "show_verification_ui" {
				mailed = true
				p.forms.flows.Add(ratelimit.NewKey(next.Flow.ID), ratelimit.NewKey(kratos.NormalEmail(next.Flow.VerifiableAddress)))
			}
		}
		if !mailed {
			back()
		}
	})
	return 0
}

// leads reports whether an answer without a flow leads a browser without scripts further, so that a code may have been
// mailed.
func (a *answer) leads(kind string) bool {
	to, err := url.Parse(a.Header.Get("Location"))
	if a.StatusCode != http.StatusSeeOther || err != nil {
		return false
	}
	return kind == "settings" || !strings.HasSuffix(to.Path, "/"+kind)
}

// hasAddress reports whether the member who changes the settings has the address already, or waits for the code that was
// mailed to it, so that nothing is mailed.
func (p *proxy) hasAddress(r *http.Request, s *submission, address string) bool {
	var settings struct {
		Identity struct {
			Traits struct {
				Email    string `json:"email"`
				NewEmail string `json:"new_email"`
			} `json:"traits"`
		} `json:"identity"`
	}
	found := p.ask(r, asJSON, "settings/flows", url.Values{"id": {s.flow.String()}})
	if found.status != http.StatusOK || json.Unmarshal(found.body.Bytes(), &settings) != nil {
		return false
	}
	traits := settings.Identity.Traits
	return kratos.NormalEmail(traits.Email) == address || kratos.NormalEmail(traits.NewEmail) == address
}

// pretendMail answers a form whose code is not mailed as if it had been. The code that is on its way for the same flow and
// address stays valid. In any other state of the flow Kratos gets an address that it does not know.
func (p *proxy) pretendMail(w http.ResponseWriter, r *http.Request, s *submission) {
	address := s.fields["email"]
	found := p.ask(r, asJSON, s.kind+"/flows", url.Values{"id": {s.flow.String()}})
	flow, isJSON := readFlow(found.body.Bytes())
	if found.status != http.StatusOK || !isJSON || !flow.waitsFor(address) {
		s.setEmail(r, marked(address))
		p.reverse.ServeHTTP(w, r)
		return
	}
	found.header.Del("Set-Cookie") // Kratos sends none in answer to a form.
	body, header, status := withMessage(found.body.Bytes(), sentMessage(s.kind)), found.header, http.StatusOK
	if !wantsJSON(r) && (s.kind == "verification" || flow.Type == "browser") {
		body, header, status = nil, http.Header{"Location": {p.pageOf(r, s)}}, http.StatusSeeOther
	}
	if err := holdUntil(r.Context(), leaves(s.began, time.Now())); err != nil {
		panic(http.ErrAbortHandler) // Nobody waits for an answer.
	}
	write(w, status, header, body)
}

// waitsFor reports whether a flow waits for the code that was mailed to an address.
func (f flowAnswer) waitsFor(address string) bool {
	return f.State == "sent_email" && kratos.NormalEmail(f.value("email")) == kratos.NormalEmail(address)
}

// pageOf returns the page of a flow, as Kratos redirects browsers to it.
func (p *proxy) pageOf(r *http.Request, s *submission) string {
	page, err := url.Parse(p.ask(r, "text/html", s.kind+"/browser", nil).header.Get("Location"))
	if err != nil {
		return "/"
	}
	page.RawQuery = url.Values{"flow": {s.flow.String()}}.Encode()
	return page.String()
}
