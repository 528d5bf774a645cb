// The payload of the webhook that Kratos calls after a code has verified an address. The addresses say
// which one that was: Kratos has read them right before. If there is a new address, the code may be
// that of a change, which counts in a session of the member who asked for it: browsers send a cookie,
// native apps a session_token in the transient_payload.
function(ctx) {
  local text(fields, name) =
    local value = if std.isObject(fields) then std.get(fields, name);
    if std.isString(value) then value else '',
  local isChange = std.objectHas(ctx.identity.traits, 'new_email'),

  identityId: ctx.identity.id,
  addresses: [
    { value: address.value, verified: address.verified, verified_at: std.get(address, 'verified_at') }
    for address in std.get(ctx.identity, 'verifiable_addresses', [])
  ],
  sessionCookie: if isChange then text(std.get(ctx, 'request_cookies'), '##kratos_session_cookie_name##') else '',
  sessionToken: if isChange then text(std.get(ctx.flow, 'transient_payload'), 'session_token') else '',
}
