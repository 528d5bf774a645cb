// Package ratelimit bounds what each caller of the API may ask of one server: the cost of the
// requests, in points, and how many of them are under way at the same time; more are refused. A caller's
// connections to Postgres and the complexity of the operations are shared by the caller's requests, which wait for
// each other, so that one caller takes neither all connections nor all memory. Package bounds has the numbers.
//
// # Points
//
// A caller has a bucket of points, which is refilled at a constant rate. A request takes points out
// of it as soon as it is known what the next step of the work costs, and before that step begins: package
// guard has the steps and their prices. Each step raises what the request costs to its own sum ([Call.ChargeUpTo]); it
// does not add to it. So a full bucket pays for every operation whose complexity is allowed, and a request that is
// refused at any step has paid for the steps before. A bucket that has too few points refuses the
// request and keeps them. Points are not given back: what has been asked for has been paid for.
//
// # Callers
//
// Members have a bucket each, by the id of the user, whatever their sessions and addresses are.
// Requests without a valid session share the bucket of their network: an IPv4 address, or the /48
// of an IPv6 address, because that is what one customer gets for nothing.
//
// Whose session a request has is known only to Kratos, and asking Kratos is work too. Package session asks at most
// once in some seconds about a session that this process has seen to be valid. Any other is paid for
// by a second bucket of the network, the one for look-ups ([Limiter.BeginLookUp]): a flood of invalid sessions neither
// makes more calls to Kratos than that bucket pays for, nor uses up the points of those who send
// none. What browsers send to Kratos through this server is paid for by the same bucket:
// most of all the forms, such as a login, for which Kratos hashes a password. At most half of the calls to Kratos that
// may be in flight are such look-ups, so that they do not hold up the members whose sessions are asked about again.
//
// # Memory
//
// The buckets of each kind are bounded in number. When there are too many, the bucket that has not
// been used for longest passes to the new caller as it is: it is not filled first. In quiet times
// that bucket is full, so nobody notices. In a flood from more networks than there are buckets, all
// of them together get no more points than the buckets give. Members, networks and look-ups have
// spaces of their own, so that none of them pushes out another.
//
// # What it does not do
//
//   - It does not know other processes: each replica gives each caller a bucket, so n replicas allow
//     n times the points. Nothing that is shared could be asked for every request at this price.
//   - It cannot tell apart those who share a network and have no session. While one of them floods,
//     the others are refused; so are logins, and a member's first request to a process, if the flood
//     is one of invalid sessions or forms. Members whose session the process knows are not affected.
//   - Without TRUSTED_PROXIES all visitors who come through a proxy have the proxy's address, and share
//     its buckets.
//   - It does not stop a flood from thousands of networks. Each of them is refused in time, but
//     refusing costs something too: that is a matter for the network's edge.
//   - It bounds what is asked for, not what is done: an operation may be cheaper than its complexity.
//
// # When it fails
//
// Nothing here waits for long or fails: a request is admitted or refused. If Kratos does not answer,
// a member whom the process knows pays as that member, and anybody else as a visitor at the address.
package ratelimit
