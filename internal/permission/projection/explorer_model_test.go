package projection_test

import (
	"cmp"
	"fmt"
)

// This file models the protocol that the documentation of package projection describes,
// for one object: its row, its tuples in Keto, its outbox entry, the processes that sync
// it, and the writes that are still on their way to Keto. The tests in explorer_test.go
// visit every state that the model can reach.
//
// Time is abstract: a time in the future may pass at any moment, unless the protocol
// relies on an order (see protocol.time).

// state is all that Postgres, Keto, the network and the processes remember. It is
// comparable, so that the explorer recognizes a state that it has visited.
type state struct {
	row       row
	keto      copies
	entry     entry
	processes [processCount]process
	// late are calls whose senders have given up. Unused elements are zero.
	late [maxLate]lateCall
	// faults counts the faults up to now.
	faults uint8
	// restored says that Keto was restored from a backup and no reconciliation has
	// compared it with the row since.
	restored bool
}

// maxLate is how many calls can be late at the same time.
const maxLate = 2

// row is the object's row: the number of the tuple that it is projected to, or 0 if it
// has no tuple or there is no row.
type row uint8

// rowValues is the number of values of a row: the model has two tuples.
const rowValues = 3

// project stands for project: it returns the tuples of a row.
func (r row) project() (want copies) {
	if r > 0 {
		want[r-1] = 1
	}
	return want
}

// copies is how many copies of each tuple Keto holds. 2 means two or more.
type copies [rowValues - 1]uint8

// call is a call to Keto that deletes or inserts tuples. Bit i stands for tuple i.
type call struct{ deletes, inserts uint8 }

// applied returns the tuples after a call.
func (c copies) applied(to call) copies {
	for i := range c {
		if to.deletes>>i&1 == 1 {
			c[i] = 0 // A delete removes every copy.
		}
		if to.inserts>>i&1 == 1 {
			c[i] = min(c[i]+1, 2) // Keto does not look for copies.
		}
	}
	return c
}

// difference stands for diff, and for the order of the calls in apply.
func difference(want, have copies) (calls [2]call) {
	for i := range want {
		bit := uint8(1) << i
		if have[i] > want[i] { // extra or duplicate
			calls[0].deletes |= bit
		}
		if want[i] > 0 && have[i] != 1 { // missing or duplicate
			calls[1].inserts |= bit
		}
	}
	return calls
}

// lateCall is a call that may still reach Keto.
type lateCall struct {
	call
	// bounded says that recheck_at was set after the call was sent: the call arrives
	// before that time.
	bounded bool
}

// entry is the object's outbox entry.
type entry struct {
	exists, claimed bool
	// due says that due_at has passed.
	due bool
	// attempts is the number of attempts since the last success. 2 means two or more.
	attempts uint8
	recheck  recheck
}

// recheck is the entry's recheck_at.
type recheck uint8

const (
	recheckNull recheck = iota
	recheckFuture
	recheckPast
)

// process is a writer, a worker or a reconciliation.
type process struct {
	step step
	// holds says that the claim in the entry is that of this process. outdated says that
	// the entry's version has grown since.
	holds, outdated bool
	// have is what the process has read from Keto. calls are those it has to make.
	have  copies
	calls [2]call
}

// step is what a process does next.
type step uint8

const (
	idle      step = iota // A worker or a reconciliation may begin. A writer has returned.
	toCommit              // A writer changes the row.
	waiting               // A writer waits until another process has synced the object.
	toRead                // A reconciliation reads Keto,
	toCompare             // compares what it has read with the row,
	toClaim               // and claims the object, which differs.

	// The steps of an attempt.
	toList
	toProject
	toWrite
	toComplete
	toFail
)

// attempting reports whether p is in the middle of an attempt.
func (p process) attempting() bool { return p.step >= toList }

// key orders processes.
func (p process) key() uint64 {
	var key uint64
	for _, part := range []uint8{
		bit(p.holds), bit(p.outdated), p.have[0], p.have[1],
		p.calls[0].deletes, p.calls[0].inserts, p.calls[1].deletes, p.calls[1].inserts,
	} {
		key = key<<2 | uint64(part)
	}
	return key<<8 | uint64(p.step)
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// processCount is the number of processes, and roles says what they are: those with the
// same role are next to each other.
const processCount = 5

var roles = [processCount]role{writer, writer, worker, worker, reconciler}

type role string

const (
	writer     role = "writer"
	worker     role = "worker"
	reconciler role = "reconciliation"
)

// protocol is the model with its bounds. The flags after them each leave out or change one
// part of the protocol, to see that it is needed.
type protocol struct {
	// maxFaults is how many faults a run may have: an attempt gives up, a process
	// crashes, or a claim expires while its owner is working.
	maxFaults uint8
	// slowOwners allows the third kind of fault.
	slowOwners bool
	// restored lets runs begin with a Keto that was restored from a backup.
	restored bool

	// noReconciliation leaves the reconciliation out.
	noReconciliation bool

	noVersion           bool // a change of the row leaves the version as it is
	noClaim             bool // processes ignore each other's claims
	noRecheck           bool // the first success deletes the entry
	recheckEndsAttempt  bool // recheck_at must have passed when the attempt ends, not when it begins
	noRequeueByComplete bool // complete does nothing if the claim is lost
	noRequeueByFail     bool // fail does nothing if the claim is lost
	noRecheckByFail     bool // fail enqueues without recheck_at if the claim is lost
	noSecondLook        bool // a reconciliation trusts what it has read

	// twoReconciliations leaves out the advisory lock. There is one worker.
	twoReconciliations bool
}

// role returns the role of a process.
func (m protocol) role(i int) role {
	if m.twoReconciliations && i == processCount-2 {
		return reconciler
	}
	return roles[i]
}

// initial returns the states in which runs begin. The two tuples are interchangeable, so
// that a row with one of them stands for the other as well.
func (m protocol) initial() (states []state) {
	for value := range row(rowValues - 1) {
		s := state{row: value, keto: value.project()}
		for i := range s.processes {
			if m.role(i) == writer {
				s.processes[i].step = toCommit
			}
		}
		states = append(states, s)
		for n := uint8(0); m.restored && n < 9; n++ {
			s.keto, s.restored = copies{n % 3, n / 3}, true
			states = append(states, s)
		}
	}
	return states
}

// transition is one step of a run.
type transition struct {
	name string
	next state
}

// transitions appends what may happen next in s to found.
func (m protocol) transitions(s state, found []transition) []transition {
	add := func(name string, next state) {
		found = append(found, transition{name, m.canonical(next)})
	}
	for i, p := range s.processes {
		switch m.role(i) {
		case writer:
			m.write(s, i, add)
		case worker:
			if p.step == idle && s.entry.exists && (s.entry.due || m.noClaim) {
				add("worker: claim what is due (outbox.claimDue)", m.claim(s, i))
			}
		case reconciler:
			if !m.noReconciliation {
				m.reconcile(s, i, add)
			}
		}
		if p.attempting() {
			m.attempt(s, i, add)
			m.fault(s, i, add)
		}
	}
	m.time(s, add)
	for i, late := range s.late {
		if late.call != (call{}) {
			next := s
			next.keto, next.late[i] = s.keto.applied(late.call), lateCall{}
			add("network: a late write reaches Keto", next)
		}
	}
	return found
}

// write stands for Tx.Commit, up to the attempt.
func (m protocol) write(s state, i int, add func(string, state)) {
	switch p := s.processes[i]; p.step {
	case toCommit:
		for value := range row(rowValues) {
			add(fmt.Sprintf("writer: change the row to %d (Tx.Commit)", value), m.commit(s, i, value))
		}
	case waiting:
		if !s.entry.claimed || s.entry.due || m.noClaim {
			add("writer: claim the entry (outbox.claimOne)", m.claim(s, i))
		}
		s.processes[i] = process{}
		add("writer: stop waiting (Syncer.waitSynced)", s)
	case toList:
		if p.holds && s.entry.attempts == 1 {
			s.entry.claimed, s.entry.due, s.entry.attempts = false, true, 0
			s.processes[i] = process{}
			add("writer: out of time before the attempt (outbox.release)", s)
		}
	default:
	}
}

// commit stands for the transaction of Tx.Commit: it changes the row and enqueues the object.
func (m protocol) commit(s state, i int, value row) state {
	s.row = value
	s.processes[i].step = waiting
	switch {
	case !s.entry.exists:
		s.insertClaimed(i)
	case !m.noVersion:
		s.growVersion()
	}
	return s
}

// reconcile stands for Syncer.Reconcile, up to the attempt.
func (m protocol) reconcile(s state, i int, add func(string, state)) {
	p := &s.processes[i]
	switch p.step {
	case idle:
		p.step = toRead
		add("reconciliation: begin (Syncer.Reconcile)", s)
	case toRead:
		p.step, p.have = toCompare, s.keto
		add("reconciliation: read Keto (reconciliation.read)", s)
	case toCompare:
		if p.have == s.row.project() {
			*p, s.restored = process{}, false
		} else {
			p.step = toClaim
		}
		add("reconciliation: compare (reconciliation.comparePage)", s)
	case toClaim:
		have := p.have
		switch {
		case !s.entry.exists:
			s.insertClaimed(i)
		case !s.entry.claimed || s.entry.due || m.noClaim:
			s = m.claim(s, i)
		default:
			// It leaves the object to the process that has claimed it, or tries again.
			*p = process{}
			s.restored = false
			add("reconciliation: stop waiting (reconciliation.sync)", s)
			return
		}
		s.restored = false // There is an entry now.
		p = &s.processes[i]
		p.have = copies{}
		if m.noSecondLook {
			p.step, p.have = toProject, have
		}
		add("reconciliation: claim the object (outbox.claimObjects)", s)
	default:
	}
}

// attempt stands for Syncer.sync.
func (m protocol) attempt(s state, i int, add func(string, state)) {
	p := &s.processes[i]
	who := string(m.role(i))
	switch p.step {
	case toList:
		p.step, p.have = toProject, s.keto
		add(who+": list the tuples (keto.Client.List)", s)
	case toProject:
		p.calls = difference(s.row.project(), p.have)
		p.step, p.have = toWrite, copies{}
		p.skipEmptyCalls()
		add(who+": project the row (project, diff)", s)
	case toWrite:
		s.keto = s.keto.applied(p.calls[0])
		p.calls = [2]call{p.calls[1]}
		p.skipEmptyCalls()
		add(who+": write to Keto (apply)", s)
	case toComplete:
		add(who+": complete (outbox.complete)", m.complete(s, i))
	case toFail:
		add(who+": fail (outbox.fail)", m.fail(s, i))
	default:
	}
}

// skipEmptyCalls moves on to the next call that writes something.
func (p *process) skipEmptyCalls() {
	if p.calls[0] == (call{}) {
		p.calls = [2]call{p.calls[1]}
	}
	if p.calls[0] == (call{}) {
		p.step = toComplete
	}
}

// fault adds what may go wrong in an attempt.
func (m protocol) fault(s state, i int, add func(string, state)) {
	if s.faults == m.maxFaults {
		return
	}
	s.faults++
	p := s.processes[i]
	who := string(m.role(i))
	// The process dies, or Postgres cannot be reached and the result is not recorded.
	//
	// The protocol does not survive a process that writes after it has lost its claim and
	// then dies: no entry is left that its write might need. That takes two rare faults
	// at once, and a reconciliation repairs it. If the process has not written since it
	// lost the claim, it might as well have died before.
	if p.holds || p.step < toWrite {
		next := s
		next.processes[i] = process{}
		add(who+": crash", next)
	}
	if p.step > toWrite {
		return
	}
	next := s
	next.processes[i] = process{step: toFail, holds: p.holds, outdated: p.outdated}
	add(who+": give up", next)
	if p.step == toWrite && next.late[0] == (lateCall{}) {
		next.late[0] = lateCall{call: p.calls[0]}
		add(who+": give up while a write is on its way", next)
	}
}

// time adds the times that may pass.
func (m protocol) time(s state, add func(string, state)) {
	e := s.entry
	if !e.exists {
		return
	}
	if !e.due {
		next := s
		next.entry.due = true
		switch {
		case !e.claimed:
			add("time: due_at passes", next)
		case !s.claimHeld():
			add("time: the claim of a process that has died expires", next)
		case m.slowOwners && s.faults < m.maxFaults:
			next.faults++
			add("time: the claim expires while its owner is working", next)
		}
	}
	// recheckDelay is longer than a late write needs.
	if e.recheck == recheckFuture && !s.late[0].bounded && !s.late[1].bounded {
		s.entry.recheck = recheckPast
		add("time: recheck_at passes", s)
	}
}

// The rest are the statements on the outbox.

// insertClaimed stands for insertEntries with a claim.
func (s *state) insertClaimed(i int) {
	s.entry = entry{exists: true, claimed: true, attempts: 1}
	s.processes[i].step, s.processes[i].holds = toList, true
}

// growVersion stands for bumpVersion.
func (s *state) growVersion() {
	for i := range s.processes {
		s.processes[i].outdated = s.processes[i].holds
	}
}

// claimHeld reports whether the owner of the entry's claim is alive.
func (s *state) claimHeld() bool {
	for _, p := range s.processes {
		if p.holds {
			return true
		}
	}
	return false
}

// claim stands for outbox.claim.
func (m protocol) claim(s state, i int) state {
	for j := range s.processes {
		if !m.noClaim {
			s.processes[j].holds, s.processes[j].outdated = false, false
		}
	}
	s.entry.claimed, s.entry.due = true, false
	s.entry.attempts = min(s.entry.attempts+1, 2)
	// An attempt is the second look only if it begins after recheck_at.
	if s.entry.recheck == recheckPast && !m.recheckEndsAttempt {
		s.entry.recheck = recheckNull
	}
	s.processes[i] = process{step: toList, holds: true}
	return s
}

// complete stands for outbox.complete.
func (m protocol) complete(s state, i int) state {
	p := s.processes[i]
	s.processes[i] = process{}
	e := &s.entry
	switch {
	case !p.holds && m.noRequeueByComplete:
	case !p.holds:
		s.requeue(true)
	case !p.outdated && (m.noRecheck || e.attempts == 1 && e.recheck == recheckNull),
		!p.outdated && m.recheckEndsAttempt && e.attempts == 1 && e.recheck == recheckPast:
		s.deleteEntry()
	default:
		if e.attempts > 1 {
			s.setRecheck()
		}
		e.claimed, e.attempts = false, 0
		e.due = p.outdated || e.recheck == recheckPast
	}
	return s
}

// fail stands for outbox.fail.
func (m protocol) fail(s state, i int) state {
	p := s.processes[i]
	s.processes[i] = process{}
	switch {
	case p.holds:
		s.entry.claimed, s.entry.due = false, false
	case !m.noRequeueByFail:
		s.requeue(!m.noRecheckByFail)
	}
	return s
}

// requeue stands for outbox.requeue. An entry that exists keeps its claim.
func (s *state) requeue(recheck bool) {
	if s.entry.exists {
		s.growVersion()
	} else {
		s.entry = entry{exists: true, due: true}
	}
	if recheck {
		s.setRecheck()
	}
}

// setRecheck sets recheck_at to recheckDelay from now.
func (s *state) setRecheck() {
	s.entry.recheck = recheckFuture
	for i := range s.late {
		s.late[i].bounded = s.late[i].call != (call{})
	}
}

// deleteEntry deletes the entry. The writers that wait for it return.
func (s *state) deleteEntry() {
	s.entry = entry{}
	for i := range s.processes {
		p := &s.processes[i]
		p.holds, p.outdated = false, false
		if p.step == waiting {
			*p = process{}
		}
	}
}

// canonical returns s with processes of the same role, and late calls, in a fixed order,
// because their numbers have no meaning. This makes the state space several times
// smaller.
func (m protocol) canonical(s state) state {
	for i := range len(s.processes) - 1 {
		a, b := &s.processes[i], &s.processes[i+1]
		if m.role(i) == m.role(i+1) && cmp.Compare(a.key(), b.key()) > 0 {
			*a, *b = *b, *a
		}
	}
	if s.late[0].key() > s.late[1].key() {
		s.late[0], s.late[1] = s.late[1], s.late[0]
	}
	return s
}

// key orders late calls. Unused ones are first.
func (l lateCall) key() uint8 { return l.deletes<<3 | l.inserts<<1 | bit(l.bounded) }

// What must hold in every state.

// violation returns the rule that s breaks, or nothing. Unless an entry or an attempt is
// left, Keto must be right and stay so. That includes the end of a run.
func (s state) violation() string {
	if s.entry.exists || s.restored {
		return ""
	}
	for _, p := range s.processes {
		if p.attempting() {
			return "" // It enqueues the object, because it has lost its claim.
		}
	}
	have, want := s.keto, s.row.project()
	switch {
	case s.late != [maxLate]lateCall{}:
		return "a write may still reach Keto, and no process will sync the object after that"
	case have != want:
		return fmt.Sprintf("Keto holds %v copies of the tuples instead of %v, and no process will sync the object", s.keto, want)
	}
	return ""
}

// drained reports whether nothing is left to do.
func (s state) drained() bool {
	for _, p := range s.processes {
		if p.step != idle {
			return false
		}
	}
	return !s.entry.exists && !s.restored && s.late == [maxLate]lateCall{}
}
