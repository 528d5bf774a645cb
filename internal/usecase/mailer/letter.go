package mailer

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	texttemplate "text/template"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/platform/mail"
)

// letter is a mail that is written, for a recipient who is not written on it yet.
type letter struct{ mail.Mail }

//go:embed letter.txt.tmpl letter.html.tmpl
var files embed.FS

// letters writes letters in the languages of the community.
type letters struct {
	community, origin string
	text              *texttemplate.Template
	html              *htmltemplate.Template
}

func newLetters(community, origin string) (letters, error) {
	l := letters{community: community, origin: strings.TrimRight(origin, "/")}
	var err error
	if l.text, err = texttemplate.ParseFS(files, "letter.txt.tmpl"); err == nil {
		l.html, err = htmltemplate.ParseFS(files, "letter.html.tmpl")
	}
	if err != nil {
		return letters{}, fmt.Errorf("parse the templates of mails: %w", err)
	}
	return l, nil
}

// content is what the templates show.
type content struct {
	Language                 string
	Line                     string // what has happened
	Cat, Days                string // of which cat and which days, or empty
	Open, URL                string // the link to it
	Why, Off, UnsubscribeURL string // why the member gets the mail, and the link to turn mails off, or empty
	Community                string
	Style                    htmltemplate.CSS
}

// write writes a letter about something that has happened. Other languages than the known ones are English. Without a token it is
// one that cannot be turned off.
func (l letters) write(language string, kind notification.Kind, s subject, token string) (*letter, error) {
	words, ok := languages()[language]
	if !ok {
		language = "en"
		words = languages()[language]
	}
	who := oneLine(s.actor)
	line, ok := words.lines[kind]
	if !ok {
		return nil, fmt.Errorf("there is no text for %s", kind)
	}
	switch {
	case who == "" && words.nobody[kind] != "":
		line = words.nobody[kind]
	case who == "" || who == names.Former: // An event does not name a former member.
		who = words.former
	}
	c := content{
		Language: language, Line: strings.ReplaceAll(line, "{who}", who), Cat: oneLine(s.cat), Open: words.open, URL: l.origin + "/notifications",
		Why: words.security, Community: l.community,
		Style: htmltemplate.CSS(mail.Style()), //nolint:gosec // It is a file of ours.
	}
	if token != "" {
		c.Why, c.Off, c.UnsubscribeURL = words.why, words.off, l.origin+"/unsubscribe?token="+url.QueryEscape(token)
	}
	switch kind { //nolint:exhaustive // The others say what has happened, and no more.
	case notification.Password, notification.SecondFactor:
		c.Open, c.URL = words.recover, l.origin+"/recovery"
	case notification.Email: // A recovery would be mailed to the other address.
		c.Open, c.URL = words.report, l.origin
	case notification.Completed:
		c.Open = words.refer
	case notification.Reference:
		c.Open = words.read
	}
	if !s.start.IsZero() {
		c.Days = words.days(s.start, s.end)
	}
	if s.id != uuid.Nil {
		c.URL = l.origin + "/fosterings/" + s.id.String()
	}
	var text, html strings.Builder
	if err := l.text.Execute(&text, c); err != nil {
		return nil, fmt.Errorf("write the text of a mail: %w", err)
	}
	if err := l.html.Execute(&html, c); err != nil {
		return nil, fmt.Errorf("write the HTML of a mail: %w", err)
	}
	title := c.Line
	if c.Cat != "" {
		title += " (" + c.Cat + ")"
	}
	return &letter{mail.Mail{Subject: title, Text: text.String(), HTML: html.String(), Unsubscribe: c.UnsubscribeURL}}, nil
}

// oneLine returns a name without line breaks. The rules for names refuse them, but old names stay.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }
