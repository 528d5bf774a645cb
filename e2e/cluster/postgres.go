package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq" // Registers the driver postgres.

	"github.com/catfoster/catfoster/infra/local"
)

// nodes is how many Postgres there are: a primary and two standbys.
const nodes = 3

// synchronous makes a commit wait until one of the standbys has it on its disk. No node follows itself, so all have the same list.
const synchronous = "ANY 1 (postgres_0, postgres_1, postgres_2)"

// pingEvery is how often the operator's tool tries the primary. Two failures in a row mean that it is dead.
const pingEvery = time.Second

// node is one Postgres.
type node struct {
	name  string
	stack *local.Stack
	db    *sql.DB // as a superuser, not by a link
	// life counts how often it was made anew.
	life int
}

// postgres are a primary and its standbys, and the operator's tool that looks after them, as Patroni and CloudNativePG do.
type postgres struct {
	options local.Options // Dir is that of all nodes
	nodes   [nodes]*node
	primary int
	// servers are the links of each API server to each node. services is that of Kratos and Keto, which follows the primary.
	servers  [][]*link
	services *link
}

// start starts the primary alone.
func (p *postgres) start(ctx context.Context) error {
	for i := range p.nodes {
		p.nodes[i] = &node{name: fmt.Sprintf("postgres_%d", i)}
	}
	if err := p.startNode(ctx, 0); err != nil {
		return err
	}
	return p.exec(ctx, 0,
		`ALTER ROLE CURRENT_USER SET synchronous_commit = on`, // A disposable Postgres has it off.
		`ALTER SYSTEM SET wal_keep_size = '1GB'`,
		`SELECT pg_reload_conf()`)
}

// startStandbys makes the other nodes follow the primary.
func (p *postgres) startStandbys(ctx context.Context) error {
	for i := range p.nodes {
		if i != p.primary {
			if err := p.follow(ctx, i); err != nil {
				return err
			}
		}
	}
	return p.exec(ctx, p.primary, `ALTER SYSTEM SET synchronous_standby_names = '`+synchronous+`'`, `SELECT pg_reload_conf()`)
}

// stop stops all nodes.
func (p *postgres) stop() error {
	var errs []error
	for _, n := range p.nodes {
		if n != nil && n.stack != nil {
			errs = append(errs, n.db.Close(), n.stack.Stop())
		}
	}
	return errors.Join(errs...)
}

func (p *postgres) dir(i int) string {
	return filepath.Join(p.options.Dir, fmt.Sprintf("%s.%d", p.nodes[i].name, p.nodes[i].life))
}

// startNode starts the Postgres whose data are in the node's directory, and makes all links to the node lead to it.
func (p *postgres) startNode(ctx context.Context, i int) error {
	options := p.options
	options.Dir = p.dir(i)
	stack, err := local.StartPostgres(ctx, options)
	if err != nil {
		return fmt.Errorf("start %s: %w", p.nodes[i].name, err)
	}
	db, err := sql.Open("postgres", stack.PostgresURL)
	if err != nil {
		return errors.Join(err, stack.Stop())
	}
	p.nodes[i].stack, p.nodes[i].db = stack, db
	p.lead(i, address(stack.PostgresURL))
	return nil
}

// lead makes the links to a node lead to an address, or nowhere.
func (p *postgres) lead(i int, address string) {
	for _, links := range p.servers {
		links[i].follow(address)
	}
	if i == p.primary {
		p.services.follow(address)
	}
}

// follow makes a node anew as a standby of the primary.
func (p *postgres) follow(ctx context.Context, i int) error {
	n := p.nodes[i]
	n.life++
	if err := p.nodes[p.primary].stack.CopyStandby(ctx, p.dir(i), n.name); err != nil {
		return err
	}
	if err := p.startNode(ctx, i); err != nil {
		return err
	}
	return await(ctx, n.name+" to follow the primary", time.Minute, func(ctx context.Context) bool {
		var follows bool
		err := p.nodes[p.primary].db.QueryRowContext(ctx,
			`SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming')`, n.name).Scan(&follows)
		return err == nil && follows
	})
}

// kill ends the primary as a crash does, and returns which node it was.
func (p *postgres) kill() (dead int, err error) {
	dead = p.primary
	return dead, p.nodes[dead].stack.Signal("Postgres", syscall.SIGKILL)
}

// failOver does what the operator's tool does about a dead primary: it notices, fences it off, promotes the standby that has most of
// the log, and makes the other one follow that. What was acknowledged is on one of the two at least.
func (p *postgres) failOver(ctx context.Context) error {
	dead := p.primary
	for failures := 0; failures < 2; {
		limited, cancel := context.WithTimeout(ctx, pingEvery)
		if err := p.nodes[dead].db.PingContext(limited); err != nil {
			failures++
		} else {
			failures = 0
		}
		<-limited.Done()
		cancel()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	p.lead(dead, "")
	best, most := -1, int64(-1)
	for i, n := range p.nodes {
		if i == dead {
			continue
		}
		var has int64
		if err := n.db.QueryRowContext(ctx, `SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')::bigint`).Scan(&has); err != nil {
			return fmt.Errorf("ask %s how much of the log it has: %w", n.name, err)
		}
		if has > most {
			best, most = i, has
		}
	}
	if err := p.exec(ctx, best, `SELECT pg_promote()`); err != nil {
		return err
	}
	p.primary = best
	p.services.follow(address(p.nodes[best].stack.PostgresURL))
	follows, err := local.PrimaryConninfo(p.nodes[best].stack.PostgresURL, p.nodes[nodes-dead-best].name)
	if err != nil {
		return err
	}
	return p.exec(ctx, nodes-dead-best, // The sum of the three numbers is 3.
		`ALTER SYSTEM SET primary_conninfo = '`+strings.ReplaceAll(follows, "'", "''")+`'`, `SELECT pg_reload_conf()`)
}

// rejoin makes a dead node a standby.
func (p *postgres) rejoin(ctx context.Context, dead int) error {
	n := p.nodes[dead]
	if err := errors.Join(n.db.Close(), n.stack.Stop(), os.RemoveAll(p.dir(dead))); err != nil {
		return err
	}
	n.stack = nil
	return p.follow(ctx, dead)
}

// pause stops all processes of a node without ending them, and returns what makes them go on.
func (p *postgres) pause(ctx context.Context, i int) (resume func(), err error) {
	n := p.nodes[i]
	var data string
	if err := n.db.QueryRowContext(ctx, `SELECT current_setting('data_directory')`).Scan(&data); err != nil {
		return nil, fmt.Errorf("pause %s: %w", n.name, err)
	}
	lock, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return nil, fmt.Errorf("pause %s: %w", n.name, err)
	}
	first, _, _ := strings.Cut(string(lock), "\n")
	rows, err := n.db.QueryContext(ctx, `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()`)
	if err != nil {
		return nil, fmt.Errorf("list the processes of %s: %w", n.name, err)
	}
	defer rows.Close()
	pid, err := strconv.Atoi(first)
	if err != nil {
		return nil, fmt.Errorf("pause %s: %w", n.name, err)
	}
	pids := []int{pid}
	for rows.Next() {
		if err := rows.Scan(&pid); err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	send := func(signal syscall.Signal) {
		for _, pid := range pids {
			if process, err := os.FindProcess(pid); err == nil {
				_ = local.Send(process, signal) // It may have ended.
			}
		}
	}
	send(syscall.SIGSTOP)
	return func() { send(syscall.SIGCONT) }, nil
}

// standby returns a node that is not the primary.
func (p *postgres) standby(choice int) int { return (p.primary + 1 + choice%(nodes-1)) % nodes }

func (p *postgres) exec(ctx context.Context, i int, statements ...string) error {
	for _, statement := range statements {
		if _, err := p.nodes[i].db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s on %s: %w", strings.SplitN(statement, "=", 2)[0], p.nodes[i].name, err)
		}
	}
	return nil
}

// address returns the host and port of a URL.
func address(of string) string {
	u, err := url.Parse(of)
	if err != nil {
		return ""
	}
	return u.Host
}

// await waits until a condition is true.
func await(ctx context.Context, what string, limit time.Duration, condition func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}
