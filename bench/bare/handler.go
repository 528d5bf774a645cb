package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/catfoster/catfoster/graph/scalar"
)

// handler answers the questions of the benchmark.
type handler struct {
	store    *store
	services *services
	sessions *expirable.LRU[string, user] // by token
}

const (
	// sessionAge is how long a session is cached: as long as the API does.
	sessionAge = 10 * time.Second
	// maxSessions is more than the benchmark has.
	maxSessions = 1000
)

// variables are the variables of a GraphQL request.
type variables struct {
	ID  uuid.UUID `json:"id"`
	Age int       `json:"age"`
}

// newHandler returns a handler that serves each question at a path of its own. It takes the
// body of the GraphQL request, and returns the data that the API returns.
func newHandler(s *store, services *services) http.Handler {
	h := &handler{store: s, services: services, sessions: expirable.NewLRU[string, user](maxSessions, nil, sessionAge)}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.Handle("POST /me", h.answer(h.me))
	mux.Handle("POST /page", h.answer(h.page))
	mux.Handle("POST /hints", h.answer(h.hints))
	mux.Handle("POST /cat", h.answer(h.cat))
	mux.Handle("POST /update", h.answer(h.update))
	return mux
}

// answer reads the request and the session, and writes what resolve returns.
func (h *handler) answer(resolve func(context.Context, user, variables) (object, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			Variables variables `json:"variables"`
		}
		err := json.NewDecoder(r.Body).Decode(&request)
		var caller user
		if err == nil {
			caller, err = h.caller(r.Context(), r.Header.Get("X-Session-Token"))
		}
		var data object
		if err == nil {
			data, err = resolve(r.Context(), caller, request.Variables)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"data": data}) // It fails only if the client has disconnected.
	})
}

func (h *handler) caller(ctx context.Context, token string) (user, error) {
	if cached, ok := h.sessions.Get(token); ok {
		return cached, nil
	}
	identity, err := h.services.identity(ctx, token)
	if err != nil {
		return user{}, err
	}
	found, err := h.store.userOf(ctx, identity)
	if err == nil {
		h.sessions.Add(token, found)
	}
	return found, err
}

// object is a JSON object.
type object = map[string]any

func (h *handler) me(_ context.Context, caller user, _ variables) (object, error) {
	return object{"me": caller}, nil
}

// catNode is a cat as the queries of the benchmark select it.
type catNode struct {
	ID          uuid.UUID `json:"id"`
	Name        string    `json:"name"`
	Age         int       `json:"age"`
	Description string    `json:"description"`
	Location    *string   `json:"location"`
	Available   bool      `json:"available"`
	Owner       *owner    `json:"owner,omitempty"`
}

type owner struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

func newNode(c cat) catNode {
	return catNode{ID: c.id, Name: c.name, Age: c.age, Description: c.description, Location: c.location, Available: c.available}
}

// edge is a cat on a page.
type edge struct {
	Cursor json.RawMessage `json:"cursor"`
	Node   catNode         `json:"node"`
}

// pageInfo says where a page ends.
type pageInfo struct {
	HasNextPage bool            `json:"hasNextPage"`
	EndCursor   json.RawMessage `json:"endCursor"`
}

func (h *handler) page(ctx context.Context, caller user, _ variables) (object, error) {
	cats, err := h.store.cats(ctx, caller.ID)
	if err != nil {
		return nil, err
	}
	info := pageInfo{HasNextPage: len(cats) > pageSize}
	cats = cats[:min(len(cats), pageSize)]
	edges := make([]edge, len(cats))
	for i, c := range cats {
		edges[i] = edge{cursorOf(c), newNode(c)}
		info.EndCursor = edges[i].Cursor
	}
	return object{"catProfiles": object{"edges": edges, "pageInfo": info}}, nil
}

// cursorOf returns the cursor of a cat in the default order.
func cursorOf(c cat) json.RawMessage {
	var text bytes.Buffer
	scalar.Cursor{Order: "CREATED_AT", Value: c.created.UTC().Format(time.RFC3339Nano), ID: c.id}.MarshalGQL(&text)
	return text.Bytes()
}

// hintedEdge is a cat on a page, with what the caller may do.
type hintedEdge struct {
	Node hintedNode `json:"node"`
}

type hintedNode struct {
	ID              uuid.UUID `json:"id"`
	Name            string    `json:"name"`
	ViewerCanEdit   bool      `json:"viewerCanEdit"`
	ViewerCanFoster bool      `json:"viewerCanFoster"`
}

func (h *handler) hints(ctx context.Context, caller user, _ variables) (object, error) {
	nodes, err := h.store.hints(ctx, caller.ID)
	if err != nil {
		return nil, err
	}
	edges := make([]hintedEdge, len(nodes))
	for i, node := range nodes {
		edges[i].Node = node
	}
	return object{"catProfiles": object{"edges": edges}}, nil
}

func (h *handler) cat(ctx context.Context, caller user, v variables) (object, error) {
	c, of, err := h.store.cat(ctx, v.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	node := newNode(c)
	node.Owner = &owner{of.ID, of.Name}
	return object{"catProfile": node}, nil
}

func (h *handler) update(ctx context.Context, caller user, v variables) (object, error) {
	allowed, err := h.services.mayEdit(ctx, caller.ID, v.ID)
	if err != nil {
		return nil, err
	}
	if !allowed {
		return object{"updateCatProfile": nil}, nil
	}
	c, err := h.store.setAge(ctx, v.ID, v.Age)
	if err != nil {
		return nil, err
	}
	return object{"updateCatProfile": object{"id": c.id, "age": c.age}}, nil
}
