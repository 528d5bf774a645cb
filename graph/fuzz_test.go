package graph

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph/marshal"
	"github.com/catfoster/catfoster/internal/domain/apperr"
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
			if code := err.Extensions.Code; code == "" || code == string(apperr.Internal) {
				t.Errorf("an error has the code %q: %.300s", code, response.Body)
			}
		}
	})
}
