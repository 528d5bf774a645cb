package usecase

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// history is a cat, its owner and two members who want to foster it, under random actions and
// random leaps of time. Postgres is the system under test.
type history struct {
	*community
	t       *testing.T
	owner   uuid.UUID
	cat     uuid.UUID
	members []uuid.UUID
	gone    map[uuid.UUID]bool // accounts that are deleted
	today   int
	asked   int // the fosterings that there are
	done    int // those that are completed
}

// TestFosterings_RandomHistories does what people may do in any order, and checks after each step what must hold.
func TestFosterings_RandomHistories(t *testing.T) {
	t.Parallel()
	if err := flag.Set("rapid.checks", "20"); err != nil { // Each is about thirty transactions.
		t.Fatal(err)
	}
	c := newCommunity(t)
	rapid.Check(t, func(r *rapid.T) {
		c.travel(0)
		h := &history{community: c, t: t, owner: c.user(t), members: []uuid.UUID{c.user(t), c.user(t)}, gone: map[uuid.UUID]bool{}}
		h.cat = c.cat(t, h.owner)
		r.Repeat(map[string]func(*rapid.T){
			"request":        h.ask,
			"request too":    h.ask,
			"approve":        func(r *rapid.T) { h.act(r, fostering.Approve, fostering.Owner) },
			"reject":         func(r *rapid.T) { h.act(r, fostering.Reject, fostering.Owner) },
			"cancel":         func(r *rapid.T) { h.act(r, fostering.Cancel, anyParty(r)) },
			"complete":       func(r *rapid.T) { h.act(r, fostering.Complete, anyParty(r)) },
			"edit":           h.edit,
			"propose":        h.propose,
			"answer":         h.answer,
			"answer too":     h.answer,
			"days pass":      h.pass,
			"delete cat":     h.remove,
			"delete account": h.leave,
			"":               h.check,
		})
	})
}

func anyParty(r *rapid.T) fostering.Party {
	return rapid.SampledFrom([]fostering.Party{fostering.Owner, fostering.Participant, fostering.Admin}).Draw(r, "party")
}

// days draws a period that begins soon.
func (h *history) days(r *rapid.T) (first, last time.Time) {
	from := h.today + rapid.IntRange(0, 4).Draw(r, "first")
	return day(from), day(from + rapid.IntRange(0, 5).Draw(r, "length"))
}

// expected fails the test unless the error is one that clients see.
func (h *history) expected(r *rapid.T, what string, err error) {
	if err != nil && apperr.CodeOf(err) == "" {
		r.Fatalf("%s: %v", what, err)
	}
}

func (h *history) ask(r *rapid.T) {
	first, last := h.days(r)
	_, err := h.fosterings.Request(context.Background(), rapid.SampledFrom(h.members).Draw(r, "member"),
		FosteringRequest{CatID: h.cat, StartDate: first, EndDate: last, Message: new("Please.")})
	h.expected(r, "request", err)
}

// rows returns the fosterings of the cat.
func (h *history) rows() []*ent.Fostering {
	rows, err := h.db.Client.Fostering.Query().Where(entfostering.CatProfileID(h.cat)).Order(entfostering.ByID()).All(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return rows
}

// draw returns one of the fosterings. Those that are open come first.
func (h *history) draw(r *rapid.T) *ent.Fostering {
	rows := h.rows()
	if open := slices.DeleteFunc(slices.Clone(rows), func(f *ent.Fostering) bool { return !slices.Contains(fostering.Open(), f.Status) }); len(open) > 0 {
		rows = open
	}
	if len(rows) == 0 {
		r.Skip("there is no fostering")
	}
	return rapid.SampledFrom(rows).Draw(r, "fostering")
}

func (h *history) act(r *rapid.T, action fostering.Action, by fostering.Party) {
	_, err := h.move(h.t, by, action, h.draw(r).ID, nil)
	h.expected(r, string(action), err)
}

func (h *history) edit(r *rapid.T) {
	f := h.draw(r)
	first, last := h.days(r)
	_, err := h.fosterings.Edit(context.Background(), f.ParticipantID, f.ID, FosteringEdit{StartDate: &first, EndDate: &last}, nil)
	h.expected(r, "edit", err)
}

// side returns the member of a side.
func (h *history) side(f *ent.Fostering, by fostering.Party) uuid.UUID {
	if by == fostering.Owner {
		return h.owner
	}
	return f.ParticipantID
}

func anySide(r *rapid.T) fostering.Party {
	return rapid.SampledFrom([]fostering.Party{fostering.Owner, fostering.Participant}).Draw(r, "side")
}

func (h *history) propose(r *rapid.T) {
	f := h.draw(r)
	first, last := h.days(r)
	if f.Status == fostering.Active {
		first = f.StartDate
	}
	_, err := h.fosterings.ProposeChange(context.Background(), FosteringProposal{
		Viewer: h.side(f, anySide(r)), FosteringID: f.ID, StartDate: first, EndDate: last, Message: new("Or then?"),
	})
	h.expected(r, "propose", err)
}

func (h *history) answer(r *rapid.T) {
	open := h.proposals()
	if len(open) == 0 {
		r.Skip("there is no proposal")
	}
	c := rapid.SampledFrom(open).Draw(r, "proposal")
	action := rapid.SampledFrom([]fostering.Action{fostering.Accept, fostering.Decline, fostering.Withdraw}).Draw(r, "answer")
	_, err := h.fosterings.AnswerChange(context.Background(), FosteringAnswer{
		Viewer: h.side(c.Edges.Fostering, anySide(r)), ChangeID: c.ID, Action: action, Reason: new("We are away."),
	})
	h.expected(r, string(action), err)
}

// proposals returns the open proposals.
func (h *history) proposals() []*ent.FosteringChange {
	open, err := h.db.Client.FosteringChange.Query().WithFostering().
		Where(fosteringchange.Open(true), fosteringchange.HasFosteringWith(entfostering.CatProfileID(h.cat))).All(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return open
}

func (h *history) pass(r *rapid.T) {
	h.today += rapid.IntRange(1, 4).Draw(r, "days")
	h.travel(h.today)
	if err := h.fosterings.Advance(context.Background()); err != nil {
		r.Fatal(err)
	}
	for _, f := range h.rows() {
		if action, due := fostering.Due(f.Status, f.StartDate, f.EndDate, day(h.today)); due {
			r.Fatalf("on day %d %s is due for a fostering that is %s from %v to %v", h.today, action, f.Status, f.StartDate, f.EndDate)
		}
	}
}

// remove deletes the cat, as its owner or an admin.
func (h *history) remove(r *rapid.T) {
	if rapid.IntRange(0, 5).Draw(r, "really") > 0 {
		r.Skip("cats are seldom deleted")
	}
	h.expected(r, "delete the cat", h.cats.Delete(context.Background(), rapid.SampledFrom([]uuid.UUID{h.owner, uuid.New()}).Draw(r, "by"), h.cat, nil))
}

// leave deletes the account of a member or the owner, as they do or because the identity has vanished.
func (h *history) leave(r *rapid.T) {
	if rapid.IntRange(0, 4).Draw(r, "really") > 0 {
		r.Skip("members seldom leave")
	}
	member, remove := rapid.SampledFrom(append(h.members, h.owner)).Draw(r, "member"), h.accounts.Delete
	if rapid.Bool().Draw(r, "vanished") {
		remove = h.accounts.DeleteVanished
	}
	err := remove(context.Background(), member)
	h.expected(r, "delete an account", err)
	if err == nil {
		h.gone[member] = true
	}
}

// check is what must always hold.
func (h *history) check(r *rapid.T) {
	rows, done := h.rows(), 0
	for i, f := range rows {
		isPromised := slices.Contains(fostering.Promised(), f.Status)
		for _, other := range rows[:i] {
			if isPromised && slices.Contains(fostering.Promised(), other.Status) && !f.StartDate.After(other.EndDate) && !other.StartDate.After(f.EndDate) {
				r.Fatalf("the cat is promised twice: %v and %v", f, other)
			}
		}
		if isOpen := slices.Contains(fostering.Open(), f.Status); isOpen == (f.EndedBy != nil) || isOpen == (f.EndedAt != nil) || isOpen && h.gone[f.ParticipantID] {
			r.Fatalf("a fostering that is %s was ended by %v at %v", f.Status, f.EndedBy, f.EndedAt)
		}
		if f.Status == fostering.Completed {
			done++
		}
		if h.gone[h.owner] && (slices.Contains(fostering.Open(), f.Status) || *f.EndedBy == fostering.Owner && (f.RejectionReason != nil || f.EndReason != nil)) {
			r.Fatalf("a former owner's words or promises are left in %v", f)
		}
		if h.gone[f.ParticipantID] && (f.Message != nil || f.EndReason != nil && *f.EndedBy == fostering.Participant) {
			r.Fatalf("a former member's words are left in %v", f)
		}
		h.checkEvents(r, f)
	}
	if len(rows) < h.asked || done < h.done {
		r.Fatalf("there are %d fosterings, %d of them completed; there were %d and %d", len(rows), done, h.asked, h.done)
	}
	h.asked, h.done = len(rows), done
	for _, c := range h.proposals() {
		f := c.Edges.Fostering
		if !slices.Contains(fostering.Promised(), f.Status) || c.EndDate.Before(day(h.today)) || f.Status == fostering.Active && !c.StartDate.Equal(f.StartDate) {
			r.Fatalf("on day %d a fostering that is %s has the open proposal %v", h.today, f.Status, c)
		}
	}
	for member := range h.gone {
		if n, err := h.db.Client.Event.Query().Where(event.ActorID(member), event.Audited(false)).Count(context.Background()); n > 0 || err != nil {
			r.Fatalf("%d events name a former member, %v", n, err)
		}
	}
}

// checkEvents compares a row with what has happened to it.
func (h *history) checkEvents(r *rapid.T, f *ent.Fostering) {
	var steps []string
	events := h.events(h.t, f.ID)
	for _, e := range events {
		if !slices.Contains([]fostering.Action{fostering.Edit, fostering.Propose, fostering.Accept, fostering.Decline, fostering.Withdraw}, fostering.Action(e.Kind)) {
			steps = append(steps, e.Kind)
		}
	}
	legal := map[string]fostering.Status{
		"request":                           fostering.Pending,
		"request reject":                    fostering.Rejected,
		"request cancel":                    fostering.Cancelled,
		"request expire":                    fostering.Expired,
		"request approve":                   fostering.Approved,
		"request approve cancel":            fostering.Cancelled,
		"request approve activate":          fostering.Active,
		"request approve activate complete": fostering.Completed,
	}
	story := strings.Join(steps, " ")
	if want, ok := legal[story]; !ok || want != f.Status {
		r.Fatalf("after %s the fostering is %s, want %s", story, f.Status, want)
	}
	events = slices.DeleteFunc(events, func(e *ent.Event) bool { // The fostering keeps its days.
		return slices.Contains([]fostering.Action{fostering.Propose, fostering.Decline, fostering.Withdraw}, fostering.Action(e.Kind))
	})
	last := events[len(events)-1]
	if got, want := fmt.Sprint(last.Data["startDate"], last.Data["endDate"]), fmt.Sprint(f.StartDate.Format(time.DateOnly), f.EndDate.Format(time.DateOnly)); got != want {
		r.Fatalf("the last event has the days %s, the fostering %s", got, want)
	}
	if f.EndedBy != nil && *f.EndedBy != last.Party {
		r.Fatalf("the fostering was ended by %s, and the event names %s", *f.EndedBy, last.Party)
	}
}
