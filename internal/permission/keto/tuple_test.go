package keto

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

const (
	catID  = "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"
	userID = "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6f"
)

func TestParseTuple_InvertsString(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"CatProfile:" + catID + "#owners@User:" + userID,
		"CatProfile:" + catID + "#edit@User:" + userID,
		"CatProfile:" + catID + "#editors@Group:admin#members",
		"Group:admin#members@User:" + userID,
		"Group:admin#manage@User:" + userID,
		"Fostering:" + catID + "#catProfiles@CatProfile:" + catID,
	} {
		tuple, err := ParseTuple(text)
		if err != nil {
			t.Errorf("ParseTuple: %v", err)
			continue
		}
		if got := tuple.String(); got != text {
			t.Errorf("%q is read and written as %q", text, got)
		}
	}
}

func TestParseTuple_CanonicalizesIDs(t *testing.T) {
	t.Parallel()
	tuple, err := ParseTuple("CatProfile:" + strings.ToUpper(catID) + "#edit@User:" + strings.ToUpper(userID))
	if err != nil {
		t.Fatal(err)
	}
	want := Tuple{
		Object:   ObjectOf(CatProfile, uuid.MustParse(catID)),
		Relation: Edit,
		Subject:  UserSubject(uuid.MustParse(userID)),
	}
	if tuple != want {
		t.Errorf("the tuple is %v, want %v", tuple, want)
	}
}

func TestParseTuple_Errors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "want Namespace:object#relation@Namespace:subject",
		"CatProfile:" + catID:                   "want Namespace:object#relation@Namespace:subject",
		"CatProfile#edit@User:" + userID:        `want Namespace:id instead of "CatProfile"`,
		"Dog:" + catID + "#edit@User:" + userID: `there is no namespace "Dog"`,
		"CatProfile:" + catID + "#purr@User:" + userID:         `CatProfile has no relation or permission "purr"`,
		"CatProfile:godard#edit@User:" + userID:                `the id "godard" of the CatProfile is not a UUID`,
		"CatProfile:" + catID + "#edit@User:ada":               `the id "ada" of the User is not a UUID`,
		"CatProfile:" + catID + "#edit@":                       `want Namespace:id instead of ""`,
		"CatProfile:" + catID + "#editors@Group:admin#friends": `Group has no relation "friends"`,
		"Group:#members@User:" + userID:                        `want Namespace:id instead of "Group:"`,
	} {
		if _, err := ParseTuple(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseTuple(%q): %v, want an error that says %s", text, err, want)
		}
	}
}

func FuzzParseTuple(f *testing.F) {
	f.Add("CatProfile:" + catID + "#editors@Group:admin#members")
	f.Add("Group:admin#members@User:" + userID)
	f.Fuzz(func(t *testing.T, text string) {
		tuple, err := ParseTuple(text)
		if err != nil {
			return
		}
		again, err := ParseTuple(tuple.String())
		if err != nil || again != tuple {
			t.Errorf("%q becomes %v, which becomes %v (%v)", text, tuple, again, err)
		}
	})
}
