package e2e

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// hostile is a request that somebody sends to do harm, and what the server must answer.
type hostile struct {
	// about describes the request.
	about string
	// request is what is sent, byte by byte. See rawRequest and its functions.
	request rawRequest
	// status is that of the answer; 0 means that the server closes the connection without one.
	status int
	// code is that of the first error; it is empty if there is none.
	code string
}

// rawRequest is an HTTP request of which nothing is checked or completed.
type rawRequest struct {
	line   string   // method, target and version
	fields []string // of the header, except Host
	body   string
}

// text returns the request as it is sent.
func (r rawRequest) text(host string) string {
	lines := append([]string{r.line, "Host: " + host}, r.fields...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + r.body
}

// with adds a header field.
func (r rawRequest) with(field string) rawRequest {
	r.fields = append(slices.Clone(r.fields), field)
	return r
}

// by adds the session of a member.
func (r rawRequest) by(m harness.Member) rawRequest {
	return r.with("Authorization: Bearer " + m.Token)
}

// withBody is a request with a body that is said to be JSON.
func withBody(body string) rawRequest {
	return rawRequest{line: "POST /graphql HTTP/1.1", body: body}.
		with("Content-Type: application/json").with(fmt.Sprint("Content-Length: ", len(body)))
}

// withDocument is a well-formed request with a document.
func withDocument(document string) rawRequest { return withVariables(document, "{}") }

// withVariables is a request with a document and variables, which are any JSON.
func withVariables(document, variables string) rawRequest {
	quoted, err := json.Marshal(document)
	if err != nil {
		panic(err) // A string can always be encoded.
	}
	return withBody(`{"query":` + string(quoted) + `,"variables":` + variables + `}`)
}

// withMethod is a request without a body.
func withMethod(method, target string) rawRequest {
	return rawRequest{line: method + " " + target + " HTTP/1.1"}
}

// Codes of errors.
const (
	none            = ""
	parseFailed     = "GRAPHQL_PARSE_FAILED"
	invalid         = "GRAPHQL_VALIDATION_FAILED"
	tooComplex      = "COMPLEXITY_LIMIT_EXCEEDED"
	unauthenticated = "UNAUTHENTICATED"
	badInput        = "BAD_USER_INPUT"
)

const (
	uuidText  = "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"
	megabytes = 10 << 20
)

// hostileRequests are the requests of the corpus. Ada is a member; those without her session
// are anonymous.
func hostileRequests(ada harness.Member) []hostile {
	repeat := strings.Repeat
	numbered := func(n int, format string) string {
		return each(n, func(i int) string { return strings.ReplaceAll(format, "#", strconv.Itoa(i)) })
	}
	nested := func(n int, open, inner, end string) string { return repeat(open, n) + inner + repeat(end, n) }
	items := func(n int, item string) string { return strings.TrimSuffix(repeat(item+",", n), ",") }
	cursor := func(order, value string) string {
		return base64.RawURLEncoding.EncodeToString([]byte("an id of 16 byte" + order + "\x00" + value))
	}
	after := func(text string) rawRequest {
		return withVariables(`query($a: Cursor) { catProfiles(after: $a) { totalCount edges { node { id } } } }`, `{"a": "`+text+`"}`).by(ada)
	}
	by := func(order, cursor string) rawRequest {
		return withDocument(`{catProfiles(after:"` + cursor + `",orderBy:{field:` + order + `}){edges{node{id}}}}`).by(ada)
	}
	const byFilter = `query($f: CatProfileFilter) { catProfiles(filter: $f) { totalCount edges { node { id } } } }`
	filter := func(fields string) rawRequest { return withVariables(byFilter, `{"f": {`+fields+`}}`).by(ada) }
	const create = `mutation($i: CreateCatProfileInput!) { createCatProfile(input: $i) { id } }`
	cat := func(fields string) rawRequest { return withVariables(create, `{"i": {`+fields+`}}`).by(ada) }
	photo := func(address string) rawRequest {
		return cat(`"name": "x", "age": 1, "description": "xxx", "photosUrls": ["` + address + `"]`)
	}
	node := func(id string) rawRequest {
		return withVariables(`query($id: ID!) { node(id: $id) { id } }`, `{"id": `+id+`}`).by(ada)
	}
	first := func(n string) rawRequest {
		return withVariables(`query($n: Int) { catProfiles(first: $n) { totalCount } }`, `{"n": `+n+`}`).by(ada)
	}
	// Ten nested pages whose number of cats, 64^10, has no room in 64 bits. What is left of it
	// is 100.
	overflow := ""
	for _, fields := range []int{11, 23, 23, 23, 23, 23, 23, 23, 23, 25} {
		overflow = "catProfiles(first: 64){edges{node{owner{" + numbered(fields, "a#:id ") + overflow + "}}}}"
	}
	return []hostile{
		// Documents: depth, width and repetition.
		{"2,000 nested selections", withDocument(repeat("{a", 2000)), 200, parseFailed},
		{"700 nested selections that end", withDocument(nested(700, "{a", "", "}")), 200, parseFailed},
		{"nested lists as a value", withDocument("{nodes(ids:" + nested(700, "[", "", "]") + "){id}}"), 200, invalid},
		{"nested objects as a value", withDocument("{catProfiles(filter:" + nested(350, "{a:", "1", "}") + "){totalCount}}"), 200, invalid},
		{"nested inline fragments", withDocument("{" + nested(490, "...{", "__typename", "}") + "}"), 200, none},
		{"conflicts in nested inline fragments", withDocument("{" + nested(150, "...{", numbered(280, "a:f# "), "}") + "}"), 200, tooComplex},
		{"pages in pages", withDocument("{" + nested(4, "catProfiles(first:100){edges{node{owner{", "id", "}}}}") + "}").by(ada), 200, tooComplex},
		{"so many pages in pages that their number overflows", withDocument("{" + overflow + "}").by(ada), 200, tooComplex},
		{"5,000 fields", withDocument("{" + repeat("a ", 5000) + "}"), 200, parseFailed},
		{"a document of 55 kB", withDocument("{" + repeat("__typename ", 5000) + "}"), 200, tooComplex},
		{"one field 1,400 times", withDocument("{" + repeat("__typename ", 1400) + "}"), 200, tooComplex},
		{"1,000 aliases of one name", withDocument("{" + numbered(480, "a:f# ") + "}"), 200, tooComplex},
		{"480 aliases of a cheap field", withDocument("{" + numbered(480, "a#:__typename ") + "}"), 200, none},
		{"one object very often", withDocument("{" + repeat("me{id} ", 350) + "}"), 200, tooComplex},
		{"a field whose answer is repeated in thousands of objects", withDocument("{catProfiles(first:100){edges{node{" + numbered(299, "a#:photosUrls ") + "}}}}").by(ada), 200, tooComplex},
		{"a repeated directive", withDocument("{__typename " + repeat("@skip(if:false) ", 200) + "}"), 200, invalid},
		{"an unknown directive very often", withDocument("{__typename " + repeat("@a ", 700) + "}"), 200, invalid},
		{"@defer", withDocument("{...@defer{me{id}}}").by(ada), 200, invalid},
		{"@stream", withDocument("{nodes(ids:[])@stream{id}}").by(ada), 200, invalid},
		{"a fragment that contains itself", withDocument("{...F} fragment F on Query{...F}"), 200, invalid},
		{"fragments that contain each other", withDocument("{...A} fragment A on Query{...B} fragment B on Query{...A}"), 200, invalid},
		{"twenty fragments that all contain each other", withDocument("{...F0}" + each(20, func(i int) string {
			return fmt.Sprintf("fragment F%d on Query{", i) + each(9, func(j int) string { return fmt.Sprintf("...F%d ", (i+j)%20) }) + "}"
		})), 200, tooComplex},
		{"fragments that double", withDocument("{...F0}" + each(60, func(i int) string {
			return fmt.Sprintf("fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
		}) + "fragment F60 on Query{__typename}"), 200, tooComplex},
		{"a chain of 110 fragments with 150 fields", withDocument("{...F0}" + each(110, func(i int) string {
			return fmt.Sprintf("fragment F%d on Query{...F%d}", i, i+1)
		}) + "fragment F110 on Query{" + numbered(150, "x# ") + "}"), 200, tooComplex},
		{"700 unknown fragments", withDocument("{" + numbered(700, "...F# ") + "}"), 200, tooComplex},
		{"240 operations", withDocument(numbered(240, "query q#{__typename} ")), 200, invalid},
		{"a hundred operations with one fragment", withDocument(numbered(100, "query q#{...F} ") + "fragment F on Query{me{" + repeat("id ", 450) + "}}"), 200, tooComplex},
		{"280 variables", withDocument("query(" + numbered(280, "$v#:ID ") + "){__typename}"), 200, invalid},
		{"a subscription", withDocument("subscription{a}"), 200, invalid},
		{"the definition of a type", withDocument("type Query{a:Int} {__typename}"), 200, parseFailed},
		{"a long unknown name", withDocument("{" + repeat("x", 32_000) + "}"), 200, invalid},
		{"a long name of an operation", withBody(`{"query":"query A{__typename}","operationName":"` + repeat("x", 200_000) + `"}`), 200, invalid},
		{"a long comment", withDocument("{__typename} #" + repeat("x", 40_000)), 200, tooComplex},
		{"30,000 commas", withDocument("{__typename" + repeat(",", 30_000) + "}"), 200, none},
		{"a block string of line breaks", withDocument(`{node(id:"""` + repeat("\n ", 15_000) + `"""){id}}`).by(ada), 200, badInput},
		{"a string that does not end", withDocument(`{node(id:"` + repeat("x", 30_000)), 200, parseFailed},
		{"a number with 30,000 digits", withDocument("{catProfiles(first:" + repeat("9", 30_000) + "){totalCount}}").by(ada), 200, invalid},
		{"NUL in the document", withDocument("{\x00}"), 200, parseFailed},
		{"a byte order mark in the document", withDocument("\uFEFF{__typename}"), 200, none},

		// Questions for the schema.
		{"the schema in the schema", withDocument("{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}"), 200, invalid},
		{"450 names of every field", withDocument("{__schema{types{fields{type{fields{" + numbered(450, "a#:name ") + "}}}}}}"), 200, tooComplex},
		{"140 schemas", withDocument("{" + numbered(140, "a#:__schema{types{name kind}}") + "}"), 200, tooComplex},
		{"the schema in a fragment", withDocument("{...F} fragment F on Query{...on Query{__schema{types{" + numbered(440, "a#:name ") + "}}}}"), 200, tooComplex},
		{"a type by a long name", withDocument(`{__type(name:"` + repeat("x", 30_000) + `"){name}}`), 200, none},

		// Values.
		{"8,000 items in a variable", withVariables(`query($s:[FosteringStatus!]){fosterings(filter:{status:$s}){totalCount}}`, `{"s":[`+items(8000, `"PENDING"`)+`]}`), 200, badInput},
		{"70,000 items in a variable", withVariables(`query($i:[ID!]!){nodes(ids:$i){id}}`, `{"i":[`+items(70_000, `""`)+`]}`), 200, badInput},
		{"120,000 items in a variable that is not used", withVariables(`{__typename}`, `{"i":[`+items(120_000, `1`)+`]}`), 200, none},
		{"a long list in 80 aliases", withVariables(`query($s:[FosteringStatus!]){`+numbered(80, "a#:fosterings(filter:{status:$s}){totalCount}")+`}`, `{"s":[`+items(8000, `"PENDING"`)+`]}`), 200, badInput},
		{"a list in place of a value", withVariables(`query($i:ID!){node(id:$i){id}}`, `{"i":[`+items(60_000, `""`)+`]}`), 200, invalid},
		{"lists in lists in a variable", withVariables(`query($i:[[[[ID]]]]){nodes(ids:$i){id}}`, `{"i":[]}`), 200, invalid},
		{"9,000 nested lists in a variable", withVariables(`{__typename}`, `{"a":`+nested(9000, "[", "", "]")+`}`), 200, none},
		{"11,000 nested objects in a variable", withVariables(`{__typename}`, `{"a":`+nested(11_000, `{"a":`, "1", "}")+`}`), 400, parseFailed},
		{"120 aliases of a filter with a text of 200 kB", withVariables(`query($f:CatProfileFilter){`+numbered(120, "a#:catProfiles(filter:$f){totalCount}")+`}`, `{"f":{"search":"`+repeat("x", 200_000)+`"}}`).by(ada), 200, badInput},
		{"a cat with a text of 250 kB", cat(`"name": "x", "age": 1, "description": "` + repeat("x", 250_000) + `"`), 200, badInput},
		{"an age of 1e9", cat(`"name": "x", "age": 1e9, "description": "xxx"`), 200, invalid},
		{"a page of 99999999999999999999 cats", first("99999999999999999999"), 200, invalid},
		{"a page of -1 cats", first("-1"), 200, badInput},
		{"a page of 1.5 cats", first("1.5"), 200, invalid},
		{"a page of 1e999999 cats", first("1e999999"), 200, invalid},
		{"a page of NaN cats", first("NaN"), 400, parseFailed},
		{"a page of Infinity cats", first("Infinity"), 400, parseFailed},
		{"a number of 200,000 digits", first(repeat("9", 200_000)), 200, invalid},
		{"lone surrogates", cat(`"name": "\ud800", "age": 1, "description": "xxx\udfff"`), 200, none},
		{"NUL in a text", cat(`"name": "a\u0000b", "age": 1, "description": "xxx"`), 200, badInput},
		{"control characters in a text", cat(`"name": "\u0007\u001b[2J", "age": 1, "description": "xxx"`), 200, badInput},
		{"NUL in a search", filter(`"search": "a\u0000b"`), 200, badInput},
		{"operators and wildcards in a search", filter(`"search": "a & !b | (c:* <-> 'd') \\ % _ ; -- \" "`), 200, none},
		{"one letter in a search", filter(`"search": "a"`), 200, none},
		{"a hundred words in a search", filter(`"search": "` + repeat("a ", 100) + `"`), 200, badInput},
		{"wildcards in a location", filter(`"location": "%_\\%"`), 200, none},
		{"only spaces in a search", filter(`"search": "   \t\n   "`), 200, none},
		{"years without end", filter(`"freeFrom": "0001-01-01", "freeUntil": "9999-12-31"`), 200, none},
		{"the year 0", filter(`"freeFrom": "0000-01-01", "freeUntil": "0000-01-01"`), 200, badInput},
		{"the year 10000", filter(`"freeFrom": "10000-01-01", "freeUntil": "10000-01-01"`), 200, badInput},
		{"the 30th of February", filter(`"freeFrom": "2026-02-30", "freeUntil": "2026-02-30"`), 200, badInput},
		{"__proto__", withVariables(`{__typename}`, `{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}`), 200, none},
		{"__proto__ as an input field", filter(`"__proto__": {"ownerId": "x"}`), 200, invalid},
		{"SQL as an id", node(`"' OR 1=1; --"`), 200, badInput},
		{"a UUID in braces", node(`"{` + uuidText + `}"`), 200, badInput},
		{"a URN of a UUID", node(`"urn:uuid:` + uuidText + `"`), 200, badInput},
		{"a UUID without dashes", node(`"` + strings.ReplaceAll(uuidText, "-", "") + `"`), 200, badInput},
		{"a number as an id", node(`7`), 200, badInput},
		{"an object as an id", node(`{"toString": "x"}`), 200, invalid},
		{"a javascript: URL", photo("javascript:alert(1)"), 200, badInput},
		{"a data: URL", photo("data:text/html,<script>"), 200, badInput},
		{"a file: URL", photo("file:///etc/passwd"), 200, badInput},
		{"a URL with a password", photo("https://a:b@example.org/"), 200, badInput},
		{"a URL of 200 kB", photo("https://example.org/" + repeat("x", 200_000)), 200, badInput},
		{"a URL with a line break", photo(`https://example.org/\r\nX: y`), 200, badInput},

		// Cursors.
		{"a cursor that is no base64", after("!!!"), 200, badInput},
		{"a truncated cursor", after(cursor("CREATED_AT", "2026-01-01T00:00:00Z")[:30]), 200, badInput},
		{"a cursor shorter than an id", after("YQ"), 200, badInput},
		{"a cursor of another list", after(cursor("NAME", "x")), 200, badInput},
		{"a cursor without a value", after(cursor("CREATED_AT", "")), 200, badInput},
		{"a cursor with SQL", after(cursor("CREATED_AT", "2026-01-01'; DROP TABLE users; --")), 200, badInput},
		{"a cursor in the year 0", after(cursor("CREATED_AT", "0000-01-01T00:00:00Z")), 200, none},
		{"a cursor in the year 9999", after(cursor("CREATED_AT", "9999-12-31T23:59:59.999999999Z")), 200, none},
		{"a cursor of 200 kB", after(repeat("A", 200_000)), 200, badInput},
		{"a cursor of an age with 64 bits", by("AGE", cursor("AGE", "9223372036854775807")), 200, badInput},
		{"a cursor of an age with more bits", by("AGE", cursor("AGE", "9223372036854775808")), 200, badInput},
		{"a cursor of a name with NUL", by("NAME", cursor("NAME", "a\x00b")), 200, badInput},
		{"a cursor of a name that is no UTF-8", by("NAME", cursor("NAME", "\xff")), 200, badInput},

		// Floods in one request.
		{"450 counts of one list", withDocument("{catProfiles(first:0){" + numbered(450, "a#:totalCount ") + "}}").by(ada), 200, none},
		{"200 lists that are counted", withDocument("{" + numbered(130, "a#:catProfiles{totalCount}") + "}").by(ada), 200, none},
		{"a hundred ids under 100 names", withVariables(`query($i:[ID!]!){`+numbered(100, "a#:nodes(ids:$i){id}")+`}`, `{"i":[`+items(100, `"`+uuidText+`"`)+`]}`).by(ada), 200, none},
		{"a hundred objects with hints under 10 names", withVariables(`query($i:[ID!]!){`+numbered(10, "a#:nodes(ids:$i){...on CatProfile{viewerCanEdit viewerCanFoster}}")+`}`, `{"i":[`+items(100, `"`+uuidText+`"`)+`]}`).by(ada), 200, none},
		{"a hundred wrong pages of each cat", withDocument("{catProfiles(first:100){edges{node{" + numbered(110, "a#:fosterings(after:\"x\"){totalCount}") + "}}}}").by(ada), 200, badInput},
		{"200 new cats", withVariables(`mutation($i:CreateCatProfileInput!){`+numbered(200, "a#:createCatProfile(input:$i){id}")+`}`, `{"i":{"name":"x","age":1,"description":"xxx"}}`).by(ada), 200, parseFailed},
		{"a mutation and its repetition", withDocument("mutation{deleteAccount a:deleteAccount}"), 200, unauthenticated},

		// JSON.
		{"no body", withBody(""), 400, parseFailed},
		{"a body that ends early", withBody(`{"query":"{__typename`), 400, parseFailed},
		{"two values", withBody(`{"query":"{__typename}"}{"query":"{__typename}"}`), 400, parseFailed},
		{"a key twice", withBody(`{"query":"{nope}","query":"{__typename}"}`), 200, none},
		{"a key in another case", withBody(`{"QUERY":"{__typename}"}`), 200, none},
		{"many batched requests", withBody("[" + items(1000, `{"query":"{__typename}"}`) + "]"), 400, parseFailed},
		{"a string as variables", withBody(`{"query":"{__typename}","variables":"{}"}`), 400, parseFailed},
		{"a list as extensions", withBody(`{"query":"{__typename}","extensions":[]}`), 400, parseFailed},
		{"120,000 empty lists", withBody(`{"query":"{__typename}","extensions":{"a":[` + items(80_000, "[]") + `]}}`), 200, none},
		{"30,000 keys", withBody(`{"query":"{__typename}","variables":{` + strings.TrimSuffix(numbered(25_000, `"#":1,`), ",") + `}}`), 200, none},
		{"a byte order mark before JSON", withBody("\uFEFF" + `{"query":"{__typename}"}`), 400, parseFailed},
		{"UTF-16", withBody("{\x00\"\x00q\x00u\x00e\x00r\x00y\x00\"\x00:\x00\"\x00\"\x00}\x00"), 400, parseFailed},
		{"bytes that are not UTF-8", withBody("{\"query\":\"{__typename} #\xff\xfe\xc0\xaf\"}"), 200, none},
		{"a body of 10 MB", withBody(`{"query":"{__typename}","variables":{"a":"` + repeat("x", megabytes) + `"}}`), 413, parseFailed},
		{"a body of 10 MB of spaces", withBody(repeat(" ", megabytes) + `{"query":"{__typename}"}`), 413, parseFailed},

		// HTTP.
		{"multipart", rawRequest{line: "POST /graphql HTTP/1.1", body: "--x\r\n\r\n--x--"}.with("Content-Type: multipart/form-data; boundary=x").with("Content-Length: 12"), 415, parseFailed},
		{"a form", rawRequest{line: "POST /graphql HTTP/1.1", body: "query=x"}.with("Content-Type: application/x-www-form-urlencoded").with("Content-Length: 7"), 415, parseFailed},
		{"no content type", rawRequest{line: "POST /graphql HTTP/1.1", body: "{}"}.with("Content-Length: 2"), 415, parseFailed},
		{"another charset", rawRequest{line: "POST /graphql HTTP/1.1", body: "{}"}.with("Content-Type: application/json; charset=utf-16").with("Content-Length: 2"), 415, parseFailed},
		{"a compressed body", withBody("\x1f\x8b\x08\x00\x00\x00\x00\x00").with("Content-Encoding: gzip"), 415, parseFailed},
		{"a body that claims to be compressed", withBody(`{"query":"{__typename}"}`).with("Content-Encoding: br"), 415, parseFailed},
		{"a body longer than its Content-Length", withBody(`{"query":"{__typename}"}`).withLength(10), 400, parseFailed},
		{"a negative Content-Length", withBody(`{}`).withLength(-1), 400, none},
		{"two lengths", withBody(`{}`).with("Content-Length: 3"), 400, none},
		{"a length and chunks", withBody("0\r\n\r\n").with("Transfer-Encoding: chunked"), 400, parseFailed},
		{"chunks of garbage", rawRequest{line: "POST /graphql HTTP/1.1", body: "zz\r\n{}\r\n"}.with("Content-Type: application/json").with("Transfer-Encoding: chunked"), 400, parseFailed},
		{"a chunk with a length of 20 digits", rawRequest{line: "POST /graphql HTTP/1.1", body: "ffffffffffffffffffff\r\n{}\r\n"}.with("Content-Type: application/json").with("Transfer-Encoding: chunked"), 400, parseFailed},
		{"an unknown transfer coding", withBody("{}").with("Transfer-Encoding: gzip"), 501, none},
		{"60,000 bytes of cookies", withDocument("{__typename}").with("Cookie: " + numbered(5000, "a#=b; ")), 431, none},
		{"a megabyte in the header", withDocument("{__typename}").with("X-A: " + repeat("x", 1<<20)), 431, none},
		{"10,000 header fields", rawRequest{line: "GET /graphql HTTP/1.1", fields: strings.Split(strings.TrimSpace(numbered(10_000, "X-#: a\n")), "\n")}, 431, none},
		{"3,000 media types", withDocument("{__typename}").with("Accept: " + items(3000, "a/b;q=0.1")), 406, parseFailed},
		{"3,000 parameters of a type", rawRequest{line: "POST /graphql HTTP/1.1", body: "{}"}.with("Content-Type: application/json; " + numbered(3000, "a#=b;")).with("Content-Length: 2"), 400, parseFailed},
		{"a token of 30 kB", withDocument("{me{id}}").with("Authorization: Bearer " + repeat("x", 30_000)), 200, unauthenticated},
		{"a token of no session", withDocument("{me{id}}").with("X-Session-Token: nope"), 200, unauthenticated},
		{"a GET with a document of 10 MB", withMethod("GET", "/graphql?query="+repeat("x", megabytes)), 431, none},
		{"a GET with 3,000 parameters", withMethod("GET", "/graphql?"+numbered(3000, "a#=b&")+"query=%7B__typename%7D"), 200, none},
		{"a GET with a bad encoding", withMethod("GET", "/graphql?query=%zz"), 400, parseFailed},
		{"a GET with a mutation", withMethod("GET", "/graphql?query=mutation%7BdeleteAccount%7D").by(ada), 405, parseFailed},
		{"a GET with a mutation among queries", withMethod("GET", "/graphql?operationName=b&query=query%20a%7B__typename%7Dmutation%20b%7BdeleteAccount%7D").by(ada), 405, parseFailed},
		{"TRACE", withMethod("TRACE", "/graphql"), 405, parseFailed},
		{"CONNECT", withMethod("CONNECT", "/graphql"), 405, parseFailed},
		{"an unknown method", withMethod("BREW", "/graphql"), 405, parseFailed},
		{"a path that leaves the root", withMethod("GET", "/../../etc/passwd"), 307, none},
		{"an absolute address of another server", withMethod("GET", "http://169.254.169.254/latest/meta-data/"), 421, "FORBIDDEN"},
		{"no HTTP", rawRequest{line: "\x16\x03\x01\x02\x00\x01"}, 400, none},
		{"HTTP/2 without TLS", rawRequest{line: "PRI * HTTP/2.0"}, 400, none},
		{"a page of another site", withDocument("{__typename}").with("Origin: https://evil.example").with("Sec-Fetch-Site: cross-site"), 403, "FORBIDDEN"},
	}
}

// withLength says that the body has another length.
func (r rawRequest) withLength(n int) rawRequest {
	r.fields = slices.DeleteFunc(slices.Clone(r.fields), func(f string) bool { return strings.HasPrefix(f, "Content-Length:") })
	return r.with(fmt.Sprint("Content-Length: ", n))
}

// answer is what the server sends back.
type answer struct {
	status int    // 0 if the connection was closed
	code   string // of the first error
	size   int    // of the body
	body   string // its beginning
}

// sendRaw sends a request on a connection of its own.
func sendRaw(t *testing.T, server *harness.Server, request rawRequest) answer {
	t.Helper()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", address.Host)
	if err != nil {
		t.Fatalf("the server takes no connections any more: %v", err)
	}
	defer func() { _ = connection.Close() }()
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	sent := make(chan struct{})
	go func() { // The server may answer, and stop reading, before it has read everything.
		defer close(sent)
		_, _ = io.Copy(connection, strings.NewReader(request.text(address.Host)))
	}()
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return answer{}
	}
	body, _ := io.ReadAll(response.Body)
	response.Body.Close()
	_ = connection.Close() // It ends the goroutine above.
	<-sent
	a := answer{status: response.StatusCode, size: len(body), body: string(body[:min(len(body), 300)])}
	var parsed struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &parsed) == nil && len(parsed.Errors) > 0 {
		a.code = parsed.Errors[0].Extensions.Code
	}
	return a
}

// TestHostile_Corpus sends the hostile requests to a server in a process of its own.
//
// A request that is refused takes little CPU time: see mostCPU.
func TestHostile_Corpus(t *testing.T) {
	t.Parallel()
	const (
		mostBytes = 5 << 20 // data, and errors beside it
		tries     = 6       // while one takes too much, which other programs may cause
		each      = 5       // requests of a try: the clock of the process has a resolution of 10 ms
	)
	ada := env.NewMember(t, "Ada")
	server := env.StartReplica(t, env.Program(t), withoutRateLimit(env.Config))
	corpus := hostileRequests(ada)
	if len(corpus) < 80 {
		t.Errorf("the corpus has %d requests", len(corpus))
	}
	heap := heapInUse(t, server.Server)
	for _, h := range corpus {
		var last answer
		best, most := 1.0, mostCPU(t)
		for try := 0; try < tries && best > most; try++ {
			before := server.Metric(t, "process_cpu_seconds_total")
			for range each {
				last = sendRaw(t, server.Server, h.request)
			}
			best = min(best, (server.Metric(t, "process_cpu_seconds_total")-before)/each)
		}
		t.Logf("%-60s %3d %-26s %8d bytes %5.0f ms", h.about, last.status, last.code, last.size, best*1000)
		if last.status != h.status || last.code != h.code {
			t.Errorf("%s: the status is %d with the code %q, want %d with %q: %s", h.about, last.status, last.code, h.status, h.code, last.body)
		}
		if last.size > mostBytes {
			t.Errorf("%s: the answer has %d bytes", h.about, last.size)
		}
		if h.code != none && best > most {
			t.Errorf("%s is refused in %.0f ms of CPU time, want at most %.0f", h.about, best*1000, most*1000)
		}
	}
	server.Query(t, ada.Token, "{me{id}}", nil).RequireOK(t)
	const documents = 40 << 20 // bytes that parsed documents may take, and a little
	if left := heapInUse(t, server.Server) - heap; left > documents {
		t.Errorf("the requests leave %.0f MB in memory, want at most %d", left/(1<<20), documents>>20)
	} else {
		t.Logf("the requests leave %.1f MB in memory", left/(1<<20))
	}
}

// heapInUse returns how many bytes of memory a server has in use after a collection of garbage.
func heapInUse(t *testing.T, server *harness.Server) float64 {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.InternalURL+"/debug/pprof/heap?gc=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := harness.Send(t, request); status != http.StatusOK {
		t.Fatalf("collect the garbage: %d %.100s", status, body)
	}
	return server.Metric(t, "go_memstats_heap_alloc_bytes")
}

// mostCPU returns how much CPU time, in seconds, a server takes for a request that is refused. A
// refusal takes 14 ms at most on a machine that does nothing else, and make hostile demands at
// most 50 ms (CATFOSTER_MOST_CPU). Processors that others use are slower, even by CPU time, so
// that other runs of the tests only notice what is wrong by an order of magnitude.
func mostCPU(t *testing.T) float64 {
	t.Helper()
	text := os.Getenv("CATFOSTER_MOST_CPU")
	if text == "" {
		text = "200ms"
	}
	most, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("CATFOSTER_MOST_CPU: %v", err)
	}
	return most.Seconds()
}

// TestHostile_SlowRequests opens connections that send their requests byte by byte, or not to
// the end. The server answers others meanwhile, and closes the connections after its timeouts.
func TestHostile_SlowRequests(t *testing.T) {
	t.Parallel()
	const (
		connections = 50 // of each kind
		pause       = 500 * time.Millisecond
		longest     = 90 * time.Second
	)
	ada := env.NewMember(t, "Ada")
	address, err := url.Parse(env.URL)
	if err != nil {
		t.Fatal(err)
	}
	request := withDocument("{me{id}}").by(ada)
	var closed sync.WaitGroup
	for about, start := range map[string]string{
		"a connection that sends nothing":      "",
		"a header that is sent slowly":         "POST /graphql HTTP/1.1\r\nHost: a\r\nX-A: ",
		"a body that is sent slowly":           request.withLength(200_000).text(address.Host),
		"a chunk that is sent slowly":          "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
		"a body that is sent slowly to a page": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
	} {
		for range connections {
			closed.Go(func() {
				var dialer net.Dialer
				connection, err := dialer.DialContext(t.Context(), "tcp", address.Host)
				if err != nil {
					t.Errorf("%s: %v", about, err)
					return
				}
				defer func() { _ = connection.Close() }()
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					_ = connection.SetReadDeadline(time.Now().Add(longest))
					if _, err := io.Copy(io.Discard, connection); errors.Is(err, os.ErrDeadlineExceeded) {
						t.Errorf("%s is not closed after %s", about, longest)
					}
				}()
				if _, err := io.WriteString(connection, start); err != nil {
					t.Errorf("%s: %v", about, err)
				}
				tick := time.NewTicker(pause)
				defer tick.Stop()
				for {
					select {
					case <-ended:
						return
					case <-tick.C:
						if start != "" {
							_, _ = io.WriteString(connection, "x")
						}
					}
				}
			})
		}
	}
	for range 20 {
		env.Query(t, ada.Token, "{me{id}}", nil).RequireOK(t)
	}
	closed.Wait()
}
