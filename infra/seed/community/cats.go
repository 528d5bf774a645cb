package community

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Cat is a cat of the community. Texts except the name may be empty.
type Cat struct {
	Owner       int // index of the owner in Plan.People
	Name        string
	Age         int // in years
	Description string
	Care        string
	Photos      []string
	Location    string
	Available   bool
}

// drawCats returns the cats of all people, in the order in which they are added. There are
// as many names as cats.
func drawCats(random *rand.Rand, people []Person) []Cat {
	names := catNames()
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	// The owners take turns, as if they had added their cats over months.
	var owners []int
	for round := range names {
		for i, person := range people {
			if person.Cats > round {
				owners = append(owners, i)
			}
		}
	}
	cats := make([]Cat, len(owners))
	for i, owner := range owners {
		cats[i] = drawCat(random, i, names[i], owner, people[owner].Location)
	}
	return cats
}

func drawCat(random *rand.Rand, number int, name string, owner int, location string) Cat {
	cat := Cat{Owner: owner, Name: name, Age: drawAge(random), Available: random.IntN(9) > 0}
	cat.Description = strings.Join([]string{pick(random, coats()), pick(random, tempers()), pick(random, habits())}, " ")
	if random.IntN(3) > 0 {
		cat.Description += " " + pick(random, households())
	}
	if random.IntN(3) == 0 {
		cat.Care = drawCare(random, cat.Age)
	}
	for n := range random.IntN(5) {
		cat.Photos = append(cat.Photos, fmt.Sprintf("https://photos.example.org/cats/%03d-%d.jpg", number+1, n+1))
	}
	if random.IntN(8) > 0 {
		cat.Location = location
	}
	return cat
}

// drawAge returns an age in years. Most cats are young adults; some are kittens or old.
func drawAge(random *rand.Rand) int {
	switch random.IntN(10) {
	case 0, 1:
		return 0
	case 2, 3, 4, 5, 6:
		return 1 + random.IntN(6)
	case 7, 8:
		return 7 + random.IntN(6)
	default:
		return 13 + random.IntN(8)
	}
}

func drawCare(random *rand.Rand, age int) string {
	switch {
	case age == 0:
		return pick(random, careForKittens())
	case age > 10 && random.IntN(3) > 0:
		return pick(random, careForTheOld())
	default:
		return pick(random, care())
	}
}

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func coats() []string {
	return []string{
		"A grey tabby with white paws.", "Black from nose to tail, but for three white hairs.", "Tortoiseshell, with a face in two halves.",
		"Ginger, large and aware of it.", "White, with one blue eye and one green.", "A calico with a spot like a comma.",
		"A small silver tabby with an enormous tail.", "A tuxedo, always dressed for dinner.", "Cream-coloured and soft as a towel.",
		"Brown tabby, one ear folded since a fight.", "Blue-grey, short-haired, round.", "Long-haired, in the colours of autumn.",
		"A slim Siamese mix with opinions.", "Black and white, with a moustache.", "Smoke-grey, invisible at dusk.",
		"A Norwegian forest cat, or so the collar says.", "Three-legged and faster than most with four.", "Spotted like something much bigger.",
		"A plain street cat, and proud of it.", "Nearly hairless, so mind the draught.",
	}
}

func tempers() []string {
	return []string{
		"Shy for two days, then everywhere you are.", "Talks from six in the morning.", "Calm with everybody, even the vet.",
		"Needs a lap, any lap.", "Keeps a distance and watches you kindly from there.", "Playful until midnight, asleep until noon.",
		"Trusts slowly and for ever.", "Greets visitors at the door and inspects their bags.", "Easily bored, clever with doors.",
		"Gentle with children.", "Bold outside, a coward about the vacuum cleaner.", "Never scratches, sometimes sighs.",
		"Affectionate in the evening and busy for the rest of the day.", "Wants company at breakfast, and says so.",
		"Bites toes under blankets; otherwise polite.", "Jealous of telephones.", "Patient, old-fashioned, punctual.",
		"A thinker. Do not disturb on the windowsill.", "Purrs like a lorry.", "Curious to the point of getting stuck.",
	}
}

func habits() []string {
	return []string{
		"Prefers cardboard boxes to anything bought.", "Drinks only from the tap.", "Brings socks as presents.",
		"Sleeps in the sink.", "Watches football, sides with the ball.", "Runs along the corridor at three in the morning.",
		"Comes when whistled for, like a dog.", "Collects hair ties; please count yours.", "Loves the smell of basil.",
		"Opens drawers, never closes them.", "Sits on whatever is being read.", "Afraid of umbrellas.",
		"Will do anything for a shrimp.", "Likes the radio on when alone.", "Kneads every jumper made of wool.",
		"Catches flies and regrets it.", "Waits at the window when you are late.", "Has a favourite chair, which is now not yours.",
		"Plays fetch with bottle caps.", "Rearranges the kitchen towels.", "Snores.", "Has a feud with the printer.",
		"Knows the sound of the fridge through two closed doors.", "Travels well, in any box that is not the carrier.",
	}
}

func households() []string {
	return []string{
		"Gets along with other cats.", "Should be the only cat.", "Used to dogs, as long as they are old.", "Indoors only, please.",
		"Needs a secured balcony.", "Comes and goes through a cat flap at home.", "Best in a quiet flat without small children.",
		"Comes with a sibling now and then; ask me.", "House-trained and neutered.", "Neutered, vaccinated, chipped.",
		"Bring patience for the first evening.", "Has never lived without people.", "Would love a garden.", "No experience needed.",
	}
}

func care() []string {
	return []string{
		"Sensitive stomach: only the dry food that comes along, no milk.", "Half a tablet against allergies every morning, in a treat.",
		"Brush every day, or the fur mats.", "Eye drops twice a day until the end of the month, taken without complaint.",
		"Insulin twice a day, at eight and at eight. I show you how; it takes a minute.", "Eats too fast: please use the slow bowl.",
		"Epilepsy, well controlled: one tablet at seven in the evening, never late.", "No plants within reach: everything is eaten, lilies would be fatal.",
		"Overweight. Whatever the eyes say, it is two meals a day.", "Asthma: no scented litter, no candles; the inhaler is in the bag.",
		"Stitches until next week; keep the collar on.", "Urinary diet only, and plenty of water.",
	}
}

func careForKittens() []string {
	return []string{
		"Four small meals a day.", "Second vaccination is due in three weeks; I pay, you carry the box.", "Still learns to use the litter tray. Keep it close.",
		"Bottle every six hours, at night too.", "Not yet neutered: please no open windows.",
	}
}

func careForTheOld() []string {
	return []string{
		"Kidney diet and fresh water in every room.", "Thyroid tablet twice a day, crushed into paste.", "Arthritis: a step up to the sofa, and painkiller drops with dinner.",
		"Nearly deaf: let yourself be seen before you touch.", "Blind, and perfectly at ease as long as the furniture stays where it is.",
		"Blood pressure tablet in the morning. Warm bed, no stairs.",
	}
}
