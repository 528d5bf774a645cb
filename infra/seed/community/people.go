package community

// Password is the password of all people. It is public, so the community must not be
// created where others can log in.
const Password = "a-sofa-for-every-cat-36"

// Person is a user of the community. Bio and Location may be empty.
type Person struct {
	Email    string
	Name     string
	Bio      string
	Location string
	Cats     int // number of cats that the person owns
}

// People returns the people of the community. `make seed` suggests to log in as the first
// one.
func People() []Person {
	people := []Person{
		{"ada.lindqvist", "Ada Lindqvist", "Night nurse. My cats sleep when I do, which is at noon.", "Stockholm", 12},
		{"tomas.novak", "Tomáš Novák", "Two balconies, both netted. I can always take one more for a week.", "Praha", 4},
		{"yuki.tanaka", "田中 ゆき", "猫と本があれば十分。I work from home and answer in English, too.", "東京", 6},
		{"nadia.haddad", "نادية حداد", "Architect. I build shelves that cats then refuse to use.", "Beirut", 5},
		{"sofia.moreau", "Sofia Moreau", "The shelter by the canal: thirty baskets, never one of them empty. Write to us, we answer in the evening.", "Paris", 31},
		{"oleksandr.koval", "Олександр Коваль", "Drive a tram, foster between shifts. Experience with shy ones.", "Kyiv", 5},
		{"maria.papadopoulou", "Μαρία Παπαδοπούλου", "Every stray of the harbour knows my kitchen window.", "Πειραιάς", 14},
		{"jonas.weber", "Jonas Weber", "Vet student in the fourth year. Pills, drops and injections are no trouble.", "Köln", 3},
		{"priya.raman", "Priya Raman", "Grew up with eleven cats. Now it is five, which feels quiet.", "Chennai", 5},
		{"liam.obrien", "Liam O’Brien", "Retired postman. Long lap, much time.", "Cork", 4},
		{"minseo.kim", "김민서", "Translator. 고양이 두 마리, 화분은 없음.", "서울", 4},
		{"amara.okafor", "Amara Okafor", "Touring musician: away every second month, and looking for people I can trust.", "Lagos", 6},
		{"bruno.costa", "Bruno Costa", "Top floor, no lift, excellent view of pigeons.", "Lisboa", 5},
		{"ingrid.solberg", "Ingrid Solberg", "Farm with a barn. The mice have moved to the neighbours.", "Bergen", 11},
		{"david.cohen", "דוד כהן", "Teacher. Home at three every day.", "Haifa", 3},
		{"chiara.rossi", "Chiara Rossi", "I photograph cats that need a home, and keep some of them.", "Bologna", 9},
		{"wei.zhang", "张伟", "程序员，家里有两只猫。Quiet flat, warm radiators.", "杭州", 4},
		{"fatima.zahra", "Fatima Zahra", "Riad with a courtyard, a fig tree and a strict old tomcat.", "Fès", 8},
		{"george.mensah", "George Mensah", "", "Accra", 3},
		{"elena.petrova", "Елена Петрова", "Библиотекарь. Тихий дом, много подоконников.", "София", 5},
		{"hannah.schmidt", "Hannah Schmidt", "Three children who know how to leave a cat alone.", "Leipzig", 4},
		{"mateo.garcia", "Mateo García", "Carpenter. Scratching posts on request.", "Sevilla", 6},
		{"aisha.khan", "Aisha Khan", "Pharmacist; diabetic cats are welcome here.", "Lahore", 4},
		{"niamh.kelly", "Niamh Kelly", "I bottle-feed kittens. Sleep is for other people.", "Galway", 10},
		{"giorgi.beridze", "გიორგი ბერიძე", "House with a garden above the old town.", "თბილისი", 3},
		{"lucia.fernandez", "Lucía Fernández", "Moving house next spring: until then there is a room to spare.", "Montevideo", 4},
		{"arun.shrestha", "अरुण श्रेष्ठ", "Trekking guide. At home from June to August.", "Kathmandu", 2},
		{"freya.jensen", "Freya Jensen", "", "Aarhus", 4},
		{"omar.aziz", "عمر عزيز", "Baker. Up at three, asleep at eight, like any sensible cat.", "Cairo", 5},
		{"clara.dubois", "Clara Dubois", "Lives with a very patient dog.", "Lyon", 6},
		{"samuel.otieno", "Samuel Otieno", "New here. No cat of my own yet, but a flat full of sun.", "Nairobi", 0},
		{"mei.lin", "林美", "Student; I would love to look after yours over the holidays.", "臺北", 0},
		{"peter.vandijk", "Peter van Dijk", "Houseboat. Cats who like water are rarer than you think.", "Utrecht", 3},
		{"zofia.kowalska", "Zofia Kowalska", "Allergic, and I do not care.", "Kraków", 2},
		{"henry.blake", "Henry Blake", "Lost my old cat in the winter. Not ready for one of my own; ready to help.", "Bristol", 0},
		{"ines.almeida", "Inês Almeida", "", "", 0},
	}
	for i := range people {
		people[i].Email += "@example.org"
	}
	return people
}
