package mailer

import (
	"fmt"
	"time"

	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/notification"
)

// words are the texts of a language. {who} stands for the name of who has acted.
type words struct {
	lines map[notification.Kind]string
	// nobody has the lines of what may happen without anybody who acts.
	nobody         map[notification.Kind]string
	former         string // in place of the name of a former member
	open, why, off string
	// In place of open, what to do after a fostering, and about a reference.
	refer, read string
	// What is about the security of the account says what to do if it was somebody else, and why it comes.
	recover, report, security string
	days                      func(first, last time.Time) string
}

func languages() map[string]words { return map[string]words{"en": english(), "de": german()} }

func english() words {
	return words{
		lines: map[notification.Kind]string{
			notification.Requested:      "{who} asks for your cat",
			notification.Edited:         "{who} has changed the request for your cat",
			notification.Approved:       "{who} says yes to your request",
			notification.Rejected:       "{who} says no to your request",
			notification.Cancelled:      "{who} has called a fostering off",
			notification.Expired:        "A request was not answered in time",
			notification.BeginsTomorrow: "A fostering begins tomorrow",
			notification.Begun:          "A fostering has begun",
			notification.EndsTomorrow:   "A fostering ends tomorrow",
			notification.Completed:      "{who} has ended a fostering",
			notification.Proposed:       "{who} proposes other days",
			notification.Accepted:       "{who} accepts the other days",
			notification.Declined:       "{who} declines the other days",
			notification.DaysTaken:      "The days that you asked for are promised to somebody else",
			notification.Message:        "{who} has written to you",
			notification.RoleGranted:    "You have got a role here",
			notification.RoleRevoked:    "A role of yours was taken back",
			notification.CatRemoved:     "{who}, an admin, has deleted your cat",
			notification.CarePlan:       "{who} has changed the care plan of the cat",
			notification.ReportResolved: "The moderators have looked at what you have reported",
			notification.Warned:         "A moderator has something to tell you",
			notification.ContentRemoved: "A moderator has deleted something of yours",
			notification.Reference:      "{who} has written a reference about you",
			notification.Password:       "Your password was changed",
			notification.Email:          "Your account has another email address",
			notification.SecondFactor:   "The second factor of your account was changed",
		},
		nobody: map[notification.Kind]string{
			notification.Cancelled:  "A fostering was called off",
			notification.Completed:  "A fostering has ended",
			notification.CatRemoved: "An admin has deleted your cat",
		},
		former: "A former member",
		open:   "See what to do", why: "You get this mail as a member.", off: "No more mails like this",
		refer:    fmt.Sprintf("Write a reference within %d days", limits.ContactDays),
		read:     fmt.Sprintf("Read it after writing yours, or %d days after the end of the fostering", limits.ContactDays),
		recover:  "Was it not you? Recover your account",
		report:   "Was it not you? Tell those who run the community at once",
		security: "You get this mail because it is about the security of your account. It cannot be turned off.",
		days: func(first, last time.Time) string {
			const day = "2 January 2006"
			return first.Format(day) + " to " + last.Format(day)
		},
	}
}

func german() words {
	return words{
		lines: map[notification.Kind]string{
			notification.Requested:      "{who} fragt nach deiner Katze",
			notification.Edited:         "{who} hat die Anfrage für deine Katze geändert",
			notification.Approved:       "{who} sagt dir zu",
			notification.Rejected:       "{who} sagt dir ab",
			notification.Cancelled:      "{who} hat eine Pflege abgesagt",
			notification.Expired:        "Eine Anfrage wurde nicht rechtzeitig beantwortet",
			notification.BeginsTomorrow: "Eine Pflege beginnt morgen",
			notification.Begun:          "Eine Pflege hat begonnen",
			notification.EndsTomorrow:   "Eine Pflege endet morgen",
			notification.Completed:      "{who} hat eine Pflege beendet",
			notification.Proposed:       "{who} schlägt andere Tage vor",
			notification.Accepted:       "{who} nimmt die anderen Tage an",
			notification.Declined:       "{who} lehnt die anderen Tage ab",
			notification.DaysTaken:      "Die Tage deiner Anfrage sind jemand anderem versprochen",
			notification.Message:        "{who} hat dir geschrieben",
			notification.RoleGranted:    "Du hast hier eine Rolle bekommen",
			notification.RoleRevoked:    "Eine deiner Rollen wurde zurückgenommen",
			notification.CatRemoved:     "{who} hat als Admin deine Katze gelöscht",
			notification.CarePlan:       "{who} hat den Pflegeplan der Katze geändert",
			notification.ReportResolved: "Die Moderation hat sich angesehen, was du gemeldet hast",
			notification.Warned:         "Die Moderation hat dir etwas zu sagen",
			notification.ContentRemoved: "Die Moderation hat etwas von dir gelöscht",
			notification.Reference:      "{who} hat eine Referenz über dich geschrieben",
			notification.Password:       "Dein Passwort wurde geändert",
			notification.Email:          "Dein Konto hat eine andere E-Mail-Adresse",
			notification.SecondFactor:   "Der zweite Schritt deiner Anmeldung wurde geändert",
		},
		nobody: map[notification.Kind]string{
			notification.Cancelled:  "Eine Pflege wurde abgesagt",
			notification.Completed:  "Eine Pflege ist zu Ende",
			notification.CatRemoved: "Ein Admin hat deine Katze gelöscht",
		},
		former: "Ein ehemaliges Mitglied",
		open:   "Sieh nach, was zu tun ist", why: "Du bekommst diese Mail als Mitglied.", off: "Keine solchen Mails mehr",
		refer:    fmt.Sprintf("Schreib innerhalb von %d Tagen eine Referenz", limits.ContactDays),
		read:     fmt.Sprintf("Du liest sie, wenn du deine geschrieben hast, oder %d Tage nach dem Ende der Pflege", limits.ContactDays),
		recover:  "Warst du das nicht? Hol dir dein Konto zurück",
		report:   "Warst du das nicht? Sag es sofort denen, die die Gemeinschaft betreiben",
		security: "Du bekommst diese Mail, weil es um die Sicherheit deines Kontos geht. Sie lässt sich nicht abstellen.",
		days: func(first, last time.Time) string {
			const day = "02.01.2006"
			return first.Format(day) + " bis " + last.Format(day)
		},
	}
}
