package fostering_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

func TestConversation_RequireOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	long, lately := now.AddDate(0, 0, -limits.ConversationDays), now.AddDate(0, 0, -limits.ConversationDays).Add(time.Second)
	for about, test := range map[string]struct {
		conversation fostering.Conversation
		open         bool
	}{
		"a request":                             {fostering.Conversation{Status: fostering.Pending, ChangedAt: now}, true},
		"a request that is old":                 {fostering.Conversation{Status: fostering.Pending, ChangedAt: long}, true},
		"a fostering that is old":               {fostering.Conversation{Status: fostering.Active, ChangedAt: long}, true},
		"a rejection of today":                  {fostering.Conversation{Status: fostering.Rejected, EndedAt: &now, ChangedAt: now}, true},
		"a completion of lately":                {fostering.Conversation{Status: fostering.Completed, EndedAt: &lately, ChangedAt: now}, true},
		"a completion of long ago":              {fostering.Conversation{Status: fostering.Completed, EndedAt: &long, ChangedAt: now}, false},
		"a rejection of long ago":               {fostering.Conversation{Status: fostering.Rejected, EndedAt: &long, ChangedAt: now}, false},
		"an end that is not known, of lately":   {fostering.Conversation{Status: fostering.Cancelled, ChangedAt: lately}, true},
		"an end that is not known, of long ago": {fostering.Conversation{Status: fostering.Expired, ChangedAt: long}, false},
		"a status that is not known, of lately": {fostering.Conversation{Status: "PAUSED", ChangedAt: lately}, true},
		"somebody gone in an open fostering":    {fostering.Conversation{Status: fostering.Active, ChangedAt: now, Gone: true}, false},
		"somebody gone after a rejection":       {fostering.Conversation{Status: fostering.Rejected, EndedAt: &now, ChangedAt: now, Gone: true}, false},
	} {
		err := test.conversation.RequireOpen(now)
		if test.open && err != nil || !test.open && apperr.ReasonOf(err) != apperr.ConversationClosed {
			t.Errorf("the conversation about %s: %v, want it open: %t", about, err, test.open)
		}
	}
}
