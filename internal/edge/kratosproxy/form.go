package kratosproxy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// form is a form of a flow that a browser sends. It has one reading, which is Kratos's. What Kratos could read in another way
// is refused: it takes some fields from the query too, for example, and others not.
type form struct {
	kind   string    // of the flow: login, registration, verification, recovery or settings
	flow   uuid.UUID // the only field in the query
	body   []byte
	isJSON bool
	fields map[string]string // by their names; those of the traits begin with "traits."
}

var (
	errNotForm   = errors.New("the form's Content-Type cannot be read")
	errMalformed = errors.New("the form cannot be read")
	errQuery     = errors.New("the form's address must have the field flow alone, with the id of a flow")
	errField     = errors.New("the form has a field that has another name, or belongs elsewhere")
	errAmbiguous = errors.New("the form has a field twice")
	errAddress   = errors.New("the form has an unusual spelling of an email address")
)

// kindOf returns which flow's form is sent to a path, or "" if it takes none.
func kindOf(name string) string {
	switch kind := strings.TrimPrefix(name, "self-service/"); kind {
	case "login", "registration", "verification", "recovery", "settings":
		if kind != name {
			return kind
		}
	}
	return ""
}

// readForm reads a form whose body is in memory.
func readForm(kind string, r *http.Request, body []byte) (*form, error) {
	f := &form{kind: kind, body: body, fields: map[string]string{}}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query) > 1 || len(query["flow"]) != len(query) {
		return nil, errQuery
	}
	if query.Has("flow") {
		if f.flow, err = uuid.Parse(query.Get("flow")); err != nil {
			return nil, errQuery
		}
	}
	contentType := r.Header.Get("Content-Type")
	if len(body) == 0 || contentType == "" {
		return f, nil // Kratos refuses it.
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil: // Kratos would accept a list, too.
		return nil, errNotForm
	case mediaType == "application/json":
		f.isJSON = true
		return f, f.addJSON(body)
	case mediaType == "application/x-www-form-urlencoded":
		return f, f.addEncoded(body)
	default:
		return nil, errNotForm
	}
}

func (f *form) addEncoded(body []byte) error {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return errMalformed
	}
	for name, all := range values {
		for _, value := range all { // A button may repeat the value of a hidden field.
			if err := f.add(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// addJSON reads the fields of an object, and those of the object "traits" in it.
func (f *form) addJSON(body []byte) error {
	values, err := readObject(body)
	if err != nil {
		return err
	}
	var traits map[string]json.RawMessage
	if object, ok := values["traits"]; ok {
		if traits, err = readObject(object); err != nil {
			return err
		}
		delete(values, "traits")
	}
	for name, value := range values {
		if traits != nil && strings.HasPrefix(name, "traits.") {
			return errAmbiguous
		}
		if err := f.addValue(name, value); err != nil {
			return err
		}
	}
	for name, value := range traits {
		if err := f.addValue("traits."+name, value); err != nil {
			return err
		}
	}
	return nil
}

// readObject reads a JSON object. Of two fields with the same name Kratos might take the other one.
func readObject(text []byte) (map[string]json.RawMessage, error) {
	decoder, fields := json.NewDecoder(bytes.NewReader(text)), map[string]json.RawMessage{}
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, errMalformed
	}
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return nil, errMalformed
		}
		if _, twice := fields[name]; twice {
			return nil, errAmbiguous
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, errMalformed
		}
		fields[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errMalformed
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errMalformed
	}
	return fields, nil
}

func (f *form) addValue(name string, value json.RawMessage) error {
	text := string(value)
	switch value[0] {
	case 'n': // null: Kratos takes the field for absent.
		text = ""
	case '"':
		if err := json.Unmarshal(value, &text); err != nil {
			return errMalformed
		}
	}
	return f.add(name, text)
}

// add adds a field. All names in Kratos's forms are in lower case. It would ignore another spelling, and anybody who reads
// the form might not.
func (f *form) add(name, value string) error {
	former, twice := f.fields[name]
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "":
		return errField
	case name == "flow", name == "password_identifier", name == "traits": // Kratos would prefer the first to the query.
		return errField
	case twice && former != value:
		return errAmbiguous
	case strings.Contains(value, mark):
		return errMalformed
	case (name == "traits.email" || name == "traits.new_email") && !isPlain(value):
		return errAddress
	}
	f.fields[name] = value
	return nil
}

// setEmail changes the address to which Kratos mails.
func (f *form) setEmail(r *http.Request, address string) {
	switch {
	case f.isJSON:
		var values map[string]json.RawMessage
		if json.Unmarshal(f.body, &values) == nil && values["email"] != nil { // It has been read before.
			values["email"], _ = json.Marshal(address)
			f.body, _ = json.Marshal(values)
		}
	case len(f.body) > 0:
		if values, err := url.ParseQuery(string(f.body)); err == nil && values.Has("email") {
			values.Set("email", address)
			f.body = []byte(values.Encode())
		}
	}
	setBody(r, f.body)
}

func setBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
}
