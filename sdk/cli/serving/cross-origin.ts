import type { IncomingHttpHeaders } from 'node:http';

/**
 * What lets a page of `origin` read an answer; undefined where no page of it may ask. '*' among `allowed` lets every page.
 * Protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function crossOriginHeaders(
  origin: string,
  allowed: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const exposed = { 'access-control-expose-headers': 'retry-after' };
  if (allowed.includes('*')) return { 'access-control-allow-origin': '*', ...exposed };
  if (!allowed.includes(origin)) return undefined;
  return { 'access-control-allow-origin': origin, vary: 'origin', ...exposed };
}

/** What a browser hears that asks before it sends. Whatever headers it names may come: clients have many of their own. */
export function preflight(headers: IncomingHttpHeaders): Response {
  const asked = headers['access-control-request-headers'];
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST',
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
      'access-control-max-age': '600',
    },
  });
}
