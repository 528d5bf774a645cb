package guard

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// checkSyntax refuses what the parser accepts and the grammar does not: variables that a fragment defines, and half of
// a surrogate pair in a text, which the parser would replace by another character.
func checkSyntax(text string, document *ast.QueryDocument) *gqlerror.Error {
	for _, fragment := range document.Fragments {
		if len(fragment.VariableDefinition) > 0 {
			return gqlerror.ErrorPosf(fragment.VariableDefinition[0].Position, "a fragment cannot define variables")
		}
	}
	if !strings.Contains(text, `\u`) {
		return nil
	}
	characters := []rune(text)
	reader := lexer.New(&ast.Source{Input: text})
	for token, err := reader.ReadToken(); err == nil && token.Kind != lexer.EOF; token, err = reader.ReadToken() {
		if token.Kind == lexer.String && hasLoneSurrogate(characters[token.Pos.Start:token.Pos.End]) {
			return gqlerror.ErrorPosf(&token.Pos, "the text has half of a surrogate pair")
		}
	}
	return nil
}

// hasLoneSurrogate reports whether a string of a document, which is one for the lexer, has an escape sequence that is
// half of a surrogate pair.
func hasLoneSurrogate(text []rune) bool {
	high := false // The last character is the first half of a pair.
	for at := 0; at < len(text); {
		half, length := byte(0), 1
		switch {
		case text[at] != '\\':
		case text[at+1] == 'u' && text[at+2] != '{':
			half, length = surrogate(text[at+2:at+4]), len(`\uD800`)
		default:
			length = len(`\n`)
		}
		if high != (half == 'L') {
			return true
		}
		high = half == 'H'
		at += length
	}
	return high
}

// surrogate says which half of a pair the first two digits of an escape sequence stand for: 'H', 'L' or neither, 0.
func surrogate(digits []rune) byte {
	switch strings.ToUpper(string(digits)) {
	case "D8", "D9", "DA", "DB":
		return 'H'
	case "DC", "DD", "DE", "DF":
		return 'L'
	}
	return 0
}
