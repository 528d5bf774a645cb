package objects

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// containsWords selects cats that have every word of the search. A search without words selects none.
func containsWords(search string) predicate.CatProfile {
	query := tsquery(words.Parse(search))
	return func(q *sql.Selector) {
		if query == "" {
			q.Where(sql.False())
			return
		}
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C("by_hand_words")).WriteString(" @@ ").Arg(query).WriteString("::tsquery")
		}))
	}
}

// tsquery returns the search as Postgres reads a tsquery. Words have no quotes.
func tsquery(search words.Search) string {
	var terms []string
	for _, word := range search {
		for _, whole := range word.Whole {
			terms = append(terms, "'"+whole+"'")
		}
		terms = append(terms, "'"+word.Begun+"':*")
	}
	return strings.Join(terms, " & ")
}

// CatSearch is how a search of cats was understood.
type CatSearch struct {
	db    *ent.Client
	words words.Search
}

// Words returns the words that the cats must have.
func (s *CatSearch) Words() []string { return s.words.Texts() }

// Suggestions returns searches that find cats, with another word in place of the one that no cat has. Of two such words one is
// not enough. It looks the words near that one up in the index of the cats, one by one: a list of the words in use would have
// to be written with every cat, and forget the words of those that are deleted.
func (s *CatSearch) Suggestions(ctx context.Context) ([]string, error) {
	queries := make([]string, len(s.words))
	for i, word := range s.words {
		queries[i] = tsquery(words.Search{word})
	}
	missing, err := database.Select[int](ctx, s.db, `SELECT n - 1 FROM unnest($1::text[]) WITH ORDINALITY AS word (query, n) WHERE NOT by_hand_cat_has(query::tsquery)`,
		queries)
	if err != nil {
		return nil, fmt.Errorf("look for a word that no cat has: %w", err)
	}
	if len(missing) != 1 {
		return []string{}, nil
	}
	at := missing[0]
	var others strings.Builder
	for i, query := range queries {
		if i != at {
			others.WriteString(" & " + query)
		}
	}
	near, err := database.Select[string](ctx, s.db, `SELECT word FROM unnest($1::text[]) WITH ORDINALITY AS near (word, n)
		WHERE by_hand_cat_has(quote_literal(word)::tsquery) AND by_hand_cat_has((quote_literal(word) || $2)::tsquery) ORDER BY n LIMIT $3`,
		words.Near(s.words[at].Text), others.String(), limits.MaxSuggestions)
	if err != nil {
		return nil, fmt.Errorf("look for words near one that no cat has: %w", err)
	}
	suggestions := make([]string, len(near))
	for i, word := range near {
		suggestions[i] = strings.Join(slices.Concat(s.words[:at].Texts(), []string{word}, s.words[at+1:].Texts()), " ")
	}
	return suggestions, nil
}
