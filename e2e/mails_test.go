package e2e

import (
	"log/slog"
	"net/http"
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	platformmail "github.com/catfoster/catfoster/internal/platform/mail"
	"github.com/catfoster/catfoster/internal/platform/mail/mailtest"
	"github.com/catfoster/catfoster/internal/platform/tracing"
	"github.com/catfoster/catfoster/internal/usecase"
	"github.com/catfoster/catfoster/internal/usecase/mailer"
)

// mailing is a server whose notifications are mailed when the test says so.
type mailing struct {
	*harness.Server
	stack *harness.IsolatedStack
	smtp  *mailtest.Server
	db    *ent.Client
	// traces gets the spans of mails, unless it is nil.
	traces *sdktrace.TracerProvider
}

func newMailing(t *testing.T) *mailing {
	t.Helper()
	stack := env.NewIsolatedStack(t)
	return &mailing{
		Server: env.StartServer(t, stack.Config), stack: stack, smtp: mailtest.New(t), db: database.NewClient(stack.DB, nil),
	}
}

// send sends what is due some time from now, and returns the mails that have arrived.
func (m *mailing) send(t *testing.T, ahead time.Duration) (mails []string, err error) {
	t.Helper()
	sender, err := platformmail.NewSender(config.Mail{SMTPURL: m.smtp.URL, From: "no-reply@cats.example"}, "Cats of Berlin")
	if err != nil {
		t.Fatal(err)
	}
	post, err := mailer.New(mailer.Config{
		DB: m.db, Kratos: env.Kratos.Admin, Sender: sender, Origin: m.URL, Community: "Cats of Berlin",
		Clock: usecase.Clock{Now: func() time.Time { return time.Now().Add(ahead) }, Day: dayInUTC}, Log: slog.New(slog.DiscardHandler), Traces: m.traces,
	})
	if err != nil {
		t.Fatal(err)
	}
	err = post.SendDue(t.Context())
	return m.smtp.Take(), err
}

const proposeChange = `mutation($input: ProposeFosteringChangeInput!) { proposeFosteringChange(input: $input) { id } }`

func dayInUTC(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// soon is when a mail is due at the latest that nobody has tried to send.
const soon = 11 * time.Second

// TestMails_Once mails a request to the owner, once and not at once, and to nobody else.
func TestMails_Once(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
	if early, err := m.send(t, 0); len(early) > 0 || err != nil {
		t.Errorf("before ten seconds have passed there are %d mails, %v", len(early), err)
	}
	mails, err := m.send(t, soon)
	if len(mails) != 1 || err != nil {
		t.Fatalf("there are %d mails, %v; want one", len(mails), err)
	}
	got, err := mail.ReadMessage(strings.NewReader(mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	if to, err := got.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != ada.Email {
		t.Errorf("the mail is for %v, %v; want %s", to, err, ada.Email)
	}
	if subject := got.Header.Get("Subject"); subject != "Bob asks for your cat (Godard)" {
		t.Errorf("the subject is %q", subject)
	}
	if again, err := m.send(t, time.Hour); len(again) > 0 || err != nil {
		t.Errorf("an hour later there are %d more mails, %v", len(again), err)
	}

	// The link in the mail changes nothing when a program follows it, and needs no login.
	link := strings.Trim(got.Header.Get("List-Unsubscribe"), "<>")
	if got.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(link, m.URL+"/unsubscribe?token=") {
		t.Fatalf("the link is %q", link)
	}
	for _, step := range []struct {
		method, url string
		status      int
		off         bool
	}{
		{http.MethodGet, link, http.StatusOK, false},
		{http.MethodPost, link + "x", http.StatusNotFound, false},
		{http.MethodPost, m.URL + "/unsubscribe", http.StatusNotFound, false},
		{http.MethodPut, link, http.StatusMethodNotAllowed, false},
		{http.MethodPost, link, http.StatusOK, true},
		{http.MethodPost, link, http.StatusOK, true},
	} {
		request, err := http.NewRequestWithContext(t.Context(), step.method, step.url, strings.NewReader("List-Unsubscribe=One-Click"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		var settings struct {
			Me struct{ NotificationSettings struct{ Mail bool } }
		}
		m.Query(t, ada.Token, `{ me { notificationSettings { mail } } }`, nil).Decode(t, &settings)
		if response.StatusCode != step.status || settings.Me.NotificationSettings.Mail == step.off {
			t.Errorf("%s %s: %d, mails: %t; want %d, %t", step.method, step.url, response.StatusCode, settings.Me.NotificationSettings.Mail, step.status, !step.off)
		}
	}
}

// TestMails_Reasons has reasons to mail nothing about a request.
func TestMails_Reasons(t *testing.T) {
	t.Parallel()
	settings := func(input string) func(*testing.T, *mailing, harness.Member) {
		return func(t *testing.T, m *mailing, ada harness.Member) {
			t.Helper()
			m.Query(t, ada.Token, `mutation { updateNotificationSettings(input: `+input+`) { id } }`, nil).RequireOK(t)
		}
	}
	for name, test := range map[string]struct {
		before func(*testing.T, *mailing, harness.Member)
		want   string // the subject of the mail, or empty
	}{
		"no reason":        {func(*testing.T, *mailing, harness.Member) {}, "Bob asks for your cat (Godard)"},
		"in German":        {settings(`{language: DE}`), "Bob fragt nach deiner Katze (Godard)"},
		"another is muted": {settings(`{mutedKinds: [FOSTERING_EDITED]}`), "Bob asks for your cat (Godard)"},
		"this is muted":    {settings(`{mutedKinds: [FOSTERING_REQUESTED]}`), ""},
		"all are off":      {settings(`{mail: false}`), ""},
		"off and on":       {settings(`{mail: true}`), "Bob asks for your cat (Godard)"},
		"read": {func(t *testing.T, m *mailing, _ harness.Member) {
			t.Helper()
			m.stack.Exec(t, `UPDATE notifications SET read_at = now()`)
		}, ""},
		"withdrawn": {func(t *testing.T, m *mailing, _ harness.Member) {
			t.Helper()
			m.stack.Exec(t, `UPDATE fosterings SET status = 'CANCELLED', ended_by = 'PARTICIPANT', ended_at = now()`)
		}, ""},
		"not verified": {func(t *testing.T, m *mailing, _ harness.Member) {
			t.Helper()
			m.stack.Exec(t, `UPDATE users SET email_verified = false`)
		}, ""},
		"refused before": {func(t *testing.T, m *mailing, _ harness.Member) {
			t.Helper()
			m.stack.Exec(t, `UPDATE users SET refused_email = email`)
		}, ""},
		"deleted": {func(t *testing.T, m *mailing, ada harness.Member) {
			t.Helper()
			m.Query(t, ada.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
		}, ""},
		"deactivated": {func(t *testing.T, _ *mailing, ada harness.Member) {
			t.Helper()
			env.ReplaceInIdentity(t, ada.Email, "/state", "inactive")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
			m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
			test.before(t, m, ada)
			mails, err := m.send(t, soon)
			if err != nil {
				t.Fatal(err)
			}
			var subjects []string
			for _, text := range mails {
				got, err := mail.ReadMessage(strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if to, _ := got.Header.AddressList("To"); to[0].Address == ada.Email {
					subjects = append(subjects, got.Header.Get("Subject"))
				}
			}
			if got := strings.Join(subjects, ", "); got != test.want {
				t.Errorf("the owner gets %q, want %q", got, test.want)
			}
		})
	}
}

// TestMails_Failures has a mail server that refuses mails, now or for good.
func TestMails_Failures(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	cat := m.NewCat(t, ada)
	m.NewFostering(t, bob, cat, env.Day(10), env.Day(12))
	m.smtp.Refuse(450, 0)
	if _, err := m.send(t, soon); err == nil {
		t.Error("a server that takes no mails now: no error, want one that says that mails wait")
	}
	m.smtp.Refuse(0, 0)
	if early, err := m.send(t, 30*time.Second); len(early) > 0 || err != nil {
		t.Errorf("before the next attempt is due there are %d mails, %v", len(early), err)
	}
	if mails, err := m.send(t, 10*time.Minute); len(mails) != 1 || err != nil {
		t.Errorf("when the server takes mails again there are %d, %v; want one", len(mails), err)
	}

	m.smtp.RefuseWith(554, [3]int{5, 7, 1})
	m.NewFostering(t, env.NewMember(t, "Eve"), cat, env.Day(15), env.Day(16))
	if _, err := m.send(t, soon); err == nil {
		t.Error("a server that lets us send to nobody: no error, want one that says that mails wait")
	}
	m.smtp.Refuse(0, 0)
	if mails, err := m.send(t, 10*time.Minute); len(mails) != 1 || err != nil {
		t.Errorf("when the server lets us send there are %d mails, %v; want one", len(mails), err)
	}

	m.smtp.Refuse(550, 0)
	m.NewFostering(t, env.NewMember(t, "Cleo"), cat, env.Day(20), env.Day(21))
	if _, err := m.send(t, soon); err != nil {
		t.Errorf("a recipient who is refused for good: %v, want no error", err)
	}
	m.smtp.Refuse(0, 0)
	if mails, err := m.send(t, 24*time.Hour); len(mails) > 0 || err != nil {
		t.Errorf("an address that was refused for good gets %d mails, %v", len(mails), err)
	}
	var settings struct {
		Me struct{ NotificationSettings struct{ AddressRefused bool } }
	}
	m.Query(t, ada.Token, `{ me { notificationSettings { addressRefused } } }`, nil).Decode(t, &settings)
	if !settings.Me.NotificationSettings.AddressRefused {
		t.Error("the member does not see that the address is refused")
	}
}

// TestMails_ByServer has a server send a mail by itself.
func TestMails_ByServer(t *testing.T) {
	t.Parallel()
	stack, smtp := env.NewIsolatedStack(t), mailtest.New(t)
	c := stack.Config
	c.Mail.SMTPURL = smtp.URL
	// Notifications have the time of the database's clients, which the clock of the other tests is not.
	server, ada, bob := env.StartServerAt(t, c, time.Now), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	server.NewFostering(t, bob, server.NewCat(t, ada), env.Day(10), env.Day(12))
	var mails []string
	harness.Await(t, "the mail to the owner", func() bool {
		mails = append(mails, smtp.Take()...)
		return len(mails) > 0
	})
	if len(mails) != 1 || !strings.Contains(mails[0], ada.Email) {
		t.Errorf("the mails are %q, want one to the owner", mails)
	}
	harness.Await(t, "the server to count the mail", func() bool {
		return server.Metric(t, `catfoster_mails_total{result="sent"}`) == 1 && server.Metric(t, "catfoster_mails_queued") == 0 &&
			server.Metric(t, "catfoster_mails_oldest_seconds") == 0
	})
}

// TestMails_Gathered mails two messages in one mail, and a third one after a while.
func TestMails_Gathered(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false`)
	write := func() {
		t.Helper()
		m.Query(t, bob.Token, `mutation($id: ID!) { sendMessage(input: {fosteringId: $id, text: "Hello"}) { id } }`, map[string]any{"id": id}).RequireOK(t)
	}
	write()
	write()
	if mails, err := m.send(t, soon); len(mails) != 1 || err != nil || !strings.Contains(mails[0], "Subject: Bob has written to you (Godard)") {
		t.Errorf("two messages are in %d mails, %v; want one: %s", len(mails), err, mails)
	}
	write()
	if mails, err := m.send(t, time.Minute); len(mails) > 0 || err != nil {
		t.Errorf("a minute later there are %d mails, %v", len(mails), err)
	}
	if mails, err := m.send(t, 15*time.Minute); len(mails) != 1 || err != nil {
		t.Errorf("when a while has passed there are %d mails, %v; want one", len(mails), err)
	}
}

// TestMails_OneRefused has a mail server that does not take the mails of one member now. Those of others arrive.
func TestMails_OneRefused(t *testing.T) {
	t.Parallel()
	m, bob := newMailing(t), env.NewMember(t, "Bob")
	ada, cleo := env.NewMember(t, "Ada"), env.NewMember(t, "Cleo")
	for _, owner := range []harness.Member{ada, cleo} {
		m.NewFostering(t, bob, m.NewCat(t, owner), env.Day(10), env.Day(12))
	}
	m.smtp.RefuseOnly(ada.Email, 450)
	if mails, err := m.send(t, soon); len(mails) != 1 || !strings.Contains(mails[0], cleo.Email) || err == nil {
		t.Errorf("%d mails arrive, and the error is %v; want the mail to Cleo, and that another waits", len(mails), err)
	}
	m.smtp.Refuse(0, 0)
	if mails, err := m.send(t, 10*time.Minute); len(mails) != 1 || !strings.Contains(mails[0], ada.Email) || err != nil {
		t.Errorf("later %d mails arrive, %v; want the mail to Ada", len(mails), err)
	}
}

// TestMails_SideBySide has servers send the mails of many events at the same time. Each goes out once.
func TestMails_SideBySide(t *testing.T) {
	t.Parallel()
	m := newMailing(t)
	const members, events = 4, 20
	for range members {
		m.tell(t, m.UserID(t, env.NewMember(t, "Member").Token), events)
	}
	m.smtp.Slow(20 * time.Millisecond)
	var arrived atomic.Int64
	harness.Concurrently(4, func(int) string {
		mails, err := m.send(t, soon)
		if err != nil {
			t.Error(err)
		}
		arrived.Add(int64(len(mails)))
		return ""
	})
	if n := arrived.Load(); n != members*events {
		t.Errorf("%d mails have arrived, want %d", n, members*events)
	}
	if n := m.stack.Count(t, `SELECT count(*) FROM notifications WHERE mailed_at IS NULL`); n > 0 {
		t.Errorf("%d mails were not sent", n)
	}
}

// tell makes events that a member hears of.
func (m *mailing) tell(t *testing.T, member uuid.UUID, events int) {
	t.Helper()
	m.stack.Exec(t, `
		WITH news AS (INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, party, data)
			SELECT gen_random_uuid(), now(), now(), 'grant', 'User', gen_random_uuid(), 'ADMIN', '{}' FROM generate_series(1, $2) RETURNING id)
		INSERT INTO notifications (id, created_at, updated_at, event_id, user_id)
			SELECT gen_random_uuid(), now(), now(), id, $1 FROM news`, member, events)
}

// TestMails_Old sets up mails for a community that had none: what is days old is not mailed any more, and waits no longer.
func TestMails_Old(t *testing.T) {
	t.Parallel()
	m, ada := newMailing(t), env.NewMember(t, "Ada")
	m.UserID(t, ada.Token)
	m.tell(t, ada.ID, 3)
	m.stack.Exec(t, `UPDATE notifications SET created_at = now() - interval '3 days'`)
	m.tell(t, ada.ID, 1)
	if mails, err := m.send(t, soon); len(mails) != 1 || err != nil {
		t.Errorf("there are %d mails, %v; want the one of today", len(mails), err)
	}
	if waiting := m.stack.Count(t, `SELECT count(*) FROM notifications WHERE mail_open`); waiting > 0 {
		t.Errorf("%d notifications still wait", waiting)
	}
}

// TestMails_DatabaseAway takes the database away while a mail is on its way, so that nobody can write that it was sent.
func TestMails_DatabaseAway(t *testing.T) {
	t.Parallel()
	m, ada := newMailing(t), env.NewMember(t, "Ada")
	m.tell(t, m.UserID(t, ada.Token), 1)
	m.smtp.Slow(2 * time.Second)
	sent := make(chan error, 1)
	go func() {
		_, err := m.send(t, soon)
		sent <- err
	}()
	harness.Await(t, "the mail to arrive", func() bool { return len(m.smtp.Take()) == 1 })
	allow := env.ForbidConnections(t, m.stack.Config, "")
	harness.Await(t, "the server to be told that the mail has arrived", func() bool { return !m.smtp.Talking() })
	allow()
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if again, err := m.send(t, time.Hour); len(again) > 0 || err != nil {
		t.Errorf("the mail is sent again: %d, %v", len(again), err)
	}
}

// TestMails_Traced follows a request to the mail about it, which another server sends.
func TestMails_Traced(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	server, requestSpans := env.StartTracedServer(t, m.stack.Config)
	exporter := tracetest.NewInMemoryExporter()
	var err error
	if m.traces, err = tracing.NewProvider(exporter); err != nil {
		t.Fatal(err)
	}
	cat := m.NewCat(t, ada)
	m.NewFostering(t, bob, cat, env.Day(10), env.Day(12)) // Not traced.
	server.NewFostering(t, env.NewMember(t, "Cleo"), cat, env.Day(10), env.Day(12))
	if mails, err := m.send(t, soon); len(mails) != 2 || err != nil {
		t.Fatalf("there are %d mails, %v; want two", len(mails), err)
	}
	if err := m.traces.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var request trace.SpanContext
	for _, span := range requestSpans() {
		if span.Name == "POST /graphql" {
			request = span.SpanContext
		}
	}
	found := map[string]int{}
	for _, span := range exporter.GetSpans() {
		found[span.Name]++
		if got, want := span.SpanContext.TraceID(), request.TraceID(); got != want {
			t.Errorf("the span %q is in the trace %s, want that of the request, %s", span.Name, got, want)
		}
	}
	if found["mail"] != 1 || found["smtp send"] != 1 {
		t.Errorf("the spans are %v, want those of one mail", found)
	}
}

// TestMails_Flood tells a member of many events more than may be mailed within an hour: all of them wait, and those
// for others, and about the security of the account, do not.
func TestMails_Flood(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	adaID, bobID := m.UserID(t, ada.Token), m.UserID(t, bob.Token)
	m.tell(t, adaID, 30)
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false, mailed_at = now()`)
	m.tell(t, adaID, 25)
	m.tell(t, adaID, 1)
	m.stack.Exec(t, `UPDATE events SET kind = 'password', party = 'OWNER' WHERE id = (SELECT event_id FROM notifications ORDER BY created_at DESC LIMIT 1)`)
	m.tell(t, bobID, 1)
	if mails, err := m.send(t, soon); len(mails) != 2 || err != nil {
		t.Errorf("while the mails of one member wait, there are %d others, %v; want 2", len(mails), err)
	}
	const waiting = `SELECT count(*) FROM notifications WHERE mail_open AND next_attempt_at BETWEEN now() + interval '50 minutes' AND now() + interval '65 minutes'`
	if n := m.stack.Count(t, waiting); n != 25 {
		t.Errorf("%d mails wait for an hour, want 25", n)
	}
	if mails, err := m.send(t, 2*time.Hour); len(mails) != 25 || err != nil {
		t.Errorf("two hours later there are %d mails, %v; want 25", len(mails), err)
	}
}

// TestMails_PerHour lets a mail wait if its member has got many within an hour.
func TestMails_PerHour(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	cat := m.NewCat(t, ada)
	m.tell(t, ada.ID, 30)
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false, mailed_at = now()`)
	m.NewFostering(t, bob, cat, env.Day(10), env.Day(12))
	if mails, err := m.send(t, soon); len(mails) > 0 || err != nil {
		t.Errorf("after 30 mails within an hour there are %d more, %v", len(mails), err)
	}
	if mails, err := m.send(t, 2*time.Hour); len(mails) != 1 || err != nil {
		t.Errorf("two hours later there are %d mails, %v; want one", len(mails), err)
	}
}

// remind makes the event of a reminder of a fostering that begins on a day, which a member hears of.
func (m *mailing) remind(t *testing.T, member, fostering uuid.UUID, day string) {
	t.Helper()
	m.stack.Exec(t, `
		WITH news AS (INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, party, data)
			VALUES (gen_random_uuid(), now(), now(), $3, 'Fostering', $2, 'SYSTEM', jsonb_build_object('day', $4::text)) RETURNING id)
		INSERT INTO notifications (id, created_at, updated_at, event_id, user_id)
			SELECT gen_random_uuid(), now(), now(), id, $1 FROM news`, member, fostering, notification.EventBeginsTomorrow, day)
}

// TestMails_Reminders has reminders that are late, and of days that have been moved.
func TestMails_Reminders(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	cat, participant := m.NewCat(t, ada), m.UserID(t, bob.Token)
	id := m.NewFostering(t, bob, cat, env.Day(1), env.Day(2))
	m.Approve(t, ada, id)
	for name, test := range map[string]struct {
		begins, reminder string
		want             int
	}{
		"of tomorrow":                {env.Day(1), env.Day(1), 1},
		"of today, since it is late": {env.Day(0), env.Day(0), 0},
		"of a day that was moved":    {env.Day(2), env.Day(1), 0},
	} {
		m.stack.Exec(t, `UPDATE notifications SET mail_open = false`)
		m.stack.Exec(t, `UPDATE fosterings SET start_date = $1 WHERE id = $2`, test.begins, id)
		m.remind(t, participant, id, test.reminder)
		if mails, err := m.send(t, soon); len(mails) != test.want || err != nil {
			t.Errorf("a reminder %s: %d mails, %v; want %d", name, len(mails), err, test.want)
		}
	}
}

// TestMails_Proposal reads the days in the mail about a proposal: those that are proposed.
func TestMails_Proposal(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
	m.Approve(t, ada, id)
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false`)
	m.Query(t, bob.Token, proposeChange, map[string]any{
		"input": map[string]any{"fosteringId": id, "startDate": env.Day(20), "endDate": env.Day(21)},
	}).RequireOK(t)
	mails, err := m.send(t, soon)
	if len(mails) != 1 || err != nil {
		t.Fatalf("there are %d mails, %v; want the one to the owner", len(mails), err)
	}
	for day, want := range map[string]bool{env.Day(20): true, env.Day(21): true, env.Day(10): false} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(mails[0], at.Format("2 January 2006")); got != want {
			t.Errorf("the mail names %s: %t, want %t: %s", day, got, want, mails[0])
		}
	}
}

// TestMails_HiddenSide has a member whom the owner has blocked propose other days of what is agreed: the two are in contact.
func TestMails_HiddenSide(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bartholomew")
	id := m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
	m.Approve(t, ada, id)
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false`)
	m.Query(t, ada.Token, `mutation($id: ID!) { blockUser(id: $id) { id } }`, map[string]any{"id": m.UserID(t, bob.Token)}).RequireOK(t)
	m.Query(t, bob.Token, proposeChange, map[string]any{
		"input": map[string]any{"fosteringId": id, "startDate": env.Day(20), "endDate": env.Day(21)},
	}).RequireOK(t)
	if mails, err := m.send(t, soon); len(mails) != 1 || err != nil || !strings.Contains(mails[0], "Bartholomew") {
		t.Errorf("%d mails, %v; want one that names the participant: %s", len(mails), err, mails)
	}
}

// TestMails_HiddenAdmin has an admin delete the cat of a member, who blocks the admin before the mail goes out.
func TestMails_HiddenAdmin(t *testing.T) {
	t.Parallel()
	m, ada, eve := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Evelyn")
	owner, admin := m.UserID(t, ada.Token), m.UserID(t, eve.Token)
	for _, hidden := range []bool{false, true} {
		if hidden {
			m.Query(t, ada.Token, `mutation($id: ID!) { blockUser(id: $id) { id } }`, map[string]any{"id": admin}).RequireOK(t)
		}
		m.stack.Exec(t, `
			WITH news AS (INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, party, actor_id, data)
				VALUES (gen_random_uuid(), now(), now(), $3, 'CatProfile', gen_random_uuid(), 'ADMIN', $2, '{}') RETURNING id)
			INSERT INTO notifications (id, created_at, updated_at, event_id, user_id)
				SELECT gen_random_uuid(), now(), now(), id, $1 FROM news`, owner, admin, notification.EventRemove)
		mails, err := m.send(t, soon)
		if len(mails) != 1 || err != nil || strings.Contains(mails[0], "Evelyn") == hidden {
			t.Errorf("%d mails, %v; want one that names the admin: %t: %s", len(mails), err, !hidden, mails)
		}
	}
}
