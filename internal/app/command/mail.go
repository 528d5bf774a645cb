package command

import (
	"context"
	"fmt"
	netmail "net/mail"
	"os"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/mail"
)

// mailCommands are about the mails of the API. Kratos sends its own.
type mailCommands struct {
	Test mailTestCommand `cmd:"" help:"Send a mail to an address, to see that the server of SMTP_URL takes it."`
}

type mailTestCommand struct {
	Address string `arg:"" help:"Email address."`
}

// mailed is the configuration of the command.
type mailed struct {
	Community config.Community
	Mail      config.Mail
}

func (c mailTestCommand) Run(ctx context.Context) error {
	settings, err := config.Load[mailed](os.Environ())
	if err != nil {
		return err
	}
	if settings.Mail.SMTPURL == "" {
		return &config.Error{Problems: []string{"SMTP_URL must be set: without it nothing is mailed"}}
	}
	to, err := netmail.ParseAddress(c.Address)
	if err != nil {
		return fmt.Errorf("%q is no email address", c.Address)
	}
	sender, err := mail.NewSender(settings.Mail, settings.Community.Name)
	if err != nil {
		return err
	}
	const text = "This is a test. The server takes mails of CatFoster."
	if err := sender.Send(ctx, mail.Mail{ID: uuid.NewString(), To: []netmail.Address{*to}, Subject: "Test", Text: text, HTML: "<p>" + text + "</p>"}); err != nil {
		return err
	}
	fmt.Printf("The server has taken a mail to %s. See whether it arrives, and with which result of SPF and DKIM.\n", to.Address)
	return nil
}
