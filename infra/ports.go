package infra

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
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

// FreePorts are ports that nobody listens on.
func FreePorts() (Ports, error) {
	var p Ports
	taken := map[uint16]bool{}
	for _, port := range []*uint16{
		&p.API, &p.APIInternal, &p.Postgres, &p.KratosPublic, &p.KratosAdmin,
		&p.KetoRead, &p.KetoWrite, &p.KetoMetrics, &p.KetoLanguage, &p.MailSMTP, &p.MailPage,
	} {
		for *port == 0 || taken[*port] {
			var err error
			if *port, err = FreePort(); err != nil {
				return Ports{}, err
			}
		}
		taken[*port] = true
	}
	return p, nil
}

// FreePort is a port that nobody listens on. It lies below the range from which
// systems take ports for outgoing connections, so that it stays free until a
// server is started on it.
func FreePort() (uint16, error) {
	const lowest, count = 20000, 10000
	for range 1000 {
		port := lowest + rand.N[uint16](count)
		if isFree(port) {
			return port, nil
		}
	}
	return 0, errors.New("find a free port: a thousand were taken")
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
