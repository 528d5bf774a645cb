package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Ports are the TCP ports of a stack's services and of the API that uses them.
type Ports struct {
	API, APIInternal          uint16
	Postgres                  uint16
	KratosPublic, KratosAdmin uint16
	KetoRead, KetoWrite       uint16
	KetoMetrics, KetoLanguage uint16
	MailSMTP, MailPage        uint16
}

// DefaultPorts returns the ports of `make run`.
func DefaultPorts() Ports {
	return Ports{
		API: 8080, APIInternal: 8081,
		Postgres:     5442,
		KratosPublic: 4433, KratosAdmin: 4434,
		KetoRead: 4466, KetoWrite: 4467, KetoMetrics: 4468, KetoLanguage: 4469,
		MailSMTP: 1025, MailPage: 8025,
	}
}

// PortRange is a range of ports that one program has reserved, so that the tests of
// several packages can run at the same time without using each other's ports. The
// ranges are below the ports that operating systems use for outgoing connections.
type PortRange struct {
	lock *os.File

	mu     sync.Mutex
	first  uint16
	issued uint16 // how many ports Port has returned
}

const (
	lowestPort = 20000
	// rangeSize is more than the end-to-end tests take altogether: a stack that has stopped finds its ports free when it starts again.
	rangeSize  = 1000
	rangeCount = 12
)

// ReservePorts reserves a range of ports until Release is called or the program ends. It
// fails if other programs have reserved all ranges.
func ReservePorts() (*PortRange, error) {
	for n := range uint16(rangeCount) {
		lock, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("catfoster-ports-%d.lock", n)), os.O_CREATE|os.O_RDWR, 0o666)
		if errors.Is(err, os.ErrPermission) {
			continue // The lock file belongs to another user.
		}
		if err != nil {
			return nil, fmt.Errorf("reserve ports: %w", err)
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			return &PortRange{lock: lock, first: lowestPort + n*rangeSize}, nil
		}
		_ = lock.Close()
	}
	return nil, errors.New("reserve ports: other programs have reserved all ranges")
}

// Release ends the reservation.
func (r *PortRange) Release() error { return r.lock.Close() }

// Port returns a port of the range that no program listens on. It returns the same port
// again only after all others.
func (r *PortRange) Port() (uint16, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range rangeSize {
		port := r.first + r.issued%rangeSize
		r.issued++
		if isFree(port) {
			return port, nil
		}
	}
	return 0, errors.New("find a free port: all ports of the range are in use")
}

// Ports returns free ports for a stack and its API.
func (r *PortRange) Ports() (Ports, error) {
	var p Ports
	for _, port := range []*uint16{
		&p.API, &p.APIInternal, &p.Postgres, &p.KratosPublic, &p.KratosAdmin,
		&p.KetoRead, &p.KetoWrite, &p.KetoMetrics, &p.KetoLanguage, &p.MailSMTP, &p.MailPage,
	} {
		var err error
		if *port, err = r.Port(); err != nil {
			return Ports{}, err
		}
	}
	return p, nil
}

func isFree(port uint16) bool {
	listener, err := listen(context.Background(), port)
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// address returns the host and port of a server on the loopback interface.
func address(port uint16) string {
	return net.JoinHostPort("127.0.0.1", strconv.FormatUint(uint64(port), 10))
}

// listenTimeout is how long listen waits for a port that is in use.
const listenTimeout = 200 * time.Millisecond

// listen listens on a port of the loopback interface.
//
// A port that this program has just closed may still be in use for some milliseconds: a
// child process that it starts meanwhile holds copies of its sockets until it calls exec.
// So listen tries again for a short time before it reports that the port is in use.
func listen(ctx context.Context, port uint16) (net.Listener, error) {
	deadline := time.After(listenTimeout)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", address(port))
		if !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
		select {
		case <-deadline:
			return nil, err
		case <-tick.C:
		}
	}
}

// loopback returns the URL of a server on the loopback interface.
func loopback(port uint16) string {
	return "http://" + address(port)
}

// checkPorts returns an error that names a service whose port is in use. It is called
// before any service is started, so that a second `make run` changes nothing.
func (s *Stack) checkPorts() error {
	type use struct {
		service string
		port    uint16
	}
	p := s.options.Ports
	uses := []use{{"The API", p.API}, {"The API's internal listener", p.APIInternal}}
	if s.options.PostgresURL == "" {
		uses = append(uses, use{"Postgres", p.Postgres})
	}
	if !s.options.Kratos.isSet() {
		uses = append(uses,
			use{"Ory Kratos", p.KratosPublic}, use{"Ory Kratos's admin API", p.KratosAdmin},
			use{"The mail catcher", p.MailSMTP}, use{"The mail catcher's page", p.MailPage})
	}
	if !s.options.Keto.isSet() {
		uses = append(uses,
			use{"Ory Keto", p.KetoRead}, use{"Ory Keto's write API", p.KetoWrite},
			use{"Ory Keto's metrics", p.KetoMetrics}, use{"Ory Keto's syntax API", p.KetoLanguage})
	}
	for _, u := range uses {
		if !isFree(u.port) {
			return fmt.Errorf("%s cannot start: port %d on 127.0.0.1 is in use; is `make run` already running?", u.service, u.port)
		}
	}
	return nil
}
