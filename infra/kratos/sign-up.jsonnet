// The payload of the webhook that Kratos calls before it stores an identity. It must not
// be the whole context, which includes the visitor's cookies and headers.
function(ctx) {
  local traits = ctx.identity.traits,

  flowId: ctx.flow.id,
  email: std.get(traits, 'email', ''),
  name: std.get(traits, 'name', ''),
}
