package mailer

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/ent"
	entnotification "github.com/catfoster/catfoster/ent/notification"
)

// What becomes of a mail.
const (
	delivered   = "sent"        // the mail server has taken it
	dropped     = "dropped"     // there was no reason to send it any more
	refused     = "refused"     // the mail server refuses it for good
	unavailable = "unavailable" // it is sent again later
)

// metrics counts mails.
type metrics struct {
	mails *prometheus.CounterVec
}

func newMetrics() metrics {
	m := metrics{mails: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "catfoster_mails_total",
		Help: "Mails about notifications, by what has become of an attempt: sent, dropped because they were not needed any more, refused for good, or unavailable and sent again later.",
	}, []string{"result"})}
	for _, result := range []string{delivered, dropped, refused, unavailable} {
		m.mails.WithLabelValues(result)
	}
	return m
}

func (m metrics) count(result string) { m.mails.WithLabelValues(result).Inc() }

// Collectors returns the metrics of the mailer.
func (m *Mailer) Collectors() []prometheus.Collector { return []prometheus.Collector{m.metrics.mails} }

// Queue is what waits to be mailed.
type Queue struct {
	Notifications int
	// Oldest is the age of the oldest notification, 0 if there is none.
	Oldest time.Duration
}

// Queue returns what waits to be mailed, or nil where nothing is mailed.
func (m *Mailer) Queue(ctx context.Context) (*Queue, error) {
	if m.Sender == nil {
		return nil, nil
	}
	var waiting []struct {
		Count int
		Min   *time.Time
	}
	if err := m.DB.Notification.Query().Where(entnotification.MailOpen(true)).
		Aggregate(ent.Count(), ent.Min(entnotification.FieldCreatedAt)).Scan(ctx, &waiting); err != nil {
		return nil, err
	}
	queue := Queue{Notifications: waiting[0].Count}
	if oldest := waiting[0].Min; oldest != nil {
		queue.Oldest = m.Now().Sub(*oldest)
	}
	return &queue, nil
}
