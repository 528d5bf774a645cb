// The permission model of CatFoster, in the Ory Permission Language.
//
// internal/permission/keto/model.go has the same names. The language has no operator
// precedence, so every operand is in parentheses. The argument of traverse must be a
// function with a single call. Keto treats a file that it cannot parse as an empty model.
//
// isMember, isOwner and isFoster say who has a relation. What is asked for, traversed or negated is one of these and no
// relation: Keto takes a tuple that it could not read for one that does not exist, if it looks for a relation alone. Of a
// permission it says that it could not answer. So a lack of connections to its database never denies, nor grants.
import { Namespace, SubjectSet, Context } from "@ory/keto-namespace-types"

class User implements Namespace {}

// There are two groups, and their owners decide who is a member. The members of Group:admin are
// the admins, its owners are the super admins. The members of Group:moderator are the moderators
// and the members of Group:admin, who are also its owners.
class Group implements Namespace {
  related: {
    members: (User | SubjectSet<Group, "members">)[]
    owners: (User | SubjectSet<Group, "members">)[]
  }

  permits = {
    manage: (ctx: Context): boolean => this.related.owners.includes(ctx.subject),

    moderate: (ctx: Context): boolean => this.related.members.includes(ctx.subject),

    isMember: (ctx: Context): boolean => this.related.members.includes(ctx.subject),
  }
}

// The editors of every cat are the admins. The fosters of a cat are the users with an open
// fostering of it.
class CatProfile implements Namespace {
  related: {
    owners: User[]
    editors: SubjectSet<Group, "members">[]
    fosters: User[]
  }

  permits = {
    edit: (ctx: Context): boolean =>
      (this.related.owners.includes(ctx.subject)) || (this.related.editors.includes(ctx.subject)),

    foster: (ctx: Context): boolean =>
      (!(this.permits.isOwner(ctx))) && (!(this.permits.isFoster(ctx))),

    isOwner: (ctx: Context): boolean => this.related.owners.includes(ctx.subject),

    isFoster: (ctx: Context): boolean => this.related.fosters.includes(ctx.subject),
  }
}

// A fostering belongs to one cat and one user. It can be read, cancelled and ended by this user
// and by those who may edit the cat: its owner and the admins. Both sides may change its days and converse.
class Fostering implements Namespace {
  related: {
    catProfiles: CatProfile[]
    fosterUsers: User[]
  }

  permits = {
    approve: (ctx: Context): boolean =>
      this.related.catProfiles.traverse((cat) => cat.permits.isOwner(ctx)),

    reject: (ctx: Context): boolean =>
      this.related.catProfiles.traverse((cat) => cat.permits.isOwner(ctx)),

    edit: (ctx: Context): boolean => this.related.fosterUsers.includes(ctx.subject),

    cancel: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.edit(ctx))),

    end: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.edit(ctx))),

    change: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.isOwner(ctx))),

    converse: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.isOwner(ctx))),

    read: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.edit(ctx))),
  }
}
