package words_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/catfoster/catfoster/internal/domain/words"
)

func finds(text, search string) bool { return words.Parse(search).Matches(words.Of(text)) }

func TestSearch_FindsWhatIsWritten(t *testing.T) {
	t.Parallel()
	for text, searches := range map[string][]string{
		"dry/wet food, indoor/outdoor":         {"wet", "outdoor", "dry/wet", "dry", "indoor/outdoor", "food, indoor", "foo"},
		"FeLV-/FIV-":                           {"fiv", "felv", "FeLV-", "FIV-", "FeLV-/FIV-"},
		"B-12, chip 276-0981":                  {"12", "B-12", "276-0981", "0981", "b", "chip 276"},
		"weighs 4.5 kg, -12 and +49/30":        {"4.5", "4", "-12", "12", "4.5 kg", "49", "+49/30"},
		"born 2021-03-09 or 9.3.21":            {"2021-03-09", "2021", "9.3.21", "03"},
		"first.Loves children":                 {"loves", "first", "first.Loves", "children"},
		"ask info@klinik-nord.example/a?b=c":   {"klinik", "nord", "info@klinik-nord.example", "example", "info"},
		"see https://klinik.example/x.html":    {"klinik", "x.html", "html", "https://klinik.example/x.html"},
		"<b>bold</b> and <shy> & &amp;":        {"bold", "<b>", "shy", "<shy>", "amp"},
		"snake_case C++ #tag":                  {"snake", "case", "snake_case", "c", "C++", "tag", "#tag"},
		"Zoë":                                  {"zoe", "ZOË", "Zoe\u0308", "zoë", "Zo\u00eb"},
		"Zoe\u0308":                            {"zoe", "Zoë", "ZOË"},
		"Zoe":                                  {"Zoë", "Zoe\u0308"},
		"ὈΔΥΣΣΕΎΣ":                             {"οδυσσευς", "ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ", "οδυ"},
		"Ὀδυσσεύς":                             {"ΟΔΥΣΣΕΥΣ", "οδυσσευς"},
		"Straße":                               {"strasse", "STRASSE", "straße", "STRAẞE"},
		"İstanbul ISPARTA ılık":                {"istanbul", "isparta", "ilik", "ILIK"},
		"Łódź Ærø Þór smørrebrød":              {"lodz", "aero", "ærø", "smorrebrod", "þor"},
		"Ёжик и Мурка":                         {"ежик", "ёжик", "МУР"},
		"don't, O’Neill and l'amour":           {"don't", "don’t", "o'neill", "neill", "amour", "L’AMOUR"},
		"rock 'n' roll":                        {"n", "'n'", "rock 'n' roll"},
		"ﬁne Ｆｕｌｌ ① ½":                         {"fine", "full", "1", "ｆｉｎｅ"},
		"Donau\u00addampf می\u200cخواهم":       {"donaudampf", "Donau\u00addampf", "می\u200cخواهم", "میخواهم"},
		"مُحَمَّد":                             {"محمد", "مُحَمَّد"},
		"שָׁלוֹם":                              {"שלום"},
		"किताब":                                {"किताब", "किता"},
		"東京で生まれた静かな猫です。":                       {"猫", "静かな猫", "東京", "京", "生まれた", "東京で生まれた静かな猫です。", "です"},
		"我的貓很安靜喜歡睡覺":                           {"貓", "安靜", "喜歡睡覺", "我的貓很安靜喜歡睡覺", "覺"},
		"우리집고양이는조용해요":                          {"고양이", "조용", "집", "우리집고양이는조용해요", norm.NFD.String("고양이")},
		"ｷﾞﾀｰ ガラス ラーメン":                        {"ギター", "ガラス", "カ\u3099ラス", "ラーメン", "メン"},
		"แมวน่ารักมาก":                         {"แมว", "น่ารัก", "มาก", "น"},
		"3歳のCatさん":                             {"3歳", "cat", "3歳のcatさん", "さん", "3", "歳"},
		"a" + strings.Repeat("b", 3000):        {"abbb", "a" + strings.Repeat("b", 199)},
		strings.Repeat("𐐨", 1999) + " ende":    {strings.Repeat("𐐀", 200), "ende"},
		strings.Repeat("貓很安靜", 499) + "睡覺":     {"睡覺", "安靜貓", strings.Repeat("貓很安靜", 50)},
		"Mia 1️⃣ 🐈 ❤️":                         {"1", "mia 🐈", "1️⃣"},
		"non\u00a0breaking\u3000wide\u2028end": {"non", "breaking", "wide", "end"},
	} {
		for _, search := range searches {
			if !finds(text, search) {
				t.Errorf("%q does not find %.40q: words %.200q, search %q", search, text, words.Of(text), words.Parse(search))
			}
		}
	}
}

func TestSearch_DoesNotFindOthers(t *testing.T) {
	t.Parallel()
	for text, searches := range map[string][]string{
		"dry/wet food":  {"et", "wets", "wet outdoor", ""},
		"Godard":        {"odard", "godards", "godard x"},
		"東京で生まれた":       {"京東", "猫", "東生"},
		"किताब":         {"काताब"},
		"ガラス":           {"カラス"},
		"O'Neill":       {"oneill"},
		"🐈 …":           {"🐈", "…", "&|!()'\"\\:*<->", "\u200b", "\u0301", "''"},
		"Mia":           {"🐈", "'"},
		"3歳":            {"13歳"},
		"in the middle": {"inthe", "themiddle"},
	} {
		for _, search := range searches {
			if finds(text, search) {
				t.Errorf("%q finds %q: words %q, search %q", search, text, words.Of(text), words.Parse(search))
			}
		}
	}
}

func TestParse_Words(t *testing.T) {
	t.Parallel()
	for search, want := range map[string][]string{
		"":                  {},
		" .,;🐈&|!'\"\\ ":    {},
		"Zoë's dry/wet":     {"zoe's", "dry", "wet"},
		"'quoted' ‘text’":   {"quoted", "text"},
		"cat CAT Cat cat":   {"cat", "cat", "cat", "cat"},
		"don't won’t can`t": {"don't", "won't", "can't"},
		"東京で生まれた静かな猫です": {"東京て\u3099生まれた静かな猫て\u3099す"},
		"3歳 10kg":                     {"3歳", "10kg"},
		"a'b'c'd'e'f'g'h'i'j'k'l'm'n": {"a'b'c'd'e'f'g'h'i'j'k'l'm'n"},
	} {
		got := words.Parse(search).Texts()
		for i := range want {
			want[i] = norm.NFC.String(want[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("the words of %q: %q, want %q", search, got, want)
		}
	}
}

// TestParse_BeginningsAreFew bounds what a search costs: Postgres reads all words that begin with something.
func TestParse_BeginningsAreFew(t *testing.T) {
	t.Parallel()
	for _, word := range words.Parse(strings.Repeat("a'b'猫c", 40)) {
		if len(word.Whole) > 200 || word.Begun == "" || slices.Contains(word.Whole, "") {
			t.Errorf("a word of 200 characters: %q, want whole words and one beginning", word)
		}
	}
}

// alphabets have what texts of many scripts are made of, and what may go wrong between words.
var alphabets = []string{
	"abcdefgxyzABCÄÖÜßéèñøłı'’-./", "абвгдеёжйЯЧ", "αβγδεσςΣΆώ", "אבגדהוָּ", "ابتثجحد\u064eَُ\u200c", "कखगघिीुू्", "กขคงจ่้ิ", "猫犬東京静生", "かきがぎょっー",
	"カキガギゲョー", "ㄱ가각고양이집", "0123456789.,-/", "🐈❤️\u200d\u200b\u00ad", "ſﬁ①ⅨＡｂ𝐀", "<>&\"'\\:*|!()", "  \t\n\u00a0\u2028\u3000",
}

// randomText returns a text of up to n characters in which scripts change now and then.
func randomText(random *rand.Rand, n int) string {
	var text strings.Builder
	alphabet := []rune(alphabets[0])
	for range random.IntN(n) + 1 {
		if random.IntN(5) == 0 {
			alphabet = []rune(alphabets[random.IntN(len(alphabets))])
		}
		text.WriteRune(alphabet[random.IntN(len(alphabet))])
	}
	return text.String()
}

// TestSearch_Properties holds for texts of all scripts.
func TestSearch_Properties(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	isBreak := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r)
	}
	hasSign := func(text string) bool { return len(words.Of(text)) > 0 }
	for range 1000 {
		text := randomText(random, 120)
		check := func(search, about string) {
			if !finds(text, search) {
				t.Errorf("seed %d: %s, %q, does not find %q", seed, about, search, text)
			}
		}
		if !hasSign(text) {
			continue
		}
		check(text, "the whole text")
		check(norm.NFD.String(text), "the text decomposed")
		check(norm.NFC.String(text), "the text composed")
		check(strings.ToUpper(text), "the text in upper case")
		check(text+" "+text, "the text twice")
		for word := range strings.FieldsFuncSeq(text, isBreak) {
			if !hasSign(word) {
				continue
			}
			check(word, "a word")
			if runes := []rune(word); hasSign(string(runes[:1])) { // Not if it ends inside of a character of several.
				check(string(runes[:1]), "the beginning of a word")
			}
		}
		for _, word := range words.Of(text) {
			if again := words.Of(word); !slices.Contains(again, word) {
				t.Errorf("seed %d: the words of the word %q are %q", seed, word, again)
			}
			if n := utf8.RuneCountInString(word); n > 64 || strings.ContainsAny(word, `'\ `) {
				t.Errorf("seed %d: the word %q of %d characters cannot be stored", seed, word, n)
			}
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, alphabet := range alphabets {
		f.Add(alphabet)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("the API refuses it")
		}
		if len(words.Of(text)) > 0 && !finds(text, text) {
			t.Errorf("%q does not find itself: words %q, search %q", text, words.Of(text), words.Parse(text))
		}
	})
}

func TestNear(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][]string{
		"minka": {"mikna", "inka", "mink", "minkas", "aminka", "mimka", "monka"},
		"мурка": {"мурак", "мурк", "мурчка", "кмурка", "мурма", "мурке"},
		"θηνα":  {"ηθνα", "ηνα", "αθηνα", "θηνω"},
		"שלום":  {"שלם", "שולם", "שלוב"},
		"كتاب":  {"كتب", "كاتب", "كتابه"},
		"किताब": {"कताब", "किताबी"},
	} {
		near := words.Near(word)
		for _, w := range want {
			if !slices.Contains(near, w) {
				t.Errorf("%s is not near %s", w, word)
			}
		}
		for _, w := range near {
			if w == word || !slices.Equal(words.Of(w), []string{w}) || distance([]rune(w), []rune(word)) != 1 {
				t.Errorf("%q is near %s: its words are %q, its distance is %d", w, word, words.Of(w), distance([]rune(w), []rune(word)))
			}
		}
		if len(near) > 2500 {
			t.Errorf("%d words are near %s", len(near), word)
		}
	}
	for _, word := range []string{"", "ab", "猫が好き", "고양이", strings.Repeat("a", 21), "o'neill"} {
		if near := words.Near(word); near != nil {
			t.Errorf("%d words are near %q, want none", len(near), word)
		}
	}
}

// distance is the number of letters to exchange with their neighbour, to add, to remove, or to replace.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
			default:
				same := 1
				if a[i-1] == b[j-1] {
					same = 0
				}
				rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+same)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
				}
			}
		}
	}
	return rows[len(a)][len(b)]
}
