package deployment_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// expression is a PromQL expression of the dashboard or of an alert rule.
type expression struct {
	about string
	text  string
	// labels are those that its texts for people show.
	labels []string
}

// readDashboard returns the expressions of the dashboard.
func readDashboard(t *testing.T) []expression {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "infra", "grafana", "catfoster.json"))
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			Type    string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatalf("read the dashboard: %v", err)
	}
	var expressions []expression
	ids := map[int]bool{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] {
			t.Errorf("two panels have the id %d", panel.ID)
		}
		ids[panel.ID] = true
		if panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			expressions = append(expressions, expression{
				about: "the panel " + panel.Title,
				// Grafana replaces the variable before Prometheus parses the expression.
				text:   strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"),
				labels: labelsIn(target.LegendFormat, `\{\{(\w+)\}\}`),
			})
		}
	}
	return expressions
}

// readRules returns the alert rules, which it checks as Prometheus does.
func readRules(t *testing.T, promQL parser.Parser) (all []rulefmt.Rule) {
	t.Helper()
	groups, errs := rulefmt.ParseFile(filepath.Join(root, "infra", "prometheus", "alerts.yml"), false, model.UTF8Validation, promQL, slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Errorf("alerts.yml: %v", err)
	}
	if groups == nil {
		t.FailNow()
	}
	for _, group := range groups.Groups {
		all = append(all, group.Rules...)
	}
	return all
}

// readAlerts returns the names and the expressions of the alert rules.
func readAlerts(t *testing.T, promQL parser.Parser) (names []string, expressions []expression) {
	t.Helper()
	for _, rule := range readRules(t, promQL) {
		names = append(names, rule.Alert)
		expressions = append(expressions, expression{
			about: "the alert " + rule.Alert, text: rule.Expr, labels: labelsIn(rule.Annotations["summary"], `\$labels\.(\w+)`),
		})
	}
	return names, expressions
}

func labelsIn(text, pattern string) []string {
	var labels []string
	for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		labels = append(labels, found[1])
	}
	return labels
}

// series are the labels of the metrics that a server has, by the name of the series.
type series map[string]map[string]bool

// scrape returns the metrics of a server.
func scrape(t *testing.T, url string) (series, map[string]*dto.MetricFamily) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("read the metrics: %s, %v: %s", response.Status, err, text)
	}
	decoder := expfmt.NewTextParser(model.UTF8Validation)
	families, err := decoder.TextToMetricFamilies(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	found := series{}
	for name, family := range families {
		labels := map[string]bool{"instance": true, "job": true} // Prometheus adds them.
		for _, metric := range family.Metric {
			for _, label := range metric.Label {
				labels[label.GetName()] = true
			}
		}
		found[name] = labels
		if family.GetType() == dto.MetricType_HISTOGRAM {
			found[name+"_count"], found[name+"_sum"] = labels, labels
			found[name+"_bucket"] = maps.Clone(labels)
			found[name+"_bucket"]["le"] = true
		}
	}
	return found, families
}

// check returns what is wrong with an expression: it must be PromQL, and use metrics and
// labels that exist.
func (s series) check(promQL parser.Parser, e expression) (problems []string) {
	parsed, err := promQL.ParseExpr(e.text)
	if err != nil {
		return []string{fmt.Sprintf("%v: %s", err, e.text)}
	}
	all := map[string]bool{}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		labels, exists := s[selector.Name]
		if !exists {
			problems = append(problems, "there is no metric "+selector.Name)
			return nil
		}
		maps.Copy(all, labels)
		for _, matcher := range selector.LabelMatchers {
			if matcher.Name != model.MetricNameLabel && !labels[matcher.Name] {
				problems = append(problems, selector.Name+" has no label "+matcher.Name)
			}
		}
		return nil
	})
	used := slices.Clone(e.labels)
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch node := node.(type) {
		case *parser.AggregateExpr:
			used = append(used, node.Grouping...)
		case *parser.BinaryExpr:
			if node.VectorMatching != nil {
				used = append(used, node.VectorMatching.MatchingLabels...)
			}
		}
		return nil
	})
	for _, label := range used {
		if !all[label] {
			problems = append(problems, "none of its metrics has a label "+label)
		}
	}
	return problems
}

func TestObservability_Check(t *testing.T) {
	t.Parallel()
	known := series{"requests_total": {"route": true, "instance": true}, "seconds_bucket": {"le": true}}
	promQL := parser.NewParser(parser.Options{})
	for text, want := range map[string]int{
		`sum by (route) (rate(requests_total{route="/"}[5m]))`:            0,
		`histogram_quantile(0.9, sum by (le) (rate(seconds_bucket[5m])))`: 0,
		`sum(rate(requests[5m]))`:                                         1,
		`rate(requests_total{status="500"}[5m])`:                          1,
		`sum by (status) (rate(requests_total[5m]))`:                      1,
		`requests_total and on (pod) requests_total`:                      1,
		`sum(rate(requests_total[5m])`:                                    1,
	} {
		if got := known.check(promQL, expression{text: text}); len(got) != want {
			t.Errorf("%s has the problems %q, want %d", text, got, want)
		}
	}
	if got := known.check(promQL, expression{text: "requests_total", labels: []string{"route", "pod"}}); len(got) != 1 {
		t.Errorf("a text that shows a label that does not exist has the problems %q", got)
	}
}

// TestObservability_Files reads the files without a server.
func TestObservability_Files(t *testing.T) {
	t.Parallel()
	promQL := parser.NewParser(parser.Options{})
	alerts, expressions := readAlerts(t, promQL)
	if len(alerts) < 10 || len(readDashboard(t)) < 20 {
		t.Errorf("there are %d alerts and %d expressions of the dashboard, want more", len(alerts), len(readDashboard(t)))
	}
	for _, e := range append(expressions, readDashboard(t)...) {
		if _, err := promQL.ParseExpr(e.text); err != nil {
			t.Errorf("%s: %v", e.about, err)
		}
	}
}

// checkObservability compares the dashboard, the alert rules and their documentation with the
// metrics of a running server.
func checkObservability(t *testing.T, metricsURL string) {
	t.Helper()
	found, families := scrape(t, metricsURL)
	promQL := parser.NewParser(parser.Options{})
	alerts, expressions := readAlerts(t, promQL)
	for _, e := range append(expressions, readDashboard(t)...) {
		for _, problem := range found.check(promQL, e) {
			t.Errorf("%s: %s", e.about, problem)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := regexp.MustCompile("`(catfoster_\\w+)").FindAllStringSubmatch(string(text), -1)
	for _, name := range documented {
		if found[name[1]] == nil {
			t.Errorf("docs/operations.md describes %s, which does not exist", name[1])
		}
	}
	for name := range families {
		isDescribed := slices.ContainsFunc(documented, func(d []string) bool { return d[1] == name })
		if strings.HasPrefix(name, "catfoster_") && !isDescribed {
			t.Errorf("docs/operations.md does not describe %s", name)
		}
	}
	for _, alert := range alerts {
		if !strings.Contains(string(text), "`"+alert+"`") {
			t.Errorf("docs/operations.md does not say what to do about %s", alert)
		}
	}
}
