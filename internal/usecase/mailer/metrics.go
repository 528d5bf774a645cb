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
	mails          *prometheus.CounterVec
	queued, oldest *prometheus.Desc
}

func newMetrics() metrics {
	m := metrics{
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_mails_total",
			Help: "Mails about notifications, by what has become of an attempt: sent, dropped because they were not needed any more, refused for good, or unavailable and sent again later.",
		}, []string{"result"}),
		queued: prometheus.NewDesc("catfoster_mails_queued", "Notifications that are still to be mailed.", nil, nil),
		oldest: prometheus.NewDesc("catfoster_mails_oldest_seconds",
			"Age in seconds of the oldest notification that is still to be mailed, 0 if there is none.", nil, nil),
	}
	for _, result := range []string{delivered, dropped, refused, unavailable} {
		m.mails.WithLabelValues(result)
	}
	return m
}

func (m metrics) count(result string) { m.mails.WithLabelValues(result).Inc() }

// Collectors returns the metrics of the mailer.
func (m *Mailer) Collectors() []prometheus.Collector {
	return []prometheus.Collector{m.metrics.mails, m}
}

// Describe implements [prometheus.Collector].
func (m *Mailer) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- m.metrics.queued
	descriptions <- m.metrics.oldest
}

// scrapeTimeout bounds the query of a scrape.
const scrapeTimeout = 5 * time.Second

// Collect implements [prometheus.Collector]. What waits is left out when the database cannot be reached, and where nothing is
// mailed.
func (m *Mailer) Collect(metrics chan<- prometheus.Metric) {
	if m.Sender == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	var waiting []struct {
		Count int
		Min   *time.Time
	}
	if err := m.DB.Notification.Query().Where(entnotification.MailOpen(true)).
		Aggregate(ent.Count(), ent.Min(entnotification.FieldCreatedAt)).Scan(ctx, &waiting); err != nil {
		m.Log.WarnContext(ctx, "the mails that wait cannot be counted", "error", err)
		return
	}
	age := 0.0
	if oldest := waiting[0].Min; oldest != nil {
		age = m.Now().Sub(*oldest).Seconds()
	}
	metrics <- prometheus.MustNewConstMetric(m.metrics.queued, prometheus.GaugeValue, float64(waiting[0].Count))
	metrics <- prometheus.MustNewConstMetric(m.metrics.oldest, prometheus.GaugeValue, age)
}
