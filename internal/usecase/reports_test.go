package usecase

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/report"
)

// reportOf is a report of something, of a reason that needs no text.
func reportOf(reporter uuid.UUID, kind report.Kind, id uuid.UUID) NewReport {
	return NewReport{Reporter: reporter, Kind: kind, SubjectID: id, Reason: report.Spam}
}

// TestReports_Snapshot keeps what is reported as it was.
func TestReports_Snapshot(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, reporter := g.user(t), g.user(t)
	cat := g.cat(t, owner)
	photo := g.upload(t, owner)
	g.attach(t, owner, cat, photo)
	asked := g.request(t, owner, g.cat(t, reporter), 1, 2)
	message, err := g.fosterings.Send(t.Context(), NewMessage{Author: owner, FosteringID: asked.ID, Text: "Send me money."})
	if err != nil {
		t.Fatal(err)
	}
	row := g.db.Client.CatProfile.GetX(t.Context(), cat)
	for name, test := range map[string]struct {
		kind   report.Kind
		id     uuid.UUID
		parts  []report.Part
		photos []uuid.UUID
	}{
		"cat":     {report.Cat, cat, []report.Part{{Field: "name", Value: row.Name}, {Field: "description", Value: row.Description}}, []uuid.UUID{photo}},
		"message": {report.Message, message.ID, []report.Part{{Field: "text", Value: "Send me money."}}, []uuid.UUID{}},
		"photo":   {report.Photo, photo, []report.Part{}, []uuid.UUID{photo}},
		"member":  {report.Member, owner, []report.Part{{Field: "name", Value: g.db.Client.User.GetX(t.Context(), owner).Name}}, []uuid.UUID{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := NewReports(g.suspensions, quota)
			made, err := reports.Report(t.Context(), reportOf(g.user(t), test.kind, test.id))
			if err != nil {
				t.Fatal(err)
			}
			got := g.db.Client.Report.GetX(t.Context(), made.ID)
			if diff := cmp.Diff(test.parts, got.Snapshot); diff != "" {
				t.Errorf("the snapshot (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.photos, got.PhotoIds); diff != "" {
				t.Errorf("the photos (-want +got):\n%s", diff)
			}
			if got.MemberID != owner {
				t.Errorf("%s answers for it, want %s", got.MemberID, owner)
			}
		})
	}
}

// TestReports_Refused has what cannot be reported.
func TestReports_Refused(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	reports := NewReports(c.suspensions, 2)
	owner, reporter := c.user(t), c.user(t)
	cat, other, third := c.cat(t, owner), c.cat(t, owner), c.cat(t, owner)
	report1 := func(n NewReport) error {
		_, err := reports.Report(t.Context(), n)
		return err
	}
	wantCode(t, "report a cat that does not exist", report1(reportOf(reporter, report.Cat, uuid.New())), apperr.NotFound)
	wantCode(t, "report one's own cat", report1(reportOf(owner, report.Cat, cat)), apperr.BadUserInput)
	wantCode(t, "report a cat", report1(reportOf(reporter, report.Cat, cat)), "")
	wantConflict(t, "report it again", report1(reportOf(reporter, report.Cat, cat)), apperr.AlreadyReported)
	wantCode(t, "report another cat", report1(reportOf(reporter, report.Cat, other)), "")
	wantConflict(t, "report one more than may be within a day", report1(reportOf(reporter, report.Cat, third)), apperr.QuotaExceeded)
	wantCode(t, "report the first cat too", report1(reportOf(c.user(t), report.Cat, cat)), "")
	c.setClock(c.now().AddDate(0, 0, 2))
	wantCode(t, "report one more on another day", report1(reportOf(reporter, report.Cat, third)), "")
}

// TestReports_KeepPhotos deletes a cat whose photo is reported: the files stay for a year.
func TestReports_KeepPhotos(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner := g.user(t)
	cat := g.cat(t, owner)
	reported, other := g.upload(t, owner), g.upload(t, owner)
	g.attach(t, owner, cat, reported)
	reports := NewReports(g.suspensions, quota)
	made, err := reports.Report(t.Context(), reportOf(g.user(t), report.Cat, cat))
	if err != nil {
		t.Fatal(err)
	}
	if err := g.cats.Delete(t.Context(), owner, cat, nil); err != nil {
		t.Fatal(err)
	}
	exists := func(id uuid.UUID) bool {
		t.Helper()
		if err := g.photos.DeleteDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := g.db.Client.Photo.Get(t.Context(), id)
		if err != nil && !ent.IsNotFound(err) {
			t.Fatal(err)
		}
		return err == nil
	}
	g.setClock(g.now().AddDate(0, 0, 2))
	if !exists(reported) || exists(other) {
		t.Error("two days after the cat was deleted, the reported photo is gone, or another one is not")
	}
	if visible, err := g.photos.Visible(t.Context(), owner, reported); err != nil || visible {
		t.Errorf("the photo of a deleted cat is visible: %t, %v", visible, err)
	}
	g.setClock(g.now().AddDate(1, 0, 0))
	if exists(reported) {
		t.Error("a year later the reported photo is still there")
	}
	if err := g.db.Client.Report.UpdateOneID(made.ID).SetDecision(report.Dismiss).SetResolvedAt(g.now()).
		Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := reports.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row := g.db.Client.Report.GetX(t.Context(), made.ID); len(row.Snapshot)+len(row.PhotoIds) > 0 {
		t.Errorf("a year after a report it keeps %v and %v", row.Snapshot, row.PhotoIds)
	}
}
