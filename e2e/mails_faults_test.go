package e2e

import (
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/mail/mailtest"
)

// clock is a clock that a test may move on.
type clock struct{ ahead atomic.Int64 }

// Now is the time on the clock.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) moveOn(d time.Duration) { c.ahead.Add(int64(d)) }

// TestMails_HoldUpNothing has mail servers that take no mails, in all ways. Meanwhile requests, live events and what is repeated go
// on, and no transaction waits. When the server takes mails again, each one goes out, once.
func TestMails_HoldUpNothing(t *testing.T) {
	t.Parallel()
	breakOff := func(f mailtest.Fault) func(*mailtest.Server) { return func(s *mailtest.Server) { s.Break(f) } }
	for name, test := range map[string]struct {
		fault func(*mailtest.Server)
		hour  bool // the fault lasts for an hour
		pass  bool // it lasts until the scheduled passes run again
	}{
		"it says nothing":                {breakOff(mailtest.Fault{Before: "220", Hang: true}), false, true},
		"it greets and then stops":       {breakOff(mailtest.Fault{Before: "250", Hang: true}), false, false},
		"it stops in DATA":               {breakOff(mailtest.Fault{Before: "354", Say: "354 go on\r\n", Hang: true}), false, false},
		"it closes in DATA":              {breakOff(mailtest.Fault{Before: "354", Say: "354 go on\r\n"}), false, false},
		"it closes at once with a 421":   {breakOff(mailtest.Fault{Before: "220", Say: "421 too busy\r\n"}), false, false},
		"it answers 450 for an hour":     {func(s *mailtest.Server) { s.Refuse(450, 0) }, true, false},
		"it is away for an hour":         {(*mailtest.Server).Kill, true, false},
		"it says nothing for some hours": {breakOff(mailtest.Fault{Before: "220", Hang: true}), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stack, smtp, now := env.NewIsolatedStack(t), mailtest.NewAt(t, env.UnusedAddress(t)), &clock{}
			config := stack.Config
			config.Mail.SMTPURL = smtp.URL
			server := env.StartServerAt(t, config, now.Now)
			awaitListening(t, server)
			ada, bob, cleo := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Cleo")
			cat := server.NewCat(t, ada)
			stream := server.Subscribe(t, ada.Token)
			test.fault(smtp)

			first := server.NewFostering(t, bob, cat, env.Day(10), env.Day(12))
			now.moveOn(soon)
			failed := func() float64 { return server.Metric(t, `catfoster_mails_total{result="unavailable"}`) }
			harness.Await(t, "the server to try to send the mail", func() bool { return smtp.Dialogues() > 0 || failed() > 0 })
			second := server.NewFostering(t, cleo, cat, env.Day(20), env.Day(21))
			for _, want := range []string{about(first), about(second)} {
				if got := next(t, stream); got != want {
					t.Errorf("the owner hears %q, want %q", got, want)
				}
			}
			stack.AwaitSynced(t)
			if n := stack.Count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`); n > 0 {
				t.Errorf("%d transactions wait", n)
			}
			if test.pass {
				stack.Exec(t, `UPDATE fosterings SET start_date = start_date - 20, end_date = end_date - 20 WHERE id = $1`, first)
				harness.Await(t, "an old request to expire", func() bool { return server.Status(t, bob.Token, first) == "EXPIRED" })
			}
			for ; test.hour && now.ahead.Load() < int64(time.Hour); now.moveOn(time.Hour / 2) {
				before := failed()
				harness.Await(t, "another attempt to fail", func() bool { return failed() > before })
			}
			if got := smtp.Take(); len(got) > 0 {
				t.Errorf("%d mails have arrived at a server that takes none", len(got))
			}

			// Dialogues that hang go on hanging until the server has had enough.
			smtp.Refuse(0, 0)
			smtp.Break(mailtest.Fault{})
			smtp.Start(t)
			harness.Await(t, "all mails to be sent", func() bool {
				now.moveOn(time.Minute)
				return stack.Count(t, `SELECT count(*) FROM notifications WHERE mail_open`) == 0
			})
			arrived := map[string]int{}
			for _, text := range smtp.Take() {
				message, err := mail.ReadMessage(strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				arrived[message.Header.Get("Message-Id")]++
			}
			sent := stack.Count(t, `SELECT count(*) FROM notifications WHERE mailed_at IS NOT NULL`)
			if len(arrived) != sent || sent == 0 {
				t.Errorf("%d mails have arrived, and %d were sent", len(arrived), sent)
			}
			for id, n := range arrived {
				if n != 1 {
					t.Errorf("the mail %s has arrived %d times", id, n)
				}
			}
		})
	}
}
