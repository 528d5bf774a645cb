package fostering_test

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// TestRules_DocumentedAlike compares the table with the documentation of the package and of the API.
func TestRules_DocumentedAlike(t *testing.T) {
	t.Parallel()
	var table, inAPI []string
	for _, r := range fostering.Rules() {
		by := make([]string, len(r.By))
		for i, party := range r.By {
			by[i] = string(party)
		}
		from := cmp.Or(string(r.From), "NONE")
		table = append(table, fmt.Sprintf("%s %s %s %s", from, r.Action, strings.Join(by, ", "), r.To))
		inAPI = append(inAPI, fmt.Sprintf("%s %s %s", from, r.To, strings.Join(by, ", ")))
	}
	documented := lines(t, "fostering.go", `(?m)^//\t([A-Z]+) +([a-z]+) +([A-Z]+(?:, [A-Z]+)*) +([A-Z]+)`, "$1 $2 $3 $4")
	if !slices.Equal(documented, table) {
		t.Errorf("the documentation of the package has\n%s\nwant\n%s", strings.Join(documented, "\n"), strings.Join(table, "\n"))
	}
	documented = lines(t, "../../../schema.graphqls", "(?m)^- `?([A-Z]+)`? to `([A-Z]+)` by (`[A-Z]+`(?:, `[A-Z]+`)*)$", "$1 $2 $3")
	for i, line := range documented {
		documented[i] = strings.ReplaceAll(line, "`", "")
	}
	if inAPI = slices.Compact(inAPI); !slices.Equal(documented, inAPI) {
		t.Errorf("the documentation of the API has\n%s\nwant\n%s", strings.Join(documented, "\n"), strings.Join(inAPI, "\n"))
	}
}

// lines returns the matches of a pattern in a file, each written by a template.
func lines(t *testing.T, path, pattern, template string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	expression := regexp.MustCompile(pattern)
	var found []string
	for _, match := range expression.FindAllSubmatchIndex(text, -1) {
		found = append(found, string(expression.Expand(nil, []byte(template), text, match)))
	}
	return found
}

// TestTransition tries everything that anybody may want, in every status.
func TestTransition(t *testing.T) {
	t.Parallel()
	for _, status := range append(statuses(), fostering.None) {
		for _, action := range actions() {
			for _, party := range parties() {
				what := fmt.Sprintf("%s, %s by %s", status, action, party)
				i := slices.IndexFunc(fostering.Rules(), func(r fostering.Rule) bool {
					return r.From == status && r.Action == action && slices.Contains(r.By, party)
				})
				f := fostering.Fostering{Status: status, Start: at(0), End: at(5)}
				act := fostering.Act{Action: action, By: party, Today: at(0), Start: at(0), End: at(2)}
				if action == fostering.Withdraw {
					act.ProposedBy = party
				}
				next, err := fostering.Transition(f, act)
				switch {
				case i < 0 && (apperr.ReasonOf(err) != apperr.StatusChanged || next != f):
					t.Errorf("%s: %v, %v; want a conflict and no change", what, next, err)
				case i >= 0 && (err != nil || next.Status != fostering.Rules()[i].To):
					t.Errorf("%s: %v, %v; want %s", what, next, err, fostering.Rules()[i].To)
				}
			}
		}
	}
}

func TestTransition_Days(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status fostering.Status
		action fostering.Action
		today  int
		end    int // afterwards
		code   apperr.Code
	}{
		"approved on the first day":         {fostering.Pending, fostering.Approve, 3, 9, ""},
		"approved after the first day":      {fostering.Pending, fostering.Approve, 4, 9, apperr.Conflict},
		"ended early":                       {fostering.Active, fostering.Complete, 5, 5, ""},
		"ended on the first day":            {fostering.Active, fostering.Complete, 3, 3, ""},
		"ended on the last day":             {fostering.Active, fostering.Complete, 9, 9, ""},
		"ended after the last day":          {fostering.Active, fostering.Complete, 12, 9, ""},
		"ended before the first day":        {fostering.Active, fostering.Complete, 1, 3, ""},
		"cancelled before":                  {fostering.Approved, fostering.Cancel, 1, 9, ""},
		"changed to days that are too late": {fostering.Pending, fostering.Edit, 1, 9, apperr.BadUserInput},
	} {
		f := fostering.Fostering{Status: test.status, Start: at(3), End: at(9)}
		act := fostering.Act{Action: test.action, By: fostering.Participant, Today: at(test.today), Start: at(900), End: at(901)}
		if test.action == fostering.Approve {
			act.By = fostering.Owner
		}
		got, err := fostering.Transition(f, act)
		if apperr.CodeOf(err) != test.code || !got.Start.Equal(f.Start) || !got.End.Equal(at(test.end)) {
			t.Errorf("%s: %v to %v, %v; want the end %v and the code %q", name, got.Start, got.End, err, at(test.end), test.code)
		}
	}
}

// TestTransition_Proposals has both sides propose days, and answer. Today is the third day.
func TestTransition_Proposals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status     fostering.Status
		action     fostering.Action
		by         fostering.Party // of a proposal of the owner
		start, end int
		want       apperr.Code
	}{
		"other days":                {fostering.Approved, fostering.Propose, fostering.Owner, 4, 9, ""},
		"a first day in the past":   {fostering.Approved, fostering.Propose, fostering.Participant, 2, 9, apperr.BadUserInput},
		"a longer stay":             {fostering.Active, fostering.Propose, fostering.Participant, 1, 30, ""},
		"a stay until today":        {fostering.Active, fostering.Propose, fostering.Participant, 1, 3, ""},
		"a stay until yesterday":    {fostering.Active, fostering.Propose, fostering.Participant, 1, 2, apperr.BadUserInput},
		"another first day":         {fostering.Active, fostering.Propose, fostering.Owner, 2, 9, apperr.BadUserInput},
		"more than a year":          {fostering.Active, fostering.Propose, fostering.Owner, 1, 367, apperr.BadUserInput},
		"an admin":                  {fostering.Approved, fostering.Propose, fostering.Admin, 4, 9, apperr.Conflict},
		"accepted":                  {fostering.Approved, fostering.Accept, fostering.Participant, 4, 9, ""},
		"accepted too late":         {fostering.Approved, fostering.Accept, fostering.Participant, 2, 9, apperr.BadUserInput},
		"accepted by the same side": {fostering.Approved, fostering.Accept, fostering.Owner, 4, 9, apperr.Forbidden},
		"declined":                  {fostering.Active, fostering.Decline, fostering.Participant, 1, 9, ""},
		"declined by the same side": {fostering.Active, fostering.Decline, fostering.Owner, 1, 9, apperr.Forbidden},
		"withdrawn":                 {fostering.Active, fostering.Withdraw, fostering.Owner, 1, 9, ""},
		"withdrawn by the other":    {fostering.Active, fostering.Withdraw, fostering.Participant, 1, 9, apperr.Forbidden},
	} {
		f := fostering.Fostering{Status: test.status, Start: at(1), End: at(5)}
		got, err := fostering.Transition(f, fostering.Act{
			Action: test.action, By: test.by, Today: at(3), Start: at(test.start), End: at(test.end), ProposedBy: fostering.Owner,
		})
		if apperr.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want the code %q", name, err, test.want)
		}
		want := f
		if test.action == fostering.Accept && test.want == "" {
			want.Start, want.End = at(test.start), at(test.end)
		}
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestCheckDates(t *testing.T) {
	t.Parallel()
	today := day(2026, 12, 1)
	for name, test := range map[string]struct {
		start, end    time.Time
		first, second bool // whether startDate and endDate break a rule
	}{
		"only today":            {today, today, false, false},
		"a week":                {today.AddDate(0, 0, 3), today.AddDate(0, 0, 10), false, false},
		"yesterday":             {today.AddDate(0, 0, -1), today, true, false},
		"end before start":      {today.AddDate(0, 0, 2), today.AddDate(0, 0, 1), false, true},
		"longest":               {today, today.AddDate(0, 0, limits.MaxFosteringDays), false, false},
		"one day too long":      {today, today.AddDate(0, 0, limits.MaxFosteringDays+1), false, true},
		"a leap year is longer": {day(2028, 1, 1), day(2029, 1, 1), false, true},
		"over a leap day":       {day(2027, 7, 1), day(2028, 6, 30), false, false},
		"from a leap day":       {day(2028, 2, 29), day(2029, 2, 28), false, false},
		"to 1 March":            {day(2028, 2, 29), day(2029, 3, 1), false, true},
		"over the turn of year": {day(2026, 12, 31), day(2027, 12, 31), false, false},
		"two years ahead":       {day(2028, 12, 1), day(2029, 1, 1), false, false},
		"farther ahead":         {day(2028, 12, 2), day(2029, 1, 1), true, false},
		"the year 9998":         {day(9998, 1, 1), day(9998, 1, 2), true, false},
		"both wrong":            {today.AddDate(0, 0, -2), today.AddDate(0, 0, -3), true, true},
	} {
		var first, second bool
		for _, problem := range fostering.CheckDates(test.start, test.end, today) {
			first, second = first || problem.Name == "startDate", second || problem.Name == "endDate"
		}
		if first != test.first || second != test.second {
			t.Errorf("%s: startDate breaks a rule: %t, endDate: %t; want %t and %t", name, first, second, test.first, test.second)
		}
	}
}

func at(n int) time.Time { return day(2026, 12, 1).AddDate(0, 0, n) }
func day(year, month, d int) time.Time {
	return time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
}
func statuses() []fostering.Status {
	return []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Active, fostering.Completed,
	}
}
func actions() []fostering.Action {
	return []fostering.Action{
		fostering.Request, fostering.Edit, fostering.Approve, fostering.Reject, fostering.Cancel, fostering.Expire, fostering.Activate,
		fostering.Complete, fostering.Propose, fostering.Accept, fostering.Decline, fostering.Withdraw,
	}
}
func parties() []fostering.Party {
	return []fostering.Party{fostering.Owner, fostering.Participant, fostering.Admin, fostering.System}
}
