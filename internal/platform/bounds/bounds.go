// Package bounds is the table of what makes a request wait, or refuses it, for its caller. The bound on complexity is in graph:
//
//	                      of a request  of a caller  of a server  what is beyond it
//	requests under way    -             [1]          -            is refused
//	points                -             [2]          -            is refused
//	connections
//	  to Postgres         -             6            [3]          waits
//	  to Kratos and Keto  16            -            64 each [4]  waits
//
//	[1] MAX_REQUESTS_IN_FLIGHT
//	[2] RATE_LIMIT, RATE_LIMIT_ANONYMOUS and RATE_LIMIT_BURST; graph has the prices
//	[3] POSTGRES_MAX_CONNECTIONS
//	[4] of them 32 to ask Kratos about sessions that the process does not know
//
// A caller is a member, or everybody in a network who has no session; with RATE_LIMIT=0 each request is a caller of its
// own. Sizes and deadlines bound a request too, but do not depend on other requests.
//
// Whatever waits does so in the order of arrival, first for its caller and then for the server, until its deadline. So
// no caller fills a queue of the server.
package bounds

const (
	// ConnectionsOfCaller is a quarter of the connections to Postgres that a server has by default:
	// three callers whose transactions wait for a lock leave some to the others.
	ConnectionsOfCaller = 6

	// CallsOfRequest is how many calls to Kratos and Keto one request has in flight. It gains
	// nothing from more, and leaves most of a service to the others.
	CallsOfRequest = 16
	// CallsToService is how many calls to one service are in flight from one process. On two
	// cores Kratos and Keto are saturated by fewer.
	CallsToService = 64
	// LookUps is how many of the calls to Kratos are about sessions that the process does not
	// know. The others are for members.
	LookUps = CallsToService / 2
)
