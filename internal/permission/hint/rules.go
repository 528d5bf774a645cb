// Package hint says what a member may do by the rows of Postgres, for the fields by which pages decide what to show, such as
// CatProfile.viewerCanEdit. Keto is not asked: a page of twenty cats would take forty checks, and would show nothing while Keto is
// away. A hint allows nothing: Keto decides when the request is sent that it is about.
//
// The rules are those of infra/keto/namespaces.ts, by the same names: a type for each namespace, a field for each relation, which
// says whether the member is in it, and a method for each permission. Tuples follow from rows, so both say the same once Keto is
// in sync: TestHints_AgreeWithKeto in e2e compares them, and fails if one of them has a name that the other does not have.
package hint

// User is what a member is to a member.
type User struct{}

// Group is what a member is to a group of members.
type Group struct {
	Members, Owners bool
}

// Manage reports whether the member may decide who is in the group.
func (g Group) Manage() bool { return g.Owners }

// Moderate reports whether the member may moderate.
func (g Group) Moderate() bool { return g.Members }

// IsMember reports whether the member is in the group.
func (g Group) IsMember() bool { return g.Members }

// CatProfile is what a member is to a cat.
type CatProfile struct {
	Owners, Editors, Fosters bool
}

// Edit reports whether the member may change and delete the cat.
func (c CatProfile) Edit() bool { return c.Owners || c.Editors }

// Foster reports whether the member may ask to foster the cat.
func (c CatProfile) Foster() bool { return !c.IsOwner() && !c.IsFoster() }

// IsOwner reports whether the member is the owner of the cat.
func (c CatProfile) IsOwner() bool { return c.Owners }

// IsFoster reports whether the member has an open fostering of the cat.
func (c CatProfile) IsFoster() bool { return c.Fosters }

// Fostering is what a member is to a fostering, and to its cat.
type Fostering struct {
	CatProfiles CatProfile
	FosterUsers bool
}

// Approve reports whether the member may approve the request.
func (f Fostering) Approve() bool { return f.CatProfiles.Owners }

// Reject reports whether the member may reject the request.
func (f Fostering) Reject() bool { return f.CatProfiles.Owners }

// Edit reports whether the member may change the request.
func (f Fostering) Edit() bool { return f.FosterUsers }

// Cancel reports whether the member may call the fostering off.
func (f Fostering) Cancel() bool { return f.FosterUsers || f.CatProfiles.Edit() }

// End reports whether the member may end the fostering before its last day.
func (f Fostering) End() bool { return f.FosterUsers || f.CatProfiles.Edit() }

// Change reports whether the member may propose other days and answer a proposal.
func (f Fostering) Change() bool { return f.isSide() }

// Converse reports whether the member may write to the other side.
func (f Fostering) Converse() bool { return f.isSide() }

// Read reports whether the member may read the fostering.
func (f Fostering) Read() bool { return f.FosterUsers || f.CatProfiles.Edit() }

func (f Fostering) isSide() bool { return f.FosterUsers || f.CatProfiles.Owners }
