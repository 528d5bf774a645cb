package objects

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// ContainsWords selects cats that have every word of the search. A search without words selects none.
func ContainsWords(search string) predicate.CatProfile {
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
	db     *ent.Client
	viewer uuid.UUID
	words  words.Search
}

// Search returns how a search of a viewer is understood.
func (f *Factory) Search(viewer uuid.UUID, text string) *CatSearch {
	return &CatSearch{db: f.db, viewer: viewer, words: words.Parse(text)}
}

// Words returns the words that the cats must have.
func (s *CatSearch) Words() []string { return s.words.Texts() }

// Suggestions returns searches that find cats, with another word in place of the one that no cat has. Of two such words one is
// not enough. It looks the words near that one up in the index of the cats, one by one: a list of the words in use would have
// to be written with every cat, and forget the words of those that are deleted.
func (s *CatSearch) Suggestions(ctx context.Context) ([]string, error) {
	at, err := s.missing(ctx)
	if err != nil || at < 0 {
		return []string{}, err
	}
	before, after := s.words[:at], s.words[at+1:]
	others := slices.Concat(before, after)
	query := fmt.Sprintf(`SELECT word FROM unnest($1::text[]) WITH ORDINALITY AS near (word, n)
		WHERE by_hand_visible_cat_has(quote_literal(word)::tsquery, ARRAY(%s)) ORDER BY n LIMIT $2`, hidden.From(s.viewer).Text("$3"))
	near, err := database.Select[string](ctx, s.db, query, words.Near(s.words[at].Text), 2*limits.MaxSuggestions, s.viewer)
	if err != nil {
		return nil, fmt.Errorf("look for words near one that no cat has: %w", err)
	}
	if near, err = s.having(ctx, near, others); err != nil {
		return nil, fmt.Errorf("look for cats that have the other words: %w", err)
	}
	suggestions := make([]string, min(len(near), limits.MaxSuggestions))
	for i := range suggestions {
		suggestions[i] = strings.Join(slices.Concat(before.Texts(), near[i:i+1], after.Texts()), " ")
	}
	return suggestions, nil
}

// missing returns the number of the only word that no cat has, or -1.
func (s *CatSearch) missing(ctx context.Context) (int, error) {
	conditions := make([]string, len(s.words))
	queries := make([]any, len(s.words))
	for i, word := range s.words {
		conditions[i], queries[i] = fmt.Sprintf("by_hand_words @@ $%d::tsquery", i+1), tsquery(words.Search{word})
	}
	absent, err := s.where(ctx, false, conditions, queries...)
	if err != nil {
		return -1, fmt.Errorf("look for a word that no cat has: %w", err)
	}
	if len(absent) != 1 {
		return -1, nil
	}
	return absent[0], nil
}

// having returns those of some words that a cat has together with all the others.
func (s *CatSearch) having(ctx context.Context, near []string, others words.Search) ([]string, error) {
	if len(others) == 0 || len(near) == 0 {
		return near, nil
	}
	conditions, queries := make([]string, len(near)), []any{tsquery(others)}
	for i, word := range near {
		// The index is asked for the first word only: the others may be common ones.
		conditions[i] = fmt.Sprintf("by_hand_words @@ $%d::tsquery AND (by_hand_words || '') @@ $1::tsquery", i+2)
		queries = append(queries, "'"+word+"'")
	}
	present, err := s.where(ctx, true, conditions, queries...)
	found := make([]string, len(present))
	for i, n := range present {
		found[i] = near[n]
	}
	return found, err
}

// where returns the numbers of the conditions that hold for a cat that the viewer sees, or of those that hold for none.
func (s *CatSearch) where(ctx context.Context, holds bool, conditions []string, arguments ...any) ([]int, error) {
	if len(conditions) == 0 {
		return nil, nil
	}
	query, isVisible := strings.Builder{}, fmt.Sprintf("owner_id NOT IN (%s)", hidden.From(s.viewer).Text(fmt.Sprintf("$%d", len(arguments)+1)))
	for i, condition := range conditions {
		if i > 0 {
			query.WriteString(" UNION ALL ")
		}
		fmt.Fprintf(&query, "SELECT %d AS n WHERE EXISTS (SELECT FROM cat_profiles WHERE archived_at IS NULL AND %s AND %s) = %t",
			i, condition, isVisible, holds)
	}
	// The best plan depends on how common a word is.
	return database.Select[int](database.PlanEachTime(ctx), s.db, query.String()+" ORDER BY n", append(arguments, s.viewer)...)
}
