/**
 * The path and query of a request target. "To allow for transition to the absolute-form for all requests in some future version of
 * HTTP, a server MUST accept the absolute-form in requests" (RFC 9112, section 3.2.2). The authority in it is not looked at: every
 * host name is ours.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
