package community

import "math/rand/v2"

// Plan is the whole community before it exists. Cats and fosterings are in the
// order in which they are made.
type Plan struct {
	People     []Person
	Cats       []Cat
	Fosterings []Fostering
}

// NewPlan draws the community, the same one every time.
func NewPlan() Plan {
	const seed, stream = 36, 206 // Any that give the first person something to do.
	random := rand.New(rand.NewPCG(seed, stream))
	people := People()
	cats := drawCats(random, people)
	return Plan{People: people, Cats: cats, Fosterings: drawFosterings(random, people, cats)}
}
