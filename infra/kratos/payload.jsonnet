// What Kratos tells our webhooks: only what they need. Never the whole context:
// it holds the visitor's cookies and headers.
local objectOr(value) = if std.isObject(value) then value else {};
local listOr(value) = if std.isArray(value) then value else [];

function(ctx) {
  local identity = ctx.identity,
  local traits = objectOr(identity.traits),
  local metadata = objectOr(std.get(identity, 'metadata_public')),
  local session = objectOr(std.get(ctx, 'session')),

  flowId: ctx.flow.id,
  identity: {
    id: identity.id,
    state: std.get(identity, 'state', ''),
    userId: std.toString(std.get(metadata, 'id', '')),
    traits: {
      email: std.get(traits, 'email', ''),
      name: std.get(traits, 'name', ''),
    },
    verified: [address.verified for address in listOr(std.get(identity, 'verifiable_addresses'))],
  },
  // A session that has been confirmed before this login belongs to somebody who is
  // logged in already.
  loggedIn: std.length(listOr(std.get(session, 'authentication_methods'))) > 1,
}
