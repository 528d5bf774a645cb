// What Kratos tells our webhooks about an identity that it has stored: which one it
// is. They ask for what has become of it.
function(ctx) {
  local session = std.get(ctx, 'session'),
  local methods = if std.isObject(session) then std.get(session, 'authentication_methods') else null,

  identityId: ctx.identity.id,
  // A session with a method from before this login belongs to somebody who is logged
  // in already and only confirms it.
  confirms: std.isArray(methods) && std.length(methods) > 1,
}
