package names_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/catfoster/catfoster/internal/domain/names"
)

func TestCheck_AllowsNamesOfAllScripts(t *testing.T) {
	t.Parallel()
	for about, name := range map[string]string{
		"a letter":                               "Ö",
		"an apostrophe and a hyphen":             "Anne-Marie O’Neill",
		"marks after letters":                    "Ze\u0301 N\u0303u\u0323",
		"Vietnamese":                             "Nguyễn Thị Hương",
		"Arabic with marks":                      "مُحَمَّد",
		"Hebrew with quotes":                     `צה"ל`,
		"Persian with a non-joiner":              "علی\u200cرضا",
		"Kurdish with a non-joiner":              "ئازاد\u200cه",
		"Hindi with joiners":                     "श्\u200dरीमान्\u200c",
		"Sinhala with a joiner":                  "ශ්\u200dරී",
		"Bengali with a joiner before the sign":  "র\u200d্যাব",
		"Malayalam with a joiner at the end":     "അവന്\u200d",
		"Mongolian with a vowel separator":       "ᠠᠨᠠ\u180eᠠ",
		"Chinese":                                "小花",
		"Japanese with a variant of a character": "葛\U000E0100城",
		"Korean":                                 "한나",
		"Thai":                                   "น้ำผึ้ง",
		"Braille":                                "⠁⠙⠁",
		"emoji":                                  "Mia 🐈",
		"an emoji alone":                         "🐱",
		"an emoji with its form":                 "Mia ❤️",
		"an emoji of several":                    "🐈\u200d⬛ 👩\u200d❤️\u200d👨 🧑🏽\u200d🦰 🏳️\u200d🌈",
		"a digit as an emoji":                    "1️⃣",
		"a number":                               "7",
		"a sign":                                 "?",
		"an ideographic space":                   "山田　花子",
		"an Arabic sign of the year":             "\u0601١٤",
		"as many marks as a letter needs":        "ལ\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0f7e Z\u0301\u0302\u0303\u0304\u0305\u0306",
		"more than one former member":            "Former members",
		"a former cat":                           "Former Mimi",
		"a formal member":                        "Formal member",
		"a former member's friend in German":     "Ehemaliges Mitglied Ada",
	} {
		if problems := names.Check("name", name); problems != nil {
			t.Errorf("%s, %q: %v, want it allowed", about, name, problems)
		}
	}
}

func TestCheck_RefusesWhatCannotBeSeenOrMisleads(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct{ name, reason string }{
		"nothing":                              {"", names.NothingVisible},
		"a space":                              {" ", names.NothingVisible},
		"spaces of other scripts":              {"\u00a0\u3000\u2003\u1680", names.NothingVisible},
		"a mark alone":                         {"\u0301", names.NothingVisible},
		"marks after a space":                  {" \u0301\u20dd", names.NothingVisible},
		"a zero-width space":                   {"\u200b", names.Invisible},
		"a zero-width space in a name":         {"Ada\u200bLovelace", names.Invisible},
		"an empty pattern of Braille":          {"\u2800", names.Invisible},
		"a Hangul filler":                      {"\u3164", names.Invisible},
		"a halfwidth Hangul filler":            {"\uffa0", names.Invisible},
		"Hangul fillers of old Korean":         {"\u115f\u1160", names.Invisible},
		"a word joiner":                        {"Ada\u2060", names.Invisible},
		"an invisible operator":                {"Ada\u2063", names.Invisible},
		"a soft hyphen":                        {"Donau\u00addampf", names.Invisible},
		"a byte order mark":                    {"\ufeffAda", names.Invisible},
		"a grapheme joiner":                    {"A\u034fda", names.Invisible},
		"a grapheme joiner alone":              {"\u034f", names.Invisible},
		"a Khmer inherent vowel":               {"\u17b4", names.Invisible},
		"tags":                                 {"Ada\U000E0041\U000E0042", names.Invisible},
		"tags after a flag":                    {"🏴\U000E0067\U000E0062\U000E007F", names.Invisible},
		"the language tag":                     {"\U000E0001", names.Invisible},
		"a variation selector alone":           {"\ufe0f", names.Invisible},
		"a variation selector after a letter":  {"Ada\ufe0f", names.Invisible},
		"two variation selectors":              {"❤\ufe0f\ufe0f", names.Invisible},
		"a supplementary selector":             {"Ada\U000E0100", names.Invisible},
		"a selector of Mongolian after Latin":  {"Ada\u180b", names.Invisible},
		"a joiner in Latin":                    {"A\u200dda", names.Invisible},
		"a non-joiner in Latin":                {"A\u200cda", names.Invisible},
		"a non-joiner at the end":              {"علی\u200c", names.Invisible},
		"a non-joiner before a space":          {"علی\u200c رضا", names.Invisible},
		"two non-joiners":                      {"علی\u200c\u200cرضا", names.Invisible},
		"a joiner after an emoji":              {"🐈\u200d", names.Invisible},
		"an empty note":                        {"\U0001D159", names.Invisible},
		"a lost object":                        {"\ufffc", names.Invisible},
		"an empty hieroglyph":                  {"\U00013441", names.Invisible},
		"an annotation":                        {"A\ufff9d\ufffaa\ufffb", names.Invisible},
		"an override of the direction":         {"Ada\u202egnp", names.Direction},
		"an isolate":                           {"\u2067Ada\u2069", names.Direction},
		"a mark of the direction":              {"Ada\u200f", names.Direction},
		"a mark of the direction in Arabic":    {"محمد\u061c", names.Direction},
		"a line separator":                     {"Ada\u2028Lovelace", names.LineBreak},
		"a paragraph separator":                {"Ada\u2029", names.LineBreak},
		"a former member":                      {"Former member", names.Reserved},
		"a former member in capitals":          {"FORMER MEMBER", names.Reserved},
		"a former member without a space":      {"formermember", names.Reserved},
		"a former member with spaces":          {"Former\u3000 \u00a0member", names.Reserved},
		"a former member in full width":        {"Ｆｏｒｍｅｒ　ｍｅｍｂｅｒ", names.Reserved},
		"a former member in bold":              {"𝐅𝐨𝐫𝐦𝐞𝐫 𝐦𝐞𝐦𝐛𝐞𝐫", names.Reserved},
		"a former member in small capitals":    {"ꜰᴏʀᴍᴇʀ ᴍᴇᴍʙᴇʀ", names.Reserved},
		"a former member with accents":         {"Fórmer mémber", names.Reserved},
		"a former member with signs":           {"«Former-member.»", names.Reserved},
		"a former member with Cyrillic":        {"Fоrmеr mеmbеr", names.Reserved},
		"a former member in Cyrillic capitals": {"FОRМЕR МЕМВЕR", names.Reserved},
		"a former member with Greek":           {"FΟRΜΕR ΜΕΜΒΕR", names.Reserved},
		"a former member with a zero":          {"F0rmer member", names.Reserved},
		"a former member with r and n":         {"Forrner rnernber", names.Reserved},
		"a former member in German":            {"Ehemaliges Mitglied", names.Reserved},
		"a former member, as mails say":        {"Ein ehemaliges Mitglied", names.Reserved},
		"a German one with Cyrillic":           {"Еhеmаlіgеѕ МіtgӀіеd", names.Reserved},
		"stacked marks":                        {"Zo" + strings.Repeat("\u0335\u0301", 4) + "e", names.StackedMarks},
	} {
		problems := names.Check("name", test.name)
		if len(problems) != 1 || problems[0].Name != "name" || problems[0].Reason != test.reason || problems[0].Rule != names.Rule(test.reason) {
			t.Errorf("%s, %q: %+v, want the reason %s at the field name", about, test.name, problems, test.reason)
		}
	}
}

func TestCheckText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": names.NothingVisible, "\u3000": names.NothingVisible, "\u200b\u2060": names.NothingVisible, "\u2800\u3164": names.NothingVisible,
		"\u202e": names.NothingVisible, "\u0301": names.NothingVisible, "\ufe0f": names.NothingVisible,
		"Hello": "", "?": "", "\n🐈\n": "", "علی\u200cرضا": "", "\u200b.": "", "two\u2028lines": "",
		"q" + strings.Repeat("\u0301", 6): "", "q" + strings.Repeat("\u0301", 7): names.StackedMarks,
		"A line.\nq" + strings.Repeat("\u0301\u200d", 7): names.StackedMarks, "1️⃣ ❤️ 👩🏽\u200d❤️\u200d💋\u200d👨🏽": "",
	} {
		got := ""
		if problems := names.CheckText("text", text); len(problems) > 0 {
			got = problems[0].Reason
		}
		if got != want {
			t.Errorf("%q breaks the rule %q, want %q", text, got, want)
		}
	}
}

func TestCharacters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"": 0, "Mia": 3, "Zoë": 3, "Zoe\u0308": 3, "🐈": 1, "🐈\u200d⬛": 1, "👩🏽\u200d❤️\u200d💋\u200d👨🏽": 1, "👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈": 3, "1️⃣": 1,
		"🇩🇪🇫🇷": 2, "한나": 2, norm.NFD.String("한나"): 2, "น้ำผึ้ง": 3,
	} {
		if got := names.Characters(name); got != want {
			t.Errorf("%q has %d characters, want %d", name, got, want)
		}
	}
}

// TestCheck_RefusesEveryInvisibleCharacterInLatin asks Unicode's tables: two names that look the
// same must not both be allowed.
func TestCheck_RefusesEveryInvisibleCharacterInLatin(t *testing.T) {
	t.Parallel()
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		ignored := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Bidi_Control, unicode.Zl, unicode.Zp) ||
			unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
		for _, name := range []string{string(r), "A" + string(r) + "da", "Ada" + string(r)} {
			if ignored && names.Check("name", name) == nil {
				t.Errorf("%q, with U+%04X, is allowed", name, r)
			}
		}
	}
}
