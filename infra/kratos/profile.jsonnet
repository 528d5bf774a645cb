// The payload of the webhook that Kratos calls before it stores a change of the profile: the
// traits as the member has sent them.
function(ctx) {
  local traits = ctx.identity.traits,

  identityId: ctx.identity.id,
  flowIssuedAt: std.get(ctx.flow, 'issued_at'),
  email: std.get(traits, 'email', ''),
  newEmail: std.get(traits, 'new_email', ''),
  name: std.get(traits, 'name', ''),
}
