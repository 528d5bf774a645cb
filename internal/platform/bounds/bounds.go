// Package bounds is the table of what makes a request wait, or refuses it, for its caller. There are eight things:
//
//	                      of a request  of a caller  of a server  what is beyond it
//	requests under way    -             [1]          -            is refused
//	streams               -             [5]          [6]          is refused
//	points                -             [2]          -            is refused
//	connections
//	  to Postgres         -             6            [3]          waits
//	  to Kratos and Keto  16            -            64 each [4]  waits
//	complexity            30,000        30,000       60,000       waits; is refused if one request has more
//	uploads, in bytes     10 MB         10 MB        40 MB        waits; is refused if one request has more
//	photos being made     1             1            150 MB [7]   waits; is refused if one takes more
//	photos being sent     1             16           64           waits
//
//	[1] MAX_REQUESTS_IN_FLIGHT
//	[2] RATE_LIMIT, RATE_LIMIT_ANONYMOUS and RATE_LIMIT_BURST; package guard has the prices
//	[3] POSTGRES_MAX_CONNECTIONS
//	[4] of them 32 to ask Kratos about sessions that the process does not know
//	[5] MAX_STREAMS_OF_CALLER; an open stream is not a request under way
//	[6] MAX_STREAMS
//	[7] of memory, by the header of the upload: package photo computes it
//
// A caller is a member, or everybody in a network who has no session; with RATE_LIMIT=0 each request is a caller of its
// own. Sizes and deadlines bound a request too, but do not depend on other requests.
//
// Whatever waits does so in the order of arrival, first for its caller and then for the server, until its deadline. So
// no caller fills a queue of the server.
//
// Forms for Kratos have two limits that do not ask who sends them:
//
//	                                   allowed                  what is beyond it
//	mails to an address, of a kind     one a minute, six an hour  is not sent
//	wrong passwords or codes for an    ten in 15 minutes        waits a minute, then 2, 4, … up to 60 minutes
//	account, of a kind                 30 in known browsers
package bounds

import "time"

const (
	// MailInterval is the time between two mails to an address for forms of the same kind.
	MailInterval = time.Minute
	// MailsPerHour is enough for somebody who does not find the first mail, and too few to fill a mailbox.
	MailsPerHour = 6

	// Guesses is how many wrong passwords or codes an account takes in [GuessWindow]: more than people need who try all of
	// their passwords.
	Guesses = 10
	// KnownGuesses is how many are allowed in all browsers together that know the account.
	KnownGuesses = 30
	// GuessWindow is the time in which [Guesses] are allowed.
	GuessWindow = 15 * time.Minute
	// FirstPause is how long nobody may guess then. After each further wrong guess it is twice as long.
	FirstPause = time.Minute
	// LongestPause leaves 24 guesses a day.
	LongestPause = time.Hour
	// GuessMemory is the time without a wrong guess after which everything begins anew.
	GuessMemory = 24 * time.Hour

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

	// ComplexityOfOperation is in fields of the answer. It bounds the memory of the answer and of the rows for it.
	ComplexityOfOperation = 30_000
	// ComplexityOfCaller is that of a caller's operations together, until their answers are
	// written.
	ComplexityOfCaller = ComplexityOfOperation
	// ComplexityOfServer is that of all operations together while they are executed. Without it, sixteen of
	// the most expensive at a time took 253 MB of memory, with it 172.
	ComplexityOfServer = 2 * ComplexityOfOperation
	// UploadsOfCaller is how many bytes of photos a caller has in memory: one photo of the largest size, or several smaller ones.
	UploadsOfCaller = 10 << 20
	// UploadsOfServer is that of all callers together, beside what decoding takes. They are there until they are stored: whoever
	// sends one slowly keeps it from others.
	UploadsOfServer = 4 * UploadsOfCaller

	// DecodingsOfCaller is how many photos of a caller are decoded and stored at a time, or wait for the memory of the server to be
	// decoded. A photo may take seconds, and the queue for the memory is one for all callers.
	DecodingsOfCaller = 1

	// FilesOfCaller is how many photos are sent to a caller at a time: a browser has as many connections, or hundreds of streams.
	FilesOfCaller = 16
	// FilesOfServer is how many are sent at a time. Each may be in memory for as long as its reader takes: half a
	// megabyte of a photo, two of noise.
	FilesOfServer = 64

	// ComplexityOfSubscription is less than Cheap: its events do not wait.
	ComplexityOfSubscription = 1000
	// Cheap is the complexity below which an operation never waits: twenty cats with everything
	// about them.
	Cheap = 2000
)
