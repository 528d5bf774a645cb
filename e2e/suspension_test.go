package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

const (
	suspendUser   = `mutation($input: SuspendUserInput!) { suspendUser(input: $input) { id suspension { until reason createdAt } } }`
	reinstateUser = `mutation($id: ID!) { reinstateUser(id: $id) { id suspension { reason } } }`
)

// suspend suspends a member by a moderator on a server, until a time or, by nil, without an end.
func suspend(t *testing.T, server *harness.Server, moderator, member harness.Member, until *time.Time) {
	t.Helper()
	var data struct {
		SuspendUser struct {
			Suspension *struct{ Reason string }
		}
	}
	server.Query(t, moderator.Token, suspendUser, map[string]any{
		"input": map[string]any{"userId": member.ID, "until": until, "reason": "You asked for money."},
	}).Decode(t, &data)
	if s := data.SuspendUser.Suspension; s == nil || s.Reason != "You asked for money." {
		t.Fatalf("after suspendUser the suspension is %+v", s)
	}
}

// insertSuspension suspends a member whose sessions Kratos does not end.
func insertSuspension(t *testing.T, member harness.Member, until *time.Time) {
	t.Helper()
	if err := env.Client.Suspension.Create().SetUserID(member.ID).SetNillableUntil(until).SetReason("You asked for money.").Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestSuspension_KeepsOut suspends a member who is logged in, and lets the member try to come back.
func TestSuspension_KeepsOut(t *testing.T) {
	t.Parallel()
	here, there := env.StartServer(t, env.Config), env.StartServer(t, env.Config)
	moderator, member := env.NewModerator(t), env.NewMember(t, "Member")
	me := func(server *harness.Server) string { return server.Query(t, member.Token, `{ me { id } }`, nil).Code() }
	for _, server := range []*harness.Server{here, there} {
		if got := me(server); got != "OK" {
			t.Fatalf("me before the suspension: %s", got)
		}
	}
	stream := there.Subscribe(t, member.Token)
	if got := stream.NextOrComment(t); got != "comment" {
		t.Fatalf("the stream begins with %q, want a comment", got)
	}
	until := time.Date(2099, 5, 6, 7, 8, 0, 0, time.UTC)
	suspend(t, here, moderator, member, &until)
	if got := me(here); got == "OK" {
		t.Error("the server on which the member was suspended answers the member")
	}
	harness.Await(t, "another server to refuse the member", func() bool { return me(there) != "OK" })
	for _, want := range []string{"complete", harness.Closed} {
		if got := next(t, stream); got != want {
			t.Errorf("after the suspension the stream says %q, want %q", got, want)
		}
	}
	login := env.SubmitLogin(t, member.Email, harness.Password)
	if got := login.Problems(); got != "form 9000013" {
		t.Fatalf("a login while suspended: %q, want form 9000013", got)
	}
	message := login.UI.Messages[0]
	if message.Context.Until != "2099-05-06T07:08:00Z" || message.Context.Explanation != "You asked for money." ||
		message.Context.Contact != harness.Contact || !strings.Contains(message.Text, "6 May 2099") ||
		!strings.Contains(message.Text, "You asked for money.") || !strings.Contains(message.Text, harness.Contact) {
		t.Errorf("the login says %+v, want until when, why, and whom to write to", message)
	}
	if got := env.SubmitLogin(t, member.Email, "wrong-password").Problems(); got != "form 4000006" {
		t.Errorf("a login with a wrong password: %q, want no word about the suspension", got)
	}
	here.Query(t, moderator.Token, reinstateUser, map[string]any{"id": member.ID}).RequireOK(t)
	member.Token = env.Login(t, member.Email)
	if got := me(here); got != "OK" {
		t.Errorf("me after the end of the suspension: %s", got)
	}
}

// TestSuspension_Answers has a suspended member use a session that Kratos has not ended: errors say why and until when.
func TestSuspension_Answers(t *testing.T) {
	t.Parallel()
	until := time.Date(2099, 5, 6, 7, 8, 0, 0, time.UTC)
	forever, temporary := env.NewMember(t, "Forever"), env.NewMember(t, "Temporary")
	insertSuspension(t, forever, nil)
	insertSuspension(t, temporary, &until)
	for _, test := range []struct {
		member harness.Member
		until  string
	}{{forever, ""}, {temporary, "2099-05-06T07:08:00Z"}} {
		got := env.QueryWithHeader(t, http.Header{"X-Session-Token": {test.member.Token}, "Catfoster-Viewer": {test.member.ID.String()}}, `{ me { id } }`, nil)
		var public struct{ Community struct{ Contact string } }
		env.Query(t, test.member.Token, `{ community { contact } }`, nil).Decode(t, &public)
		if public.Community.Contact != harness.Contact {
			t.Errorf("%s is told to write to %q, want %q", test.member.Name, public.Community.Contact, harness.Contact)
		}
		if got.Code() != "FORBIDDEN" || got.Errors[0].Extensions.Reason != "SUSPENDED" || got.Errors[0].Extensions.Explanation != "You asked for money." {
			t.Errorf("me of %s: %+v, want FORBIDDEN with the reason and the explanation", test.member.Name, got.Errors)
			continue
		}
		said := ""
		if at := got.Errors[0].Extensions.Until; at != nil {
			said = at.Format(time.RFC3339)
		}
		if said != test.until {
			t.Errorf("me of %s says %q as the end, want %q", test.member.Name, said, test.until)
		}
		if cost := costOf(t, env.Server, test.member, `{ me { id } }`, nil); cost != (harness.Cost{}) {
			t.Errorf("the next refusal costs %+v, want nothing", cost)
		}
		if upload := env.Upload(t, test.member.Token, bytes.NewReader(harness.NewJPEG(t, 40, 30)), nil); upload.Status != http.StatusForbidden || upload.Code() != "FORBIDDEN" {
			t.Errorf("an upload by %s: %d %s, want 403 FORBIDDEN", test.member.Name, upload.Status, upload.Code())
		}
	}
}

// TestSuspension_Uploads suspends a member whose session a server knows, while a photo is on its way.
func TestSuspension_Uploads(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, 10*time.Second))
	member := env.NewMember(t, "Member")
	server.NewPhoto(t, member)
	insertSuspension(t, member, nil)
	if upload := server.Upload(t, member.Token, bytes.NewReader(harness.NewJPEG(t, 40, 30)), nil); upload.Status != http.StatusForbidden {
		t.Errorf("an upload by a session in the cache: %d %s, want 403", upload.Status, upload.Code())
	}
}

// TestSuspension_EndsByTime waits until a suspension is over.
func TestSuspension_EndsByTime(t *testing.T) {
	t.Parallel()
	member := env.NewMember(t, "Member")
	until := time.Now().Add(2 * time.Second)
	insertSuspension(t, member, &until)
	code := func() string { return env.Query(t, member.Token, `{ me { id } }`, nil).Code() }
	if got := code(); got != "FORBIDDEN" && time.Now().Before(until) {
		t.Errorf("me while suspended: %s, want FORBIDDEN", got)
	}
	harness.Await(t, "the suspension to end", func() bool { return code() == "OK" })
	if at := time.Now(); at.Before(until) {
		t.Errorf("the suspension has ended %s too early", until.Sub(at))
	}
	if got := env.SubmitLogin(t, member.Email, harness.Password).SessionToken; got == "" {
		t.Error("the member cannot log in after the suspension")
	}
}

// TestSuspension_OthersSee compares what others see of a suspended owner.
func TestSuspension_OthersSee(t *testing.T) {
	t.Parallel()
	moderator, owner, stranger, participant := env.NewModerator(t), env.NewMember(t, "Owner"), env.NewMember(t, "Stranger"), env.NewMember(t, "Participant")
	cat := env.NewCat(t, owner)
	env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": map[string]any{"feeding": "Twice a day."}}).RequireOK(t)
	active := env.NewFostering(t, participant, cat, env.Day(0), env.Day(2))
	pending := env.NewFostering(t, stranger, cat, env.Day(3), env.Day(4))
	env.Approve(t, owner, active)
	env.SetStatus(t, active, fostering.Active)
	suspend(t, env.Server, moderator, owner, nil)
	if row, err := env.Client.Fostering.Get(t.Context(), pending); err != nil || row.Status != fostering.Cancelled {
		t.Errorf("a pending request for a cat of a suspended owner is %v, %v, want CANCELLED", row, err)
	}
	type seen struct {
		User, CatProfile, Node *struct{ ID uuid.UUID }
		CatProfiles            struct{ TotalCount int }
		Fostering              *struct {
			CatProfile struct {
				CarePlan *struct{ Feeding *string }
				Owner    struct{ Email *string }
			}
		}
	}
	for who, test := range map[string]struct {
		viewer  harness.Member
		visible bool
	}{"a stranger": {stranger, false}, "the participant": {participant, false}, "the moderator": {moderator, true}} {
		var got seen
		env.Query(t, test.viewer.Token, `query($user: ID!, $cat: ID!) {
			user(id: $user) { id } catProfile(id: $cat) { id } catProfiles(filter: {ownerId: $user}) { totalCount }
		}`, map[string]any{"user": owner.ID, "cat": cat}).Decode(t, &got)
		if (got.User != nil) != test.visible || (got.CatProfile != nil) != test.visible || (got.CatProfiles.TotalCount > 0) != test.visible {
			t.Errorf("%s sees the owner: %t, the cat: %t, and %d cats in the list; want all or nothing: %t",
				who, got.User != nil, got.CatProfile != nil, got.CatProfiles.TotalCount, test.visible)
		}
		for _, id := range []uuid.UUID{owner.ID, cat} {
			var data struct{ Node *struct{ ID uuid.UUID } }
			env.Query(t, test.viewer.Token, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}).Decode(t, &data)
			if (data.Node != nil) != test.visible {
				t.Errorf("%s sees node %s: %t, want %t", who, id, data.Node != nil, test.visible)
			}
		}
	}
	var contact seen
	env.Query(t, participant.Token, `query($id: ID!) { fostering(id: $id) { catProfile { carePlan { feeding } owner { email } } } }`, map[string]any{"id": active}).Decode(t, &contact)
	if contact.Fostering == nil || contact.Fostering.CatProfile.Owner.Email == nil || contact.Fostering.CatProfile.CarePlan == nil {
		t.Error("the participant of an active fostering has lost the address of the suspended owner, or the care plan")
	}
	if got := env.RequestFostering(t, stranger, cat, env.Day(5), env.Day(6)).Code(); got != "NOT_FOUND" {
		t.Errorf("a request for a cat of a suspended owner: %s, want NOT_FOUND", got)
	}
}

// TestSuspension_Recovery has a suspended member recover the account, and delete it.
func TestSuspension_Recovery(t *testing.T) {
	t.Parallel()
	const newPassword = "another-cat-named-Murka-9"
	moderator, member := env.NewModerator(t), env.SignUp(t, "Member")
	suspend(t, env.Server, moderator, member, nil)
	token := env.OpenRecovery(t, member.Email).SubmitCode(t, env.AwaitRecoveryCode(t, member.Email)).RecoveryToken()
	if token == "" {
		t.Fatal("a suspended member cannot recover the account")
	}
	if done := env.UpdatePassword(t, token, newPassword); done.Status != http.StatusOK {
		t.Fatalf("the new password is refused: %s", done.Problems())
	}
	again := env.OpenFlow(t, "login/api?refresh=true", token)
	if got := again.Submit(t, token, map[string]any{"method": "password", "identifier": member.Email, "password": newPassword}); got.SessionToken == "" {
		t.Fatalf("a login in the session of the recovery: %s", got.Problems())
	}
	harness.Await(t, "the API to say that the member is suspended", func() bool {
		return env.Query(t, token, `{ me { id } }`, nil).Code() == "FORBIDDEN"
	})
	env.Query(t, token, harness.DeleteAccountMutation, nil).RequireOK(t)
	if rows, err := env.Client.Suspension.Query().Where(suspension.UserID(member.ID)).Count(t.Context()); err != nil || rows > 0 {
		t.Errorf("%d suspensions are left of a deleted account, %v", rows, err)
	}
	if got := env.SubmitLogin(t, member.Email, newPassword).Problems(); got != "form 4000006" {
		t.Errorf("a login after the deletion: %q, want form 4000006", got)
	}
}

// TestSuspension_Input refuses what cannot be.
func TestSuspension_Input(t *testing.T) {
	t.Parallel()
	moderator, member := env.NewModerator(t), env.NewMember(t, "Member")
	for name, test := range map[string]struct {
		until  any
		reason string
		field  string
	}{
		"a time that has passed": {"2020-01-01T00:00:00Z", "Spam.", "until"},
		"no reason":              {nil, "  ", "reason"},
		"a reason too long":      {nil, strings.Repeat("x", 2001), "reason"},
	} {
		got := env.Query(t, moderator.Token, suspendUser, map[string]any{"input": map[string]any{"userId": member.ID, "until": test.until, "reason": test.reason}})
		if fields, want := strings.Join(got.Fields(), ", "), "BAD_USER_INPUT "+test.field; fields != want {
			t.Errorf("%s: %q, want %q", name, fields, want)
		}
	}
}
