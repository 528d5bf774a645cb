package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// answerTimeout is how long an answer may take.
const answerTimeout = 30 * time.Second

// request is an encoded request.
type request struct {
	encoded []byte
	// proof is a text in every answer that does what was asked. Decoding the answers would
	// take processor time from the servers.
	proof string
}

// connection is an HTTP connection that carries one request at a time. Unlike http.Client it
// starts no goroutines and encodes nothing, because it shares the processors with the servers
// that it measures.
type connection struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

func dial(ctx context.Context, address string) (*connection, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{conn: conn, in: bufio.NewReader(conn)}, nil
}

func (c *connection) close() error { return c.conn.Close() }

// send sends a request and returns the body of the answer, which is valid until the next
// call. An answer that reports a failure, or has no proof of success, is an error.
func (c *connection) send(r *request) (body []byte, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(r.encoded); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	defer response.Body.Close()
	c.body.Reset()
	if _, err := c.body.ReadFrom(response.Body); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	body = c.body.Bytes()
	isDone := response.StatusCode == http.StatusOK || response.StatusCode == http.StatusCreated
	if !isDone || bytes.Contains(body, []byte(`"errors":[`)) || !bytes.Contains(body, []byte(r.proof)) {
		return nil, fmt.Errorf("the answer is %s: %.500s", response.Status, body)
	}
	return body, nil
}

// encodeGet returns a GET request. The token may be empty.
func encodeGet(host, path, token string) []byte {
	return encode(http.MethodGet, host, path, token, "", nil)
}

// encodePost returns a POST request with a body of a type.
func encodePost(host, path, token, kind string, body []byte) []byte {
	return encode(http.MethodPost, host, path, token, kind, body)
}

func encode(method, host, path, token, kind string, body []byte) []byte {
	request := make([]byte, 0, 256+len(path)+len(body))
	request = append(request, method+" "+path+" HTTP/1.1\r\nHost: "+host+"\r\n"...)
	if token != "" {
		request = append(request, "X-Session-Token: "+token+"\r\n"...)
	}
	if body != nil {
		request = append(request, "Content-Type: "+kind+"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n"...)
	}
	request = append(request, "\r\n"...)
	return append(request, body...)
}
