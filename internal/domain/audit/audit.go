// Package audit says which kinds of events are in the audit log, and what they are called there. An entry is a view of an event: it
// stores nothing of it.
package audit

// Action says what somebody did. Its values are those of the API.
type Action string

// The actions.
const (
	RoleGranted        Action = "ROLE_GRANTED"
	RoleRevoked        Action = "ROLE_REVOKED"
	CatChanged         Action = "CAT_CHANGED"
	CatRemoved         Action = "CAT_REMOVED"
	FosteringCancelled Action = "FOSTERING_CANCELLED"
	FosteringCompleted Action = "FOSTERING_COMPLETED"
	MembersSearched    Action = "MEMBERS_SEARCHED"
	MemberSuspended    Action = "MEMBER_SUSPENDED"
	MemberReinstated   Action = "MEMBER_REINSTATED"
	AccountDeleted     Action = "ACCOUNT_DELETED"
	ReportResolved     Action = "REPORT_RESOLVED"
	MemberWarned       Action = "MEMBER_WARNED"
	ContentRemoved     Action = "CONTENT_REMOVED"
	OperatorCommand    Action = "OPERATOR_COMMAND"
)

// The kinds of events of which nobody hears.
const (
	EventChange    = "change"        // an admin changes somebody's cat
	EventSearch    = "findMembers"   // a moderator searches for members; the data has by what, as DataDetail
	EventSuspend   = "suspend"       // a member is suspended; the data has until when, as DataDetail
	EventReinstate = "reinstate"     // a suspension is ended
	EventDelete    = "deleteAccount" // a member deletes the account, or it has vanished
	EventCommand   = "command"       // an operator runs a command; the data has its name, as DataDetail
)

// DataDetail is where an event has what else is known, unless it is the role, as DataRole.
const (
	DataDetail = "detail"
	DataRole   = "role"
)

// By what moderators search for members: what they search for is in no log.
const (
	ByName    = "name"
	ByAddress = "address"
)

// Of returns the action of a kind of event, which is empty for those that are never in the log.
func Of(event string) Action { return actions()[event] }

// actions returns the table. Kinds of other packages are repeated here: they are in rows, and never change.
func actions() map[string]Action {
	return map[string]Action{
		"grant":        RoleGranted,
		"revoke":       RoleRevoked,
		EventChange:    CatChanged,
		"remove":       CatRemoved,
		"cancel":       FosteringCancelled,
		"complete":     FosteringCompleted,
		EventSearch:    MembersSearched,
		EventSuspend:   MemberSuspended,
		EventReinstate: MemberReinstated,
		EventDelete:    AccountDeleted,
		"resolve":      ReportResolved,
		"warn":         MemberWarned,
		"takeDown":     ContentRemoved,
		EventCommand:   OperatorCommand,
	}
}

// Detail returns what else is known about an event: the role that was granted or revoked, until when a member is suspended, by
// what members were searched, or the command.
func Detail(data map[string]string) *string {
	for _, name := range []string{DataRole, DataDetail} {
		if text, ok := data[name]; ok {
			return &text
		}
	}
	return nil
}
