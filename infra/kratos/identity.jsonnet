// The payload of the webhooks about an identity that Kratos has stored: its id alone, and
// what Kratos does not say later. The webhooks ask Kratos for its current state.
function(ctx) {
  local session = std.get(ctx, 'session'),
  local methods = if std.isObject(session) then std.get(session, 'authentication_methods') else null,

  identityId: ctx.identity.id,
  // When the form was opened.
  flowIssuedAt: std.get(ctx.flow, 'issued_at'),
  // A session with more than one method existed before this login: the person only
  // confirms it.
  confirms: std.isArray(methods) && std.length(methods) > 1,
}
