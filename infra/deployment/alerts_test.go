package deployment_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
)

// alertCase has series, with a value each minute, for which an alert fires and for which it does not. The notation is that of
// promtool: 0+1x60 begins with 0 and adds 1 sixty times.
type alertCase struct {
	alert         string
	fires, silent string
	after         time.Duration
}

func alertCases() []alertCase {
	const hour = time.Hour
	return []alertCase{
		{
			"CatFosterAbsent", `up 1x60`, `catfoster_service_ready{service="keto"} 0x60`, hour,
		},
		{
			"CatFosterNotReady",
			`catfoster_service_ready{instance="a",service="kratos"} 1x57 0x3`,
			`catfoster_service_ready{instance="a",service="kratos"} 1x59 0`, hour,
		},
		{
			"CatFosterErrors",
			`catfoster_graphql_operations_total{code="ok"} 0+97x60
			catfoster_graphql_operations_total{code="UNAVAILABLE"} 0+3x60`,
			`catfoster_graphql_operations_total{code="ok"} 0+99x60
			catfoster_graphql_operations_total{code="UNAVAILABLE"} 0+1x60`, hour,
		},
		{
			"CatFosterInternalErrors",
			`catfoster_graphql_operations_total{code="INTERNAL_SERVER_ERROR",operation="Cats"} 0x50 1x10`,
			`catfoster_graphql_operations_total{code="INTERNAL_SERVER_ERROR",operation="Cats"} 0x10 1x50`, hour,
		},
		{
			"CatFosterHTTPErrors",
			`catfoster_http_requests_total{route="/photos",status="200"} 0+94x60
			catfoster_http_requests_total{route="/photos",status="503"} 0+6x60`,
			`catfoster_http_requests_total{route="/photos",status="200"} 0+96x60
			catfoster_http_requests_total{route="/photos",status="503"} 0+4x60
			catfoster_http_requests_total{route="/health/ready",status="503"} 0+60x60`, hour,
		},
		{
			"CatFosterSlow",
			`catfoster_graphql_operation_duration_seconds_bucket{le="1"} 0+98x60
			catfoster_graphql_operation_duration_seconds_bucket{le="+Inf"} 0+100x60
			catfoster_graphql_operation_duration_seconds_bucket{le="2.5"} 0+100x60`,
			`catfoster_graphql_operation_duration_seconds_bucket{le="1"} 0+100x60
			catfoster_graphql_operation_duration_seconds_bucket{le="+Inf"} 0+100x60`, hour,
		},
		{
			"CatFosterWebhooksRefused",
			`catfoster_webhooks_total{hook="login",result="wrong_key"} 0x55 1x5`,
			`catfoster_webhooks_total{hook="login",result="rejected"} 0+1x60
			catfoster_webhooks_total{hook="login",result="wrong_key"} 0x60`, hour,
		},
		{
			"CatFosterWebhooksFail",
			`catfoster_webhooks_total{hook="login",result="ok"} 0+90x60
			catfoster_webhooks_total{hook="login",result="failed"} 0+10x60`,
			`catfoster_webhooks_total{hook="login",result="ok"} 0+96x60
			catfoster_webhooks_total{hook="login",result="failed"} 0+4x60`, hour,
		},
		{
			"CatFosterKratosMailsStuck",
			`catfoster_kratos_mails{status="queued"} 0x44 1x16`,
			`catfoster_kratos_mails{status="queued"} 1x44 0 1x15
			catfoster_kratos_mails{status="abandoned"} 3x60`, hour,
		},
		{
			"CatFosterKratosMailsGivenUp",
			`catfoster_kratos_mails{status="abandoned"} 3x55 4x5`,
			`catfoster_kratos_mails{status="abandoned"} 3x55 1x5`, hour,
		},
		{
			"CatFosterOutboxOld", `catfoster_outbox_oldest_seconds 0x50 301x10`, `catfoster_outbox_oldest_seconds 300x60`, hour,
		},
		{
			"CatFosterMailsOld", `catfoster_mails_oldest_seconds 0x50 7201x10`, `catfoster_mails_oldest_seconds 7200x60`, hour,
		},
		{
			"CatFosterMailsFail",
			`catfoster_mails_total{result="unavailable"} 0+1x60
			catfoster_mails_total{result="sent"} 5x60`,
			`catfoster_mails_total{result="unavailable"} 0+1x60
			catfoster_mails_total{result="sent"} 5x50 6x10`, hour,
		},
		{
			"CatFosterStreamsFull",
			`catfoster_live_streams{instance="a"} 1801x60
			catfoster_live_streams_limit{instance="a"} 2000x60`,
			`catfoster_live_streams{instance="a"} 1800x60
			catfoster_live_streams_limit{instance="a"} 2000x60`, hour,
		},
		{
			"CatFosterLiveSlow",
			`catfoster_live_latency_seconds_bucket{le="1"} 0+40x60
			catfoster_live_latency_seconds_bucket{le="2.5"} 0+100x60
			catfoster_live_latency_seconds_bucket{le="+Inf"} 0+100x60`,
			`catfoster_live_latency_seconds_bucket{le="1"} 0+60x60
			catfoster_live_latency_seconds_bucket{le="+Inf"} 0+100x60`, hour,
		},
		{
			"CatFosterOutboxFailing", `catfoster_outbox_failing_entries 0x49 1x11`, `catfoster_outbox_failing_entries 0x51 1x9`, hour,
		},
		{
			"CatFosterPassesFail",
			`catfoster_passes_total{pass="delete photos",result="ok"} 9x60
			catfoster_passes_total{pass="delete photos",result="failed"} 0x50 1+1x10`,
			`catfoster_passes_total{pass="delete photos",result="ok"} 0+1x60
			catfoster_passes_total{pass="delete photos",result="failed"} 0+1x60`, hour,
		},
		{
			"CatFosterCleanupMissing",
			`catfoster_cleanup_last_success_seconds 0x3000`,
			`catfoster_cleanup_last_success_seconds 0x1450 87000x1550`, 50 * hour,
		},
		{
			"CatFosterCircuitBreakerOpen",
			`catfoster_circuit_breakers_open{instance="a"} 0x58 1x2`,
			`catfoster_circuit_breakers_open{instance="a"} 0x57 1 0 1`, hour,
		},
		{
			"CatFosterCallsFail",
			`catfoster_calls_total{service="keto",status="200"} 0+90x60
			catfoster_calls_total{service="keto",status="unavailable"} 0+10x60`,
			`catfoster_calls_total{service="keto",status="200"} 0+86x60
			catfoster_calls_total{service="keto",status="404"} 0+10x60
			catfoster_calls_total{service="keto",status="unavailable"} 0+4x60`, hour,
		},
		{
			"CatFosterDenialsNotReady",
			`catfoster_permission_checks_total{result="not_ready"} 0+1x60`,
			`catfoster_permission_checks_total{result="denied"} 0+1x60`, hour,
		},
		{
			"CatFosterPostgresConnections",
			`catfoster_postgres_connections{role="catfoster_kratos"} 19x60
			catfoster_postgres_connections_limit{role="catfoster_kratos"} 20x60`,
			`catfoster_postgres_connections{role="catfoster_kratos"} 18x60
			catfoster_postgres_connections_limit{role="catfoster_kratos"} 20x60`, hour,
		},
		{
			"CatFosterPoolExhausted",
			`go_sql_in_use_connections{instance="a",db_name="catfoster"} 25x60
			go_sql_max_open_connections{instance="a",db_name="catfoster"} 25x60
			go_sql_wait_duration_seconds_total{instance="a",db_name="catfoster"} 0+60x60`,
			`go_sql_in_use_connections{instance="a",db_name="catfoster"} 25x60
			go_sql_max_open_connections{instance="a",db_name="catfoster"} 25x60
			go_sql_wait_duration_seconds_total{instance="a",db_name="catfoster"} 0+27x60`, hour,
		},
		{
			"CatFosterRateLimited",
			`catfoster_rate_limit_refusals_total{caller="network",limit="points"} 0+360x60`,
			`catfoster_rate_limit_refusals_total{caller="network",limit="points"} 0+240x60`, hour,
		},
		{
			"CatFosterSessionCacheUseless",
			`catfoster_session_cache_hits_total 0+100x60
			catfoster_session_cache_misses_total 0+1500x60`,
			`catfoster_session_cache_hits_total 0+100x60
			catfoster_session_cache_misses_total 0+900x60`, hour,
		},
	}
}

// TestAlerts_Fire evaluates every alert with Prometheus's own engine, each minute, over series for which it fires and over
// series for which it does not.
func TestAlerts_Fire(t *testing.T) {
	t.Parallel()
	var tested []string
	for _, test := range alertCases() {
		tested = append(tested, test.alert)
		fired := evaluate(t, test.alert, test.fires, test.after)
		if len(fired) != 1 {
			t.Errorf("%s fires %d times, want once", test.alert, len(fired))
		}
		for _, alert := range fired {
			alert.Annotations.Range(func(l labels.Label) {
				if strings.Contains(l.Value, "<error") || strings.Contains(l.Value, "<no value>") || strings.Contains(l.Value, "{{") {
					t.Errorf("%s: its %s is %q", test.alert, l.Name, l.Value)
				}
			})
		}
		if fired := evaluate(t, test.alert, test.silent, test.after); len(fired) > 0 {
			t.Errorf("%s fires over series with which nothing is wrong: %v", test.alert, fired[0].Annotations)
		}
	}
	names, _ := readAlerts(t, parser.NewParser(parser.Options{}))
	slices.Sort(names)
	slices.Sort(tested)
	if !slices.Equal(names, tested) {
		t.Errorf("the alerts are %q, and tested are %q", names, tested)
	}
}

// evaluate returns the alerts with a name that fire a time after the beginning of the series.
func evaluate(t *testing.T, name, series string, after time.Duration) (firing []*rules.Alert) {
	t.Helper()
	storage := promqltest.LoadedStorage(t, "load 1m\n\t"+series+"\n")
	engine := promqltest.NewTestEngine(t, false, 5*time.Minute, promqltest.DefaultMaxSamplesPerQuery)
	query := rules.EngineQueryFunc(engine, storage)
	manager := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: query, Context: t.Context(), Logger: slog.New(slog.DiscardHandler), Parser: parser.NewParser(parser.Options{}),
	})
	groups, errs := manager.LoadGroups(time.Minute, labels.EmptyLabels(), "", nil, false, filepath.Join(root, "infra", "prometheus", "alerts.yml"))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, group := range groups {
		for _, rule := range group.AlertingRules() {
			if rule.Name() != name {
				continue
			}
			for at := time.Duration(0); at <= after; at += time.Minute {
				if _, err := rule.Eval(t.Context(), 0, time.Unix(0, 0).Add(at), query, nil, 0); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			for _, alert := range rule.ActiveAlerts() {
				if alert.State == rules.StateFiring {
					firing = append(firing, alert)
				}
			}
		}
	}
	return firing
}

// TestAlerts_Runbooks checks that each alert leads to a heading of docs/operations.md that names it.
func TestAlerts_Runbooks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]string{} // by their anchors, as GitHub makes them
	for _, found := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(text), -1) {
		anchor := regexp.MustCompile(`[^a-z0-9_ -]`).ReplaceAllString(strings.ToLower(found[1]), "")
		headings[strings.ReplaceAll(anchor, " ", "-")] = found[1]
	}
	for _, rule := range readRules(t, parser.NewParser(parser.Options{})) {
		anchor, ok := strings.CutPrefix(rule.Annotations["runbook_url"], "https://github.com/catfoster/catfoster/blob/main/docs/operations.md#")
		if !ok || !strings.Contains(headings[anchor], "`"+rule.Alert+"`") {
			t.Errorf("the runbook of %s is %q, which is no heading about it", rule.Alert, rule.Annotations["runbook_url"])
		}
		if !slices.Contains([]string{"critical", "warning", "info"}, rule.Labels["severity"]) {
			t.Errorf("%s has the severity %q", rule.Alert, rule.Labels["severity"])
		}
	}
}
