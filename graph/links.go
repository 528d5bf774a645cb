package graph

import (
	"context"
	"regexp"

	"github.com/catfoster/catfoster/ent"
)

// link matches the beginning of what people and programs take for a link.
var link = regexp.MustCompile(`(?i)\b(https?://|www\.)`)

// writer returns a validator of what a member writes for others to read.
func (r *resolver) writer(ctx context.Context, member *ent.User) *validator {
	return &validator{maxLinks: func() (int, error) { return r.useCases.Fosterings.MaxLinks(ctx, member) }}
}

// fewLinks checks the number of links in a text.
func (v *validator) fewLinks(text check[string]) check[string] {
	return func(field, value string) string {
		value = text(field, value)
		links := len(link.FindAllStringIndex(value, -1))
		if v.maxLinks == nil || links == 0 {
			return value
		}
		most, err := v.maxLinks()
		switch {
		case err != nil:
			v.failure = err
		case most >= 0 && links > most:
			v.problems.Add(field, "must have at most %d links, because you are new here", most)
		}
		return value
	}
}
