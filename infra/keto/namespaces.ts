// The permission model of CatFoster, in the Ory Permission Language.
//
// The names here are those of internal/keto/model.go. The language has no
// operator precedence and knows only one call inside traverse: parenthesise, and
// keep to what stands here.
import { Namespace, SubjectSet, Context } from "@ory/keto-namespace-types"

class User implements Namespace {}

// Group:admin is the only group: its members are the admins, its owners the
// super admins.
class Group implements Namespace {
  related: {
    members: User[]
    owners: User[]
  }

  permits = {
    manage: (ctx: Context): boolean => this.related.owners.includes(ctx.subject),
  }
}

// Every cat has the admins among its editors. Fosters are those with an open
// fostering of the cat.
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
      (!(this.related.owners.includes(ctx.subject))) && (!(this.related.fosters.includes(ctx.subject))),
  }
}

// A fostering belongs to one cat and one person. Whoever may edit the cat, its
// owner and the admins, may read it.
class Fostering implements Namespace {
  related: {
    catProfiles: CatProfile[]
    fosterUsers: User[]
  }

  permits = {
    approve: (ctx: Context): boolean =>
      this.related.catProfiles.traverse((cat) => cat.related.owners.includes(ctx.subject)),

    reject: (ctx: Context): boolean =>
      this.related.catProfiles.traverse((cat) => cat.related.owners.includes(ctx.subject)),

    edit: (ctx: Context): boolean => this.related.fosterUsers.includes(ctx.subject),

    read: (ctx: Context): boolean =>
      (this.related.fosterUsers.includes(ctx.subject)) ||
      (this.related.catProfiles.traverse((cat) => cat.permits.edit(ctx))),
  }
}
