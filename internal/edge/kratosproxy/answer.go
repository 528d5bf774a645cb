package kratosproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// maxAnswer is how many bytes of an answer to a form are read. Kratos's have some ten thousand.
const maxAnswer = 1 << 20

// answer is Kratos's answer to a form.
type answer struct {
	*http.Response
	isJSON    bool
	hasCookie bool // that of a session
	flow      flowAnswer
}

// flowAnswer is what is read of a flow, and of what follows it.
type flowAnswer struct {
	Type    string // browser or api
	State   string
	Session struct{ ID string }
	UI      struct {
		Messages []formMessage
		Nodes    []struct {
			Attributes struct {
				Name  string
				Value any
			}
			Messages []formMessage
		}
	}
	ContinueWith []struct {
		Action string
		Flow   struct {
			ID                string
			VerifiableAddress string `json:"verifiable_address"`
		}
	} `json:"continue_with"`
}

// readFlow reads an answer, if it is a flow.
func readFlow(text []byte) (flow flowAnswer, isJSON bool) {
	isJSON = json.Unmarshal(text, &flow) == nil
	return flow, isJSON
}

// value returns what a field contains, or "".
func (f flowAnswer) value(name string) string {
	for _, node := range f.UI.Nodes {
		if text, ok := node.Attributes.Value.(string); ok && node.Attributes.Name == name {
			return text
		}
	}
	return ""
}

func (f flowAnswer) messages() []formMessage {
	all := f.UI.Messages
	for _, node := range f.UI.Nodes {
		all = append(all, node.Messages...)
	}
	return all
}

// formMessage is a sentence that a form shows.
type formMessage struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// sentMessage is what Kratos says when it has mailed a code.
func sentMessage(kind string) map[string]any {
	id := 1080003
	if kind == "recovery" {
		id = 1060003
	}
	return map[string]any{"id": id, "type": "info", "text": "An email containing a " + kind + " code has been sent to the email address " +
		"you provided. If you have not received an email, check the spelling of the address and make sure to use the address you " +
		"registered with."}
}

// receive reads Kratos's answer to a form, acts on it, and holds it back if its time would tell something.
func (p *proxy) receive(r *http.Response) error {
	s := submissionOf(r.Request.Context())
	if s == nil && !isMarked(r.Request.URL.Path) {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxAnswer))
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(mark), nil)
	a := &answer{Response: r}
	a.flow, a.isJSON = readFlow(body)
	if s != nil && s.mails() {
		body = withMessage(body, nil)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	if s == nil {
		return nil
	}
	for _, cookie := range r.Cookies() {
		a.hasCookie = a.hasCookie || cookie.Name == p.forms.session && cookie.Value != "" && cookie.MaxAge >= 0
	}
	for _, act := range s.answered {
		act(a)
	}
	if s.mails() {
		return holdUntil(r.Request.Context(), leaves(s.began, time.Now()))
	}
	return nil
}

// isMarked reports whether an answer at a path may contain an address that is marked.
func isMarked(path string) bool {
	return strings.Contains(path, "/self-service/verification") || strings.Contains(path, "/self-service/recovery")
}

// holdUntil waits. The error says that nobody waits for the answer any more.
func holdUntil(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const asJSON = "application/json"

// recorded is an answer of Kratos that no browser gets.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header { return r.header }

func (r *recorded) WriteHeader(status int) { r.status = status }

func (r *recorded) Write(part []byte) (int, error) { return r.body.Write(part) }

// ask asks Kratos about a flow on behalf of the browser that sends a form.
func (p *proxy) ask(r *http.Request, accept, path string, query url.Values) *recorded {
	asked := r.Clone(context.WithValue(r.Context(), submissionKey{}, (*submission)(nil)))
	asked.Method, asked.Body, asked.ContentLength, asked.TransferEncoding = http.MethodGet, http.NoBody, 0, nil
	asked.URL = &url.URL{Path: config.ProxyPath + "self-service/" + path, RawQuery: query.Encode()}
	asked.Header.Del("Content-Type")
	asked.Header.Set("Accept", accept)
	answer := &recorded{header: http.Header{}, status: http.StatusOK}
	p.reverse.ServeHTTP(answer, asked)
	return answer
}

// refuseForm answers that a form asks for too much: by the form with a message if Kratos shows it to the browser.
func (p *proxy) refuseForm(w http.ResponseWriter, r *http.Request, f *form, message formMessage, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	found := p.ask(r, asJSON, f.kind+"/flows", url.Values{"id": {f.flow.String()}})
	if found.status != http.StatusOK || !wantsJSON(r) {
		refuse(w, http.StatusTooManyRequests, apperr.RateLimited, message.Text)
		return
	}
	write(w, http.StatusTooManyRequests, found.header, withMessage(found.body.Bytes(), map[string]any{
		"id": message.ID, "type": "error", "text": message.Text, "context": map[string]any{"retry_after": seconds},
	}))
}

// withMessage returns a flow with one message in place of its others, unless that is nil. The order of its fields is always
// the same, so that it does not tell who has made the answer.
func withMessage(text []byte, message map[string]any) []byte {
	var flow map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&flow) != nil {
		return text
	}
	delete(flow, "transient_payload") // Kratos forgets it.
	if ui, ok := flow["ui"].(map[string]any); ok && message != nil {
		ui["messages"] = []any{message}
		if nodes, ok := ui["nodes"].([]any); ok {
			for _, node := range nodes {
				if node, ok := node.(map[string]any); ok {
					node["messages"] = []any{}
				}
			}
		}
	}
	changed, err := json.Marshal(flow)
	if err != nil {
		return text
	}
	return changed
}

// wantsJSON reports whether Kratos answers a request with JSON, and not with a redirect for a browser without scripts.
func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json") || r.Header.Get("Content-Type") == "application/json"
}

// write writes an answer that has the header of one of Kratos's.
func write(w http.ResponseWriter, status int, header http.Header, body []byte) {
	maps.Copy(w.Header(), header)
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	_, _ = w.Write(body) // It fails only if the browser has disconnected.
}
