// The payload of the webhooks about an identity that Kratos has stored: only its id. The
// webhooks ask Kratos for its current state.
function(ctx) {
  local session = std.get(ctx, 'session'),
  local methods = if std.isObject(session) then std.get(session, 'authentication_methods') else null,

  identityId: ctx.identity.id,
  // A session with more than one method existed before this login: the person only
  // confirms it.
  confirms: std.isArray(methods) && std.length(methods) > 1,
}
