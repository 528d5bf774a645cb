// The payload of the webhook that Kratos calls before it stores an identity. It must not
// be the whole context, which includes the visitor's cookies and headers.
function(ctx) {
  local traits = ctx.identity.traits,
  local transient = std.get(ctx.flow, 'transient_payload'),
  local language = if std.isObject(transient) then std.get(transient, 'language', '') else '',

  flowId: ctx.flow.id,
  email: std.get(traits, 'email', ''),
  name: std.get(traits, 'name', ''),
  // The language of the page, for mails.
  language: if std.isString(language) then language else '',
}
