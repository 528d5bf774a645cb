package community

import "math/rand/v2"

// Plan is the content of a community. Cats and fosterings are in the order in which they
// are created.
type Plan struct {
	People     []Person
	Cats       []Cat
	Fosterings []Fostering
}

// NewPlan draws a random community from a fixed seed. It is the same every time.
func NewPlan() Plan {
	// Any numbers for which the first person has fosterings with several statuses.
	const seed, stream = 36, 206
	random := rand.New(rand.NewPCG(seed, stream))
	people := People()
	cats := drawCats(random, people)
	return Plan{People: people, Cats: cats, Fosterings: drawFosterings(random, people, cats)}
}
