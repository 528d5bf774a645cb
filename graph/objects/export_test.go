package objects

// ContainsWords is the condition of a search.
var ContainsWords = containsWords
