package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Stream is a stream of live events, as a client sees it.
type Stream struct {
	// Status is that of the answer, and Header its header.
	Status int
	Header http.Header

	events chan string
	close  func()
}

// Closed is what [Stream.Next] returns after the end of a stream.
const Closed = "closed"

// Subscribe opens a stream of live events by GET, as a browser does, until the end of the test or [Stream.Close].
func (s *Server) Subscribe(t *testing.T, token string) *Stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	document := "subscription { viewerEvents { kind id } }"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/graphql?query="+url.QueryEscape(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/event-stream")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	stream := &Stream{Status: response.StatusCode, Header: response.Header, events: make(chan string, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer response.Body.Close()
		stream.read(response.Body)
	}()
	stream.close = func() {
		cancel()
		<-done
	}
	t.Cleanup(stream.close)
	return stream
}

// read reads the events.
func (s *Stream) read(body io.Reader) {
	defer close(s.events)
	lines := bufio.NewScanner(body)
	event := ""
	for lines.Scan() {
		switch name, value, _ := strings.Cut(lines.Text(), ":"); {
		case name == "" && lines.Text() != "":
			s.events <- "comment"
		case name == "event":
			event = strings.TrimSpace(value)
		case name == "data" && event == "complete":
			s.events <- event
		case name == "data":
			s.events <- describe(value)
		}
	}
}

// describe returns kind and id of an event, or the code of an error.
func describe(data string) string {
	var result struct {
		Errors []struct{ Extensions struct{ Code string } }
		Data   struct {
			ViewerEvents struct{ Kind, ID string }
		}
	}
	if err := json.Unmarshal([]byte(data), &result); err != nil {
		return data
	}
	if len(result.Errors) > 0 {
		return result.Errors[0].Extensions.Code
	}
	return strings.TrimSpace(result.Data.ViewerEvents.Kind + " " + result.Data.ViewerEvents.ID)
}

// Next returns the next event, but for comments: kind and id, the code of an error, complete, or [Closed].
func (s *Stream) Next(t *testing.T) string {
	t.Helper()
	for {
		if event := s.NextOrComment(t); event != "comment" {
			return event
		}
	}
}

// NextOrComment returns the next event, or the word comment.
func (s *Stream) NextOrComment(t *testing.T) string {
	t.Helper()
	select {
	case event, ok := <-s.events:
		if !ok {
			return Closed
		}
		return event
	case <-time.After(awaitTimeout):
		t.Fatalf("nothing has come for %s", awaitTimeout)
		return ""
	}
}

// Close ends the stream by its client.
func (s *Stream) Close() { s.close() }
