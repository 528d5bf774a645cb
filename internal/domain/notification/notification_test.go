package notification_test

import (
	"slices"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
)

// TestRules_Complete checks that each action of a fostering has a line, or is one that nobody hears of.
func TestRules_Complete(t *testing.T) {
	t.Parallel()
	silent := []fostering.Action{fostering.Withdraw} // What is withdrawn needs no answer.
	for _, rule := range fostering.Rules() {
		if _, heard := notification.Of(string(rule.Action)); heard == slices.Contains(silent, rule.Action) {
			t.Errorf("somebody hears of %s: %t", rule.Action, heard)
		}
	}
	kinds := map[notification.Kind]bool{}
	for _, rule := range notification.Rules() {
		if kinds[rule.Kind] || len(rule.To) == 0 {
			t.Errorf("%s has two lines, or nobody hears of it", rule.Kind)
		}
		kinds[rule.Kind] = true
	}
}
