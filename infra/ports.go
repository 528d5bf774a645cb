package infra

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
)

// Ports are the ports of a stack and of the API beside it.
type Ports struct {
	API, APIInternal          uint16
	Postgres                  uint16
	KratosPublic, KratosAdmin uint16
	KetoRead, KetoWrite       uint16
	KetoMetrics, KetoLanguage uint16
	MailSMTP, MailPage        uint16
}

// DefaultPorts are those of `make run`.
func DefaultPorts() Ports {
	return Ports{
		API: 8080, APIInternal: 8081,
		Postgres:     5442,
		KratosPublic: 4433, KratosAdmin: 4434,
		KetoRead: 4466, KetoWrite: 4467, KetoMetrics: 4468, KetoLanguage: 4469,
		MailSMTP: 1025, MailPage: 8025,
	}
}

// PortRange is a range of ports that belongs to one program, so that tests of
// several packages, which run at the same time, do not take each other's. It lies
// below the range from which systems take ports for outgoing connections.
type PortRange struct {
	lock *os.File

	mu    sync.Mutex
	first uint16
	taken uint16 // how many have been given out
}

const (
	lowestPort = 20000
	rangeSize  = 400
	rangeCount = 25
)

// ReservePorts takes a range that no other program has. It goes back when the
// range is released or the program ends.
func ReservePorts() (*PortRange, error) {
	for n := range uint16(rangeCount) {
		lock, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("catfoster-ports-%d.lock", n)), os.O_CREATE|os.O_RDWR, 0o666)
		if errors.Is(err, os.ErrPermission) {
			continue // Another user's.
		}
		if err != nil {
			return nil, fmt.Errorf("reserve ports: %w", err)
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			return &PortRange{lock: lock, first: lowestPort + n*rangeSize}, nil
		}
		_ = lock.Close()
	}
	return nil, errors.New("reserve ports: other programs have all of them")
}

// Release gives the range back.
func (r *PortRange) Release() error { return r.lock.Close() }

// Port is a port of the range that nobody listens on. It is given out again only
// when all others have been.
func (r *PortRange) Port() (uint16, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range rangeSize {
		port := r.first + r.taken%rangeSize
		r.taken++
		if isFree(port) {
			return port, nil
		}
	}
	return 0, errors.New("find a free port: all of the range are taken")
}

// Ports are ports for a whole stack.
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

// address of a port on loopback.
func address(port uint16) string {
	return net.JoinHostPort("127.0.0.1", strconv.FormatUint(uint64(port), 10))
}

func listen(ctx context.Context, port uint16) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", address(port))
}

// loopback is the URL of a server on loopback.
func loopback(port uint16) string {
	return "http://" + address(port)
}

// checkPorts says which service could not be started because its port is taken,
// before anything is started.
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
	if !s.options.Kratos.given() {
		uses = append(uses,
			use{"Ory Kratos", p.KratosPublic}, use{"Ory Kratos's administration", p.KratosAdmin},
			use{"The mail catcher", p.MailSMTP}, use{"The mail catcher's page", p.MailPage})
	}
	if !s.options.Keto.given() {
		uses = append(uses,
			use{"Ory Keto", p.KetoRead}, use{"Ory Keto's administration", p.KetoWrite},
			use{"Ory Keto's metrics", p.KetoMetrics}, use{"Ory Keto's language server", p.KetoLanguage})
	}
	for _, u := range uses {
		if !isFree(u.port) {
			return fmt.Errorf("%s cannot start: port %d on 127.0.0.1 is taken; is `make run` already running?", u.service, u.port)
		}
	}
	return nil
}
