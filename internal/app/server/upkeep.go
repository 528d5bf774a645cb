package server

import (
	"context"
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/usecase"
	"github.com/catfoster/catfoster/internal/usecase/mailer"
)

// upkeep collects what operators have to look after beside the servers: connections to Postgres, the command cleanup, and
// the mails that wait, ours and those of Kratos.
type upkeep struct {
	postgres *sql.DB // that of the health: requests do not keep it waiting
	audit    *usecase.Audit
	mailer   *mailer.Mailer
	kratos   *kratos.Admin
	health   *health

	connections, limit, cleanup, queued, oldest, mails *prometheus.Desc
}

func newUpkeep(postgres *sql.DB, app *application, health *health) *upkeep {
	role, status := []string{"role"}, []string{"status"}
	return &upkeep{
		postgres: postgres, audit: app.useCases.Audit, mailer: app.mailer, kratos: app.kratos, health: health,
		connections: prometheus.NewDesc("catfoster_postgres_connections",
			"Connections to Postgres: all, and those of roles that have a limit.", role, nil),
		limit: prometheus.NewDesc("catfoster_postgres_connections_limit",
			"How many connections Postgres accepts from all that are not superusers, and from roles that have a limit.", role, nil),
		cleanup: describe("cleanup_last_success_seconds", "Unix time of the last command cleanup that has succeeded, 0 if there was none in 30 days."),
		queued:  describe("mails_queued", "Notifications that are still to be mailed."),
		oldest:  describe("mails_oldest_seconds", "Age in seconds of the oldest notification that is still to be mailed, 0 if there is none."),
		mails: prometheus.NewDesc("catfoster_kratos_mails",
			"Mails of Kratos that are queued, or that it has given up (abandoned).", status, nil),
	}
}

// Collectors returns the metrics.
func (u *upkeep) Collectors() []prometheus.Collector { return []prometheus.Collector{u} }

// Describe implements [prometheus.Collector].
func (u *upkeep) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{u.connections, u.limit, u.cleanup, u.queued, u.oldest, u.mails} {
		descriptions <- d
	}
}

// Collect implements [prometheus.Collector]. What a service does not answer is left out.
func (u *upkeep) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	for _, part := range []struct {
		name    string
		collect func(context.Context, func(*prometheus.Desc, float64, ...string)) error
	}{
		{postgresPart, u.collectConnections},
		{postgresPart, u.collectCleanup},
		{postgresPart, u.collectQueue},
		{"kratos", u.collectMails},
	} {
		err := part.collect(ctx, func(description *prometheus.Desc, value float64, labels ...string) {
			metrics <- prometheus.MustNewConstMetric(description, prometheus.GaugeValue, value, labels...)
		})
		if err != nil {
			u.health.miss(ctx, part.name, "metrics are left out", err)
		}
	}
}

// allRoles is the label of the connections of all roles together.
const allRoles = "all"

func (u *upkeep) collectConnections(ctx context.Context, send func(*prometheus.Desc, float64, ...string)) error {
	// Every role sees who is connected, and nothing else of others.
	rows, err := u.postgres.QueryContext(ctx, `
		SELECT $1, count(*), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
		FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL
		UNION ALL
		SELECT rolname, count(pid), rolconnlimit
		FROM pg_roles JOIN pg_stat_activity ON usesysid = pg_roles.oid AND datid IS NOT NULL
		WHERE rolconnlimit > 0 GROUP BY rolname, rolconnlimit`, allRoles)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var role string
		var connections, limit float64
		if err := rows.Scan(&role, &connections, &limit); err != nil {
			return err
		}
		send(u.connections, connections, role)
		send(u.limit, limit, role)
	}
	return rows.Err()
}

// cleanupWindow bounds how much of the audit log a scrape reads if there was no cleanup.
const cleanupWindow = 30 * 24 * time.Hour

func (u *upkeep) collectCleanup(ctx context.Context, send func(*prometheus.Desc, float64, ...string)) error {
	last, err := u.audit.LastCommand(ctx, "cleanup", time.Now().Add(-cleanupWindow))
	if err != nil {
		return err
	}
	send(u.cleanup, float64(max(0, last.Unix())))
	return nil
}

// collectQueue sends nothing where nothing is mailed.
func (u *upkeep) collectQueue(ctx context.Context, send func(*prometheus.Desc, float64, ...string)) error {
	queue, err := u.mailer.Queue(ctx)
	if err != nil || queue == nil {
		return err
	}
	send(u.queued, float64(queue.Notifications))
	send(u.oldest, queue.Oldest.Seconds())
	return nil
}

func (u *upkeep) collectMails(ctx context.Context, send func(*prometheus.Desc, float64, ...string)) error {
	mails, err := u.kratos.Mails(ctx)
	if err != nil {
		return err
	}
	send(u.mails, float64(mails.Queued), "queued")
	send(u.mails, float64(mails.GivenUp), "abandoned")
	return nil
}
