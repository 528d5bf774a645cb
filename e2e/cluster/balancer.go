package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// healthEvery is how often a backend is asked whether it is ready, and healthTimeout how long it may take to answer.
	healthEvery, healthTimeout = 500 * time.Millisecond, 4 * time.Second
	// maxBody is the size of the largest request that is passed on. It is read first, so that it can be sent to another backend.
	maxBody = 1 << 20
)

// backend is a server behind a balancer.
type backend struct {
	url    *url.URL
	health string // the address that says whether it is ready
	up     atomic.Bool
}

// newBackend returns a backend at a URL, whose health is asked for at another one.
func newBackend(address, health string) (*backend, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of a backend: %w", err)
	}
	b := &backend{url: u, health: health}
	b.up.Store(true)
	return b, nil
}

// balancer is an HTTP proxy that sends each request to the next backend that is ready, as the load balancers of hosters do.
type balancer struct {
	URL string

	backends []*backend
	next     atomic.Uint64
	to       *http.Transport
	server   *http.Server
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// startBalancer listens on a port of the loopback interface until close is called.
func startBalancer(ctx context.Context, port uint16, backends ...*backend) (*balancer, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("start a balancer: %w", err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b := &balancer{
		URL: "http://" + listener.Addr().String(), backends: backends, stop: cancel,
		to: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: time.Minute},
	}
	b.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetXForwarded()
			r.Out.Host = r.In.Host // The server knows itself by the name that clients use.
		},
		Transport: b,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.WriteHeader(http.StatusBadGateway) // The client sees the failure.
		},
	}}
	b.running.Go(func() { _ = b.server.Serve(listener) }) // It ends with an error when it is closed.
	for _, each := range backends {
		b.running.Go(func() { b.watch(ctx, each) })
	}
	return b, nil
}

// close ends the balancer and all requests.
func (b *balancer) close() error {
	b.stop()
	err := b.server.Close()
	b.running.Wait()
	b.to.CloseIdleConnections()
	return err
}

// watch asks a backend again and again whether it is ready.
func (b *balancer) watch(ctx context.Context, of *backend) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		of.up.Store(isOK(ctx, of.health))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RoundTrip sends a request to the next backend. If no connection can be opened, nothing has been sent, and another one gets it.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	for range b.backends {
		to := b.choose()
		try := r.Clone(r.Context())
		try.URL.Scheme, try.URL.Host = to.url.Scheme, to.url.Host
		if r.Body != nil {
			try.Body = io.NopCloser(bytes.NewReader(body))
		}
		var response *http.Response
		if response, err = b.to.RoundTrip(try); err == nil {
			return response, nil
		}
		var failed *net.OpError
		if !errors.As(err, &failed) || failed.Op != "dial" {
			return nil, err
		}
		to.up.Store(false)
	}
	return nil, err
}

// readBody reads the body of a request, which may have none.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err = errors.Join(err, r.Body.Close()); err == nil && len(body) > maxBody {
		err = errors.New("the request is too large")
	}
	return body, err
}

// choose returns the next backend that is ready, or just the next one if none is.
func (b *balancer) choose() *backend {
	first := b.next.Add(1)
	n := uint64(len(b.backends))
	for i := range n {
		if found := b.backends[(first+i)%n]; found.up.Load() {
			return found
		}
	}
	return b.backends[first%n]
}

// isOK reports whether a GET request to an address is answered with 200 in time.
func isOK(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}
