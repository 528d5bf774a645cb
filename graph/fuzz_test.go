package graph

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	gqlvalidator "github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/catfoster/catfoster/graph/marshal"
)

// FuzzRequest sends any body and header to the endpoint, without a session and without services.
// Whatever comes, the answer is GraphQL's, every error has a code, and none is internal.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"query":"{__typename}"}`, `{"query":"{me{id}}","operationName":"x"}`, `{"query":"{nope}"}`, `{"query":"{"}`,
		`{"query":"query($a:ID!){node(id:$a){id}}","variables":{"a":"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"}}`,
		`{"query":"query($f:CatProfileFilter=null){catProfiles(first:3 filter:$f){edges{node{...F}}}} fragment F on CatProfile{id photosUrls}","variables":{"f":{"search":"\ud800","ageMin":1e999}}}`,
		`{"query":"mutation($i:CreateCatProfileInput!){createCatProfile(input:$i){id}}","variables":{"i":{"name":"x","age":"1","description":"xxx","photosUrls":"x"}}}`,
		`{"query":"{catProfiles(after:[[1e999]]){totalCount}}"}`, `{"query":"query($a:Cursor=1e999){catProfiles(after:$a){totalCount}}"}`,
		`{"query":"{__schema{types{name fields{type{name ofType{name}}}}}}"}`, `{"query":"{...F} fragment F on Query{...F}"}`,
		`{"query":"{a:__typename@skip(if:true) b:__typename@include(if:false)}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`,
		`{"query":"{nodes(ids:[\"x\",7,null]){id}}","variables":null}`, `{"documentId":"sha256:x"}`, `{"query":"subscription{a}"}`,
	} {
		f.Add("POST", "", "application/json", "application/json", []byte(seed))
	}
	f.Add("GET", "query=%7B__typename%7D&variables=%7B%7D", "*/*", "", []byte(nil))
	f.Add("GET", "query=mutation%7BdeleteAccount%7D", "application/graphql-response+json;q=0.5", "", []byte(nil))
	f.Add("BREW", "%zz", "text/html", "multipart/form-data; boundary=x", []byte("--x--"))
	handler := NewHandler(Config{Now: time.Now, Introspection: true, Log: slog.New(slog.DiscardHandler)})
	f.Fuzz(func(t *testing.T, method, query, accept, contentType string, body []byte) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		request.Method, request.URL.RawQuery = method, query
		request.Header.Set("Accept", accept)
		request.Header.Set("Content-Type", contentType)
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		var answer struct {
			Errors []struct{ Extensions struct{ Code string } }
		}
		if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil {
			t.Fatalf("the answer is no JSON: %v: %.300s", err, response.Body)
		}
		if response.Code >= 500 || response.Body.Len() > marshal.MaxData {
			t.Errorf("the status is %d with %d bytes: %.300s", response.Code, response.Body.Len(), response.Body)
		}
		for _, err := range answer.Errors {
			if code := err.Extensions.Code; code == "" || code == codeInternal {
				t.Errorf("an error has the code %q: %.300s", code, response.Body)
			}
		}
	})
}

// FuzzValidation validates documents whose validation is cheap as counted by isCheap. It must
// not take more memory than so many steps need. Time would depend on what else the machine does.
func FuzzValidation(f *testing.F) {
	for _, seed := range []string{
		"{__typename}", "{" + strings.Repeat("__typename ", 130) + "}", "{" + strings.Repeat("me{id} ", 60) + "}",
		"{...F} fragment F on Query{me{id name catProfiles{edges{node{id name}}}}}", "{...F ...F} fragment F on Query{...G ...G} fragment G on Query{__typename}",
		"{" + strings.Repeat("...{", 60) + "a:me{id} a:__typename" + strings.Repeat("}", 60) + "}",
		`query($a:ID!,$b:[ID!]=["x"]){node(id:$a)@skip(if:true){...on User{name}} nodes(ids:$b){id}}`,
		"{" + strings.Repeat("a:nope b:me{x} ", 60) + "}", "{__schema{types{fields{type{name}}}}}",
		"query A{...F} query B{...F} fragment F on Query{a:me{id} a:node(id:1){id}}",
	} {
		f.Add(seed)
	}
	schema := Schema()
	const (
		perStep = 4 << 10  // bytes that a step allocates at most
		base    = 64 << 10 // what each validation allocates
		perByte = 2 << 10  // for errors, which repeat names and are located in the document
	)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxDocument {
			return
		}
		document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
		if err != nil {
			return
		}
		steps, cheap := countSteps(document)
		if !cheap {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = gqlvalidator.ValidateWithRules(schema, document, rules.NewDefaultRules())
		runtime.ReadMemStats(&after)
		if got, most := int(after.TotalAlloc-before.TotalAlloc), base+perStep*steps+perByte*len(text); got > most {
			t.Errorf("a validation of %d steps allocates %d bytes, want at most %d", steps, got, most)
		}
	})
}
