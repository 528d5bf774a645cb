package ratelimit_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/bounds"
)

var address = ratelimit.NewKey("ada@example.org")

func TestForms_Mails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, sent := ratelimit.NewForms(), 0
		// Somebody asks every ten seconds for two hours.
		for range 2 * 360 {
			if _, wait := f.Mail(address); wait == 0 {
				sent++
			} else if wait > time.Hour {
				t.Fatalf("the next mail is allowed in %s", wait)
			}
			time.Sleep(10 * time.Second)
		}
		if sent != 12 {
			t.Errorf("%d mails are sent in two hours, want 12", sent)
		}
		if _, wait := f.Mail(ratelimit.NewKey("bob@example.org")); wait != 0 {
			t.Errorf("a mail to another address is allowed in %s", wait)
		}
	})
}

func TestForms_MailIsTakenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := ratelimit.NewForms()
		for range 100 {
			unsent, wait := f.Mail(address)
			if wait != 0 {
				t.Fatalf("after mails that were not sent the next is allowed in %s", wait)
			}
			unsent()
		}
		if _, wait := f.Mail(address); wait != 0 {
			t.Errorf("the first mail is allowed in %s", wait)
		}
		if _, wait := f.Mail(address); wait != time.Minute {
			t.Errorf("the second mail is allowed in %s, want a minute", wait)
		}
	})
}

// TestForms_Guesses guesses as fast as it is allowed.
func TestForms_Guesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, pauses, began := ratelimit.NewForms(), []time.Duration(nil), time.Now()
		guesses := 0
		for time.Since(began) < 48*time.Hour {
			_, wait := f.Guess(address, bounds.Guesses)
			if wait == 0 {
				guesses++
				continue
			}
			if pauses = append(pauses, wait); guesses < 10 {
				t.Fatalf("there is a pause after %d guesses", guesses)
			}
			time.Sleep(wait)
		}
		for n, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			if got := pauses[n]; got != want*time.Minute {
				t.Errorf("pause %d is %s, want %d minutes", n+1, got, want)
			}
		}
		if guesses > 10+6+48 {
			t.Errorf("%d guesses are possible in two days", guesses)
		}
	})
}

func TestForms_GuessesAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := ratelimit.NewForms()
		guess := func(want time.Duration, about string) func() {
			t.Helper()
			right, wait := f.Guess(address, bounds.Guesses)
			if wait != want {
				t.Errorf("%s: the next guess is allowed in %s, want %s", about, wait, want)
			}
			return right
		}
		for range 100 {
			guess(0, "right ones")()
		}
		for range 9 {
			guess(0, "nine wrong ones")
		}
		time.Sleep(15 * time.Minute)
		for range 10 {
			guess(0, "ten wrong ones, a quarter of an hour later")
		}
		guess(time.Minute, "the eleventh")
		time.Sleep(15 * time.Minute)
		guess(0, "a quarter of an hour later")
		guess(2*time.Minute, "the twelfth")
		time.Sleep(2 * time.Minute)
		for range 3 {
			guess(0, "right ones after the pause")()
		}
		time.Sleep(24*time.Hour - 2*time.Minute) // A day since the last wrong one.
		for range 10 {
			guess(0, "a day later")
		}
	})
}

// TestForms_AtOnce sends everything at the same time.
func TestForms_AtOnce(t *testing.T) {
	t.Parallel()
	f := ratelimit.NewForms()
	var mails, guesses atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if _, wait := f.Mail(address); wait == 0 {
				mails.Add(1)
			}
			if _, wait := f.Guess(address, bounds.Guesses); wait == 0 {
				guesses.Add(1)
			}
		})
	}
	all.Wait()
	if mails.Load() != 1 || guesses.Load() != 10 {
		t.Errorf("%d mails and %d guesses are allowed at once, want 1 and 10", mails.Load(), guesses.Load())
	}
}

// TestForms_AreBounded counts for more accounts than there is room for. Those that lapse first make room; an account in a
// pause never does. The production failure: a flood of other accounts ended the pause.
func TestForms_AreBounded(t *testing.T) {
	t.Parallel()
	f := ratelimit.NewForms()
	for range 10 {
		f.Guess(address, bounds.Guesses)
	}
	for n := range 30_000 {
		if _, wait := f.Guess(ratelimit.NewKey("other", strconv.Itoa(n)), bounds.Guesses); wait > 0 {
			t.Fatalf("account %d must wait for %s", n, wait)
		}
	}
	if _, wait := f.Guess(address, bounds.Guesses); wait == 0 {
		t.Error("the pause of an account ends when others need room")
	}
}

// TestForms_RefuseWhenAllAreInAPause mails to so many addresses at once that there is no room for another one.
func TestForms_RefuseWhenAllAreInAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := ratelimit.NewForms()
		mail := func(n int) time.Duration {
			_, wait := f.Mail(ratelimit.NewKey("mail", strconv.Itoa(n)))
			return wait
		}
		for n := range 20_000 {
			mail(n)
		}
		if wait := mail(20_000); wait != time.Minute {
			t.Errorf("an address for which there is no room must wait for %s, want a minute", wait)
		}
		if wait := mail(0); wait == 0 {
			t.Error("the first address is forgotten")
		}
		time.Sleep(time.Minute)
		if wait := mail(20_000); wait != 0 {
			t.Errorf("after the pauses of the others it must wait for %s", wait)
		}
	})
}

// TestForms_TakenBackNeedsNoRoom takes back more mails than there is room for.
func TestForms_TakenBackNeedsNoRoom(t *testing.T) {
	t.Parallel()
	f := ratelimit.NewForms()
	f.Mail(address)
	for n := range 30_000 {
		unsent, wait := f.Mail(ratelimit.NewKey("mail", strconv.Itoa(n)))
		if wait > 0 {
			t.Fatalf("mail %d must wait for %s, although none was sent", n, wait)
		}
		unsent()
	}
	if _, wait := f.Mail(address); wait == 0 {
		t.Error("an address is forgotten for mails that were not sent")
	}
}
