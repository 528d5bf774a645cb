package graph

import "github.com/hashicorp/golang-lru/v2/simplelru"

// maxEntries bounds the entries of a sizedCache, whatever their sizes are.
const maxEntries = 1000

// sizedCache keeps the values that were used last, bounded by the sum of their sizes. A value
// has a key and a second, shorter one, its id. It is not safe for concurrent use.
type sizedCache[V any] struct {
	entries *simplelru.LRU[string, sized[V]]
	keys    map[string]string // by id
	size    int
	limit   int
}

type sized[V any] struct {
	id    string
	value V
	size  int
}

// newSizedCache returns a cache for values whose sizes sum up to at most limit.
func newSizedCache[V any](limit int) *sizedCache[V] {
	c := &sizedCache[V]{keys: map[string]string{}, limit: limit}
	entries, err := simplelru.NewLRU(maxEntries, func(_ string, entry sized[V]) {
		c.size -= entry.size
		delete(c.keys, entry.id)
	})
	if err != nil {
		panic(err) // maxEntries is not positive.
	}
	c.entries = entries
	return c
}

func (c *sizedCache[V]) get(key string) (V, bool) {
	entry, ok := c.entries.Get(key)
	return entry.value, ok
}

// keyOf returns the key of the value with an id.
func (c *sizedCache[V]) keyOf(id string) (string, bool) {
	key, ok := c.keys[id]
	return key, ok
}

// add replaces the value of the key. A value that is larger than the limit is not kept.
func (c *sizedCache[V]) add(key, id string, value V, size int) {
	c.entries.Remove(key)
	c.size += size
	c.entries.Add(key, sized[V]{id, value, size})
	c.keys[id] = key
	for c.size > c.limit {
		c.entries.RemoveOldest()
	}
}

func (c *sizedCache[V]) remove(key string) { c.entries.Remove(key) }
