package kratos

import (
	"fmt"
	"time"

	"github.com/catfoster/catfoster/infra/template"
)

// mails returns the templates of the mails that Kratos sends with this configuration: codes to verify an address and to recover
// an account. They are in both languages, as the page asks for it or the identity's metadata_public.language says. They
// contain nothing that the person has typed who asks for the mail, which may be a stranger.
func mails() map[string]string {
	return map[string]string{
		"kratos_mail_verification_subject": "mails/verification.subject.gotmpl",
		"kratos_mail_verification_text":    "mails/verification.txt.gotmpl",
		"kratos_mail_verification_html":    "mails/verification.html.gotmpl",
		"kratos_mail_recovery_subject":     "mails/recovery.subject.gotmpl",
		"kratos_mail_recovery_text":        "mails/recovery.txt.gotmpl",
		"kratos_mail_recovery_html":        "mails/recovery.html.gotmpl",
	}
}

// addLifespan adds how long a code is valid, in the words of the mails.
func addLifespan(values template.Values, lifespan time.Duration) {
	values["kratos_code_lifespan_en"] = inWords(lifespan, "an hour", "%d hours", "a minute", "%d minutes", "%d seconds")
	values["kratos_code_lifespan_de"] = inWords(lifespan, "eine Stunde", "%d Stunden", "eine Minute", "%d Minuten", "%d Sekunden")
}

func inWords(d time.Duration, hour, hours, minute, minutes, seconds string) string {
	switch {
	case d == time.Hour:
		return hour
	case d%time.Hour == 0:
		return fmt.Sprintf(hours, d/time.Hour)
	case d == time.Minute:
		return minute
	case d%time.Minute == 0:
		return fmt.Sprintf(minutes, d/time.Minute)
	default:
		return fmt.Sprintf(seconds, d/time.Second)
	}
}
