// What Kratos tells our webhook before it stores an identity: only what it needs.
// Never the whole context, which holds the visitor's cookies and headers.
function(ctx) {
  local traits = ctx.identity.traits,

  flowId: ctx.flow.id,
  email: std.get(traits, 'email', ''),
  name: std.get(traits, 'name', ''),
}
