package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
)

// The names of the servers in the table.
const (
	ory         = "Ory"
	api         = "API"
	apiUncached = "API, SESSION_CACHE=0"
	bare        = "bare handler"
)

// The names of the cases in the table.
const (
	whoami = "whoami"
	check  = "check"
	me     = "me"
	list   = "list of 20"
	one    = "one cat with owner"
	viewer = "list of 20 with viewer fields"
	update = "update"
	apply  = "request"
	accept = "approval"
	upload = "photo"
)

// testCase is something that a server is asked.
type testCase struct {
	server, name string
	process      *process // nil if it is not ours
	target       target
}

// String returns the name of the server and of the case.
func (c testCase) String() string { return c.server + ": " + c.name }

// promise is what docs/performance.md promises of a case at all connections.
type promise struct {
	// rate is how much of the rate of another case it has at least.
	rate float64
	of   string
	// allocations and calls are how many each request takes at most.
	allocations float64
	calls       calls
}

// promises returns what is promised, by the names of the cases.
func promises() map[string]promise {
	const (
		ofWhoami, ofCheck = ory + ": " + whoami, ory + ": " + check
		ours, theirs      = api + ": ", bare + ": "
	)
	return map[string]promise{
		ours + me:               {8, ofWhoami, 191, calls{}},
		apiUncached + ": " + me: {0.5, ofWhoami, 610, calls{sql: 1, kratos: 1}},
		ours + list:             {0.5, theirs + list, 1310, calls{sql: 1}},
		ours + viewer:           {0.5, ours + list, 1780, calls{sql: 2}},
		ours + one:              {0.55, theirs + one, 325, calls{sql: 1}},
		ours + update:           {0.8, theirs + update, 570, calls{sql: 1, keto: 1}},
		ours + apply:            {0.03, ofCheck, 1280, calls{sql: 10, keto: 3}},
		ours + accept:           {0.1, ofCheck, 1190, calls{sql: 5, keto: 1}},
	}
}

// operation is an operation of GraphQL. The reference server answers it at a path.
type operation struct {
	name, path, query string
	// proof is a text in every answer that does what was asked.
	proof string
	// variables returns a function that returns the variables of the requests of a
	// connection, one after the other, and the number of the member who asks: nil if there are no more. Without it there are
	// no variables, and each connection has a member.
	variables func(connection int) func() (member int, variables map[string]any)
}

// operations returns what both servers are asked.
func (s *setup) operations() []operation {
	people, all := s.community.members, s.community.cats
	return []operation{
		{name: me, path: "/me", proof: `"me":{"`, query: `{ me { id name email bio location } }`},
		{name: list, path: "/page", proof: `"hasNextPage":true`, query: `{ catProfiles(first: 20) {
			edges { cursor node { id name age description location available } } pageInfo { hasNextPage endCursor }
		} }`},
		{
			name: one, path: "/cat", proof: `"owner":{"id":`,
			query: `query ($id: ID!) { catProfile(id: $id) {
				id name age description location available owner { id name }
			} }`,
			variables: func(connection int) func() (int, map[string]any) {
				next := connection
				return func() (int, map[string]any) {
					next += len(people)
					return connection, map[string]any{"id": all[next%len(all)]}
				}
			},
		},
		{name: viewer, path: "/hints", proof: `"viewerCanFoster":true`, query: `{ catProfiles(first: 20) {
			edges { node { id name viewerCanEdit viewerCanFoster } }
		} }`},
		{
			name: update, path: "/update", proof: `"updateCatProfile":{"`,
			query: `mutation ($id: ID!, $age: Int!) { updateCatProfile(id: $id, input: {age: $age}) { id age } }`,
			variables: func(connection int) func() (int, map[string]any) {
				age := 0
				return func() (int, map[string]any) {
					age = (age + 1) % 20
					return connection, map[string]any{"id": people[connection].cat, "age": age}
				}
			},
		},
	}
}

// cases returns all cases, in the order of the table. The servers have names.
func (s *setup) cases(servers map[string]process) []testCase {
	return append([]testCase{
		s.oryCase(whoami, s.kratos, `"active":true`, func(m member) []byte {
			return encodeGet(s.kratos, "/sessions/whoami", m.token)
		}),
		s.oryCase(check, s.keto, `"allowed":true`, func(m member) []byte {
			return encodeGet(s.keto, checkPath(m.id, m.cat), "")
		}),
	}, s.serverCases(servers)...)
}

// serverCases returns the cases of our servers.
func (s *setup) serverCases(servers map[string]process) []testCase {
	var cases []testCase
	for _, o := range s.operations() {
		cases = append(cases, s.newCase(api, servers[api], o, "/graphql"))
		if o.name == me {
			cases = append(cases, s.newCase(apiUncached, servers[apiUncached], o, "/graphql"))
		}
		cases = append(cases, s.newCase(bare, servers[bare], o, o.path))
	}
	for _, o := range []operation{s.application(), s.approval()} {
		cases = append(cases, s.newCase(api, servers[api], o, "/graphql"))
	}
	return append(cases, s.uploadCase(servers[api]))
}

// oryCase returns a case of a server of Ory's, which gets the same request all the time.
func (s *setup) oryCase(name, address, proof string, encode func(member) []byte) testCase {
	return testCase{server: ory, name: name, target: target{name, address, func(connection int) func() *request {
		return repeat(&request{encode(s.community.members[connection]), proof})
	}}}
}

// application returns the request to foster a cat, which the reference server has not. Each
// cat is requested once. The cats of the first page are not, so that the page stays the same.
func (s *setup) application() operation {
	day := time.Now().UTC().AddDate(1, 0, 0).Format(time.DateOnly)
	return operation{
		name: apply, proof: `"status":"PENDING"`,
		query: `mutation ($id: ID!) { requestFostering(input: {
			catProfileId: $id, startDate: "` + day + `", endDate: "` + day + `"
		}) { id status } }`,
		variables: func(connection int) func() (int, map[string]any) {
			return func() (int, map[string]any) {
				n := pageSize + int(s.requested.Add(1)) - 1
				if n >= len(s.community.cats) {
					return connection, nil
				}
				return connection, map[string]any{"id": s.community.cats[n]}
			}
		},
	}
}

// approval returns the approval of a request, which the reference server has not. Each request is approved once, by the owner
// of the cat: the members take turns, as the connections to Postgres of each of them are limited.
func (s *setup) approval() operation {
	return operation{
		name: accept, proof: `"status":"APPROVED"`,
		query: `mutation ($id: ID!) { approveFostering(id: $id) { id status } }`,
		variables: func(int) func() (int, map[string]any) {
			return func() (int, map[string]any) {
				n := int(s.approved.Add(1)) - 1
				owner := n % len(s.community.members)
				if n >= len(s.community.requests) {
					return owner, nil
				}
				return owner, map[string]any{"id": s.community.requests[n]}
			}
		},
	}
}

// uploadCase returns the upload of a photo as large as the pages send it.
func (s *setup) uploadCase(p process) testCase {
	return testCase{api, upload, &p, target{api, p.address, func(connection int) func() *request {
		token := s.community.members[connection].token
		return repeat(&request{encodePost(p.address, "/photos", token, "image/jpeg", s.photo), `"url":"`})
	}}}
}

func (s *setup) newCase(server string, p process, o operation, path string) testCase {
	return testCase{server, o.name, &p, target{server, p.address, s.requests(o, p.address, path)}}
}

// requests returns the requests of an operation to a server.
func (s *setup) requests(o operation, address, path string) func(connection int) func() *request {
	post := func(member int, variables map[string]any) *request {
		body, err := json.Marshal(map[string]any{"query": o.query, "variables": variables})
		if err != nil {
			panic(err) // Texts, numbers and ids can be encoded.
		}
		return &request{encodePost(address, path, s.community.members[member].token, "application/json", body), o.proof}
	}
	return func(connection int) func() *request {
		if o.variables == nil {
			return repeat(post(connection, nil))
		}
		next := o.variables(connection)
		return func() *request {
			member, variables := next()
			if variables == nil {
				return nil
			}
			return post(member, variables)
		}
	}
}

// repeat returns a function that always returns the same request.
func repeat(r *request) func() *request { return func() *request { return r } }

// checkPath returns the path of Keto's check whether a user may edit a cat.
func checkPath(user, cat uuid.UUID) string {
	return "/relation-tuples/check/openapi?" + url.Values{
		"namespace": {"CatProfile"}, "object": {cat.String()}, "relation": {"edit"},
		"subject_set.namespace": {"User"}, "subject_set.object": {user.String()}, "subject_set.relation": {""},
	}.Encode()
}

// compareAnswers fails unless the API and the reference server give the same answers:
// otherwise their ratio means nothing.
func compareAnswers(ctx context.Context, cases []testCase) error {
	answers := map[string]any{} // of the API
	for _, c := range cases {
		if c.server != api && c.server != bare || slices.Contains([]string{apply, accept, upload}, c.name) {
			continue
		}
		answer, err := c.ask(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c, err)
		}
		if c.server == api {
			answers[c.name] = answer
		} else if !reflect.DeepEqual(answer, answers[c.name]) {
			return fmt.Errorf("%s: the answer is %.500v, but that of the API is %.500v", c, answer, answers[c.name])
		}
	}
	return nil
}

// ask sends the first request of the first connection and returns the data of the answer. What
// the API says about the cost of a request is left out.
func (c testCase) ask(ctx context.Context) (data any, err error) {
	conn, err := dial(ctx, c.target.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.close() }()
	body, err := conn.send(c.target.requests(0)())
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data any `json:"data"`
	}
	err = json.Unmarshal(body, &answer)
	return answer.Data, err
}
