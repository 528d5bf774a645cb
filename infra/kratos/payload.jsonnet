// What Kratos tells our webhooks: only what they need. Never the whole context:
// it holds the visitor's cookies and headers.
function(ctx) {
  local traits = ctx.identity.traits,
  flowId: ctx.flow.id,
  identity: {
    traits: {
      email: std.get(traits, 'email', ''),
      name: std.get(traits, 'name', ''),
    },
  },
}
