package community

import (
	"math/rand/v2"
	"strings"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// Fostering is a fostering of the community.
type Fostering struct {
	// Cat and Participant are indexes in Plan.Cats and Plan.People.
	Cat, Participant int
	// Start and End are the first and the last day, in days from today.
	Start, End int
	// Message is that of the request, Reason that of a rejection. Both may be empty.
	Message, Reason string
	// Status is the status after all steps.
	Status fostering.Status
	// Promised is set if the owner approves the request, even if the participant then
	// cancels it.
	Promised bool
}

// These are the numbers of fosterings by their status.
const (
	active    = 16
	completed = 22
	approved  = 24
	rejected  = 16
	cancelled = 14
	pending   = 28
)

// drawFosterings returns fosterings with every status, in the order of the requests. All
// requests are sent before the first decision, so those of one cat may overlap. The
// promised ones of a cat do not.
func drawFosterings(random *rand.Rand, people []Person, cats []Cat) []Fostering {
	d := &drawer{random: random, people: people, cats: cats, requested: map[[2]int]bool{}}
	for i, cat := range cats {
		if cat.Available {
			d.fresh = append(d.fresh, i)
		}
	}
	random.Shuffle(len(d.fresh), func(i, j int) { d.fresh[i], d.fresh[j] = d.fresh[j], d.fresh[i] })

	// The active and completed ones begin today. The owners complete the latter early,
	// before their last day.
	for range active {
		d.draw(Fostering{Cat: d.next(), End: 4 + random.IntN(25), Status: fostering.Active, Promised: true})
	}
	for range completed {
		d.draw(Fostering{Cat: d.next(), End: 1 + random.IntN(20), Status: fostering.Completed, Promised: true})
	}
	for range approved {
		start := 2 + random.IntN(60)
		d.draw(Fostering{Cat: d.next(), Start: start, End: start + 1 + random.IntN(30), Status: fostering.Approved, Promised: true})
	}
	// Half of the rejected ones are for days for which another request is approved.
	promised := d.withStatus(fostering.Approved)
	for i := range rejected {
		if i < rejected/2 {
			other := promised[i]
			d.draw(Fostering{
				Cat: other.Cat, Start: other.Start, End: other.End + random.IntN(5),
				Status: fostering.Rejected, Reason: "Sorry, somebody else asked first. Another time, gladly.",
			})
			continue
		}
		start := random.IntN(40)
		d.draw(Fostering{Cat: d.next(), Start: start, End: start + random.IntN(90), Status: fostering.Rejected, Reason: pick(random, reasons())})
	}
	for i := range cancelled {
		start := 1 + random.IntN(40)
		d.draw(Fostering{Cat: d.next(), Start: start, End: start + random.IntN(14), Status: fostering.Cancelled, Promised: i%2 == 0})
	}
	// Half of the pending ones are the first requests for their cats. Of the others, some
	// overlap another pending one, and some begin after an active one of the same cat.
	for range pending / 2 {
		start := 1 + random.IntN(45)
		d.draw(Fostering{Cat: d.next(), Start: start, End: start + random.IntN(21), Status: fostering.Pending})
	}
	pendingSoFar, activeSoFar := d.withStatus(fostering.Pending), d.withStatus(fostering.Active)
	for i := range pending - pending/2 {
		if i%2 == 0 {
			other := pendingSoFar[i]
			d.draw(Fostering{Cat: other.Cat, Start: other.Start, End: other.End + random.IntN(7), Status: fostering.Pending})
			continue
		}
		start := activeSoFar[i].End + 1 + random.IntN(30)
		d.draw(Fostering{Cat: activeSoFar[i].Cat, Start: start, End: start + random.IntN(14), Status: fostering.Pending})
	}
	// Requests are not ordered by status.
	random.Shuffle(len(d.drawn), func(i, j int) { d.drawn[i], d.drawn[j] = d.drawn[j], d.drawn[i] })
	return d.drawn
}

// drawer draws random fosterings.
type drawer struct {
	random    *rand.Rand
	people    []Person
	cats      []Cat
	fresh     []int           // available cats without requests
	requested map[[2]int]bool // whether a person has requested a cat: keys are cat, person
	drawn     []Fostering
}

// next returns an available cat that has no requests.
func (d *drawer) next() int {
	cat := d.fresh[0]
	d.fresh = d.fresh[1:]
	return cat
}

// draw adds a fostering. It chooses a participant who does not own the cat and has not
// requested it.
func (d *drawer) draw(f Fostering) {
	f.Participant = d.random.IntN(len(d.people))
	for f.Participant == d.cats[f.Cat].Owner || d.requested[[2]int{f.Cat, f.Participant}] {
		f.Participant = d.random.IntN(len(d.people))
	}
	d.requested[[2]int{f.Cat, f.Participant}] = true
	if d.random.IntN(6) > 0 {
		f.Message = strings.ReplaceAll(pick(d.random, messages()), "{cat}", d.cats[f.Cat].Name)
	}
	d.drawn = append(d.drawn, f)
}

// withStatus returns the fosterings drawn so far that have the status.
func (d *drawer) withStatus(status fostering.Status) []Fostering {
	var found []Fostering
	for _, f := range d.drawn {
		if f.Status == status {
			found = append(found, f)
		}
	}
	return found
}

func messages() []string {
	return []string{
		"Hello! I would love to look after {cat}. I work from home, so there is always somebody.",
		"{cat} looks just like the cat I grew up with. May I?",
		"I have fostered before and live without other animals. References on request.",
		"We met at the market last week, I am the one with the bicycle. Is {cat} still free on these days?",
		"My flat is small but has a netted balcony, and {cat} could have all of it.",
		"Is {cat} used to a dog? Mine is old and mostly carpet.",
		"I can fetch {cat} by car, and bring my own carrier.",
		"Medication is no problem, I did that for years.",
		"My daughter has been asking for weeks. She is nine and very gentle.",
		"Could we meet once before? {cat} should have a say in it.",
		"Two weeks would suit me perfectly. I am on holiday at home.",
		"I would send a photo every evening.",
		"First time for me. I read everything you wrote, twice.",
		"With pleasure! Does {cat} like tuna?",
		"Salut ! Je m’occuperais volontiers de {cat}, j’habite à deux rues.",
		"Hallo, ich könnte {cat} gerne nehmen. Garten ist vorhanden.",
		"¡Hola! Tengo mucho tiempo y una ventana al sol para {cat}.",
		"Добрый день! С радостью присмотрю за {cat}.",
		"はじめまして。{cat}のお世話をさせてください。",
		"مرحبا، يسعدني أن أعتني بـ{cat}.",
	}
}

func reasons() []string {
	return []string{
		"That is too long for a first stay. Would a week do?",
		"A dog would be too much excitement, I am afraid.",
		"We are not going away after all. Thank you for asking!",
		"The vet says no travelling this month.",
		"You live a little too far away for the tablets to be on time.",
		"I would rather meet first. Please come by for tea and ask again.",
		"The balcony needs a net before I can say yes.",
		"", // A reason is optional.
	}
}
