package guard

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// Complexity of fields that cost more than a plain field, which counts 1.
const (
	listComplexity   = 100 // a query for a page, and perhaps a count
	nearComplexity   = 200 // a circle around a place, which may have twenty thousand towns
	lookupComplexity = 10  // a query for something of its own, or a permission check
	textComplexity   = 10  // a long text, up to 8 kB
	urlsComplexity   = 40  // a list of URLs, up to 20 kB
	kratosComplexity = 100 // a call to Kratos
	streamComplexity = 100 // a stream, whose session is asked for as long as it lasts
	writeComplexity  = 100 // a mutation: permission checks, a transaction, and tuples in Keto
)

// setComplexity sets how the fields of an answer are counted: a page counts the fields of
// one item times its size.
func setComplexity(c *generated.ComplexityRoot) {
	c.Query.CatProfiles = func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor, filter *model.CatProfileFilter, _ *model.CatProfileOrder) int {
		if filter != nil && filter.Near.Value() != nil {
			return nearComplexity + pageComplexity(child, first, last)
		}
		return pageComplexity(child, first, last)
	}
	c.Query.Fosterings = func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor, _ *model.FosteringFilter, _ *model.FosteringOrder) int {
		return pageComplexity(child, first, last)
	}
	page := func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor) int {
		return pageComplexity(child, first, last)
	}
	c.User.CatProfiles, c.User.Fosterings, c.CatProfile.Fosterings, c.User.Notifications = page, page, page, page
	c.Fostering.Messages = page
	c.Query.Admins, c.Query.Moderators, c.Query.BlockedUsers = page, page, page
	c.Query.AuditEntries = func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor, _ *uuid.UUID) int {
		return pageComplexity(child, first, last)
	}
	c.Query.ModerationQueue, c.User.ReportsAbout, c.User.ReportsBy = page, page, page
	c.ModerationCase.Reports = func(child int) int { return times(limits.MaxCaseReports, child) }
	c.Report.Photos = func(child int) int { return lookupComplexity + times(limits.MaxPhotos, child) }
	c.Query.FindMembers = func(child int, _ string, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor) int {
		return writeComplexity + pageComplexity(child, first, last) // It is written into the audit log.
	}
	c.User.References = page
	c.CatProfile.PromisedPeriods = func(child int) int { return times(limits.MaxPage, child) }
	c.Fostering.Events = func(child int) int { return times(limits.DefaultPage, child) }
	c.Query.Nodes = func(child int, ids []uuid.UUID) int { return listComplexity + times(len(ids), child) }
	c.Query.Node = func(child int, _ uuid.UUID) int { return listComplexity + child } // A query for each kind of object.
	lookupByID := func(child int, _ uuid.UUID) int { return lookupComplexity + child }
	c.Query.User, c.Query.CatProfile = lookupByID, lookupByID
	c.Query.Fostering = func(child int, _ uuid.UUID) int { return 2*lookupComplexity + child } // A permission check too.

	text := func(int) int { return textComplexity }
	c.User.Bio, c.CatProfile.Description, c.CatProfile.SpecialCareInstructions = text, text, text
	c.Fostering.Message, c.Fostering.RejectionReason, c.Fostering.EndReason = text, text, text
	c.FosteringChange.Message, c.Message.Text, c.AuditEntry.Reason, c.Suspension.Reason = text, text, text, text
	c.Reference.Text, c.Reference.PrivateNote = text, text
	c.Report.Text, c.Report.DecisionReason, c.Notification.Reason = text, text, text
	c.Report.Snapshot = func(int) int { return urlsComplexity } // Several long texts.
	c.CarePlan.Feeding, c.CarePlan.Medication, c.CarePlan.Vet, c.CarePlan.EmergencyContact, c.CarePlan.Habits = text, text, text, text, text
	c.CatProfile.CarePlan = func(child int) int { return lookupComplexity + child }
	c.Fostering.OpenChange = func(child int) int { return lookupComplexity + child }
	c.CatProfile.PhotosUrls = func(int) int { return urlsComplexity }
	c.CatProfile.Photos = func(child int) int { return lookupComplexity + times(limits.MaxPhotos, child) }
	c.User.Photo = func(child int) int { return lookupComplexity + child }

	c.Query.CatProfileFilterHints = func(child int, filter model.CatProfileFilter) int {
		return times(conditionsOf(filter), listComplexity+child) // Each of them counts the cats of a list.
	}
	c.Query.Breeds = func(int, string) int { return listComplexity }
	c.Query.Places = func(child int, _ string) int { return listComplexity + times(limits.MaxPlaces, child) }
	c.CatSearch.Suggestions = func(int) int { return listComplexity }

	c.Query.RecoveryCodesLeft = func(int) int { return kratosComplexity }

	c.Subscription.ViewerEvents = func(child int) int { return streamComplexity + child }

	lookup := func(int) int { return lookupComplexity }
	c.User.Email, c.User.ViewerHasBlocked = lookup, lookup
	c.Fostering.ViewerCanWrite, c.Fostering.DaysTaken = lookup, lookup
	c.User.UnreadNotifications, c.Fostering.UnreadMessages = lookup, lookup
	c.User.Suspension = func(child int) int { return lookupComplexity + child }
	c.User.NotificationSettings = func(child int) int { return lookupComplexity + child }
	c.Notification.Fostering = func(child int) int { return lookupComplexity + child }
	c.Fostering.ViewerCanRefer = lookup
	c.Fostering.References = func(child int) int { return lookupComplexity + times(2, child) } // One of each side.
	c.Reference.Fostering = func(child int) int { return lookupComplexity + child }
	c.ReferencesSummary.Recommends, c.ReferencesSummary.DoesNotRecommend, c.ReferencesSummary.LateCancellations = lookup, lookup, lookup
	setMutationComplexity(c)
}

// setMutationComplexity makes every mutation count as a write beside what it returns.
func setMutationComplexity(c *generated.ComplexityRoot) {
	write := func(child int) int { return writeComplexity + child }
	byID := func(child int, _ uuid.UUID) int { return write(child) }
	unchanged := func(child int, _ uuid.UUID, _ *time.Time) int { return write(child) }
	m := &c.Mutation
	m.DeleteCatProfile, m.ApproveFostering = unchanged, unchanged
	m.GrantAdmin, m.RevokeAdmin, m.GrantModerator, m.RevokeModerator, m.DeleteAccount = byID, byID, byID, byID, write
	m.BlockUser, m.UnblockUser = byID, byID
	m.UpdateProfile = func(child int, _ model.UpdateProfileInput) int { return write(child) }
	m.CreateCatProfile = func(child int, _ model.CreateCatProfileInput) int { return write(child) }
	m.UpdateCatProfile = func(child int, _ uuid.UUID, _ model.UpdateCatProfileInput, _ *time.Time) int { return write(child) }
	m.RequestFostering = func(child int, _ model.RequestFosteringInput) int { return write(child) }
	m.UpdateFostering = func(child int, _ uuid.UUID, _ model.UpdateFosteringInput, _ *time.Time) int { return write(child) }
	m.ProposeFosteringChange = func(child int, _ model.ProposeFosteringChangeInput) int { return write(child) }
	m.AcceptFosteringChange, m.WithdrawFosteringChange = byID, byID
	m.DeclineFosteringChange = func(child int, _ uuid.UUID, _ *string) int { return write(child) }
	m.MarkNotificationsRead = func(child int, _ uuid.UUID, _ *uuid.UUID) int { return write(child) }
	m.UpdateNotificationSettings = func(child int, _ model.UpdateNotificationSettingsInput) int { return write(child) }
	m.UpdateCarePlan = func(child int, _ uuid.UUID, _ model.CarePlanInput) int { return write(child) }
	m.SuspendUser = func(child int, _ model.SuspendUserInput) int { return write(child) }
	m.ReinstateUser = byID
	m.ReportContent = func(child int, _ model.ReportContentInput) int { return write(child) }
	m.ResolveReport = func(child int, _ model.ResolveReportInput) int { return write(child) }
	m.UpdatePhoto = func(child int, _ uuid.UUID, _ *string) int { return write(child) }
	m.SendMessage = func(child int, _ model.SendMessageInput) int { return write(child) }
	m.WriteReference = func(child int, _ model.WriteReferenceInput) int { return write(child) }
	withReason := func(child int, _ uuid.UUID, _ *string, _ *time.Time) int { return write(child) }
	m.RejectFostering, m.CancelFostering, m.CompleteFostering = withReason, withReason, withReason
}

// conditionsOf returns how many conditions a filter has.
func conditionsOf(filter model.CatProfileFilter) (n int) {
	fields := reflect.ValueOf(filter)
	for i := range fields.NumField() {
		if field, ok := fields.Field(i).Interface().(interface{ IsSet() bool }); ok && field.IsSet() {
			n++
		}
	}
	return n
}

// pageComplexity counts a page. Sizes that are out of range are refused by the resolver.
func pageComplexity(child int, first, last *int) int {
	page, problems := objects.NewPage(first, nil, last, nil)
	if len(problems) > 0 {
		return listComplexity
	}
	return listComplexity + times(page.Size(), child)
}

// times multiplies the complexity of an item. What exceeds the limit stays close to it: the
// product of ten nested pages has no room in an int, and would begin again at small numbers.
func times(n, child int) int { return n * min(child, bounds.ComplexityOfOperation+1) }
